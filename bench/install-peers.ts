/** Puts the peers that `npm run bench` compares with into .cache/peers: checkov from PyPI, tfsec as a Go module. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

const peers = join(import.meta.dirname, "../.cache/peers");
mkdirSync(peers, { recursive: true });
const steps: [string, string[], NodeJS.ProcessEnv][] = [
  ["python3", ["-m", "venv", join(peers, "venv")], {}],
  [join(peers, "venv/bin/pip"), ["install", "--quiet", "checkov==3.3.30"], {}],
  ["go", ["install", "github.com/aquasecurity/tfsec/cmd/tfsec@latest"], { GOBIN: peers }],
];
for (const [command, args, environment] of steps) {
  const { status } = spawnSync(command, args, { stdio: "inherit", env: { ...process.env, ...environment } });
  if (status !== 0) console.error(`${command} ${args.join(" ")} failed: that peer will be missing.`);
}
