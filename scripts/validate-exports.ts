/**
 * Asks the real terraform about every instance of the sample accounts as `plumbline export` writes it: is it valid, is it formatted?
 * `TF_CLI_CONFIG_FILE=<mirror's terraform.tfrc> node scripts/validate-exports.ts`
 *
 * Writes test/fixtures/exports/<cloud>.json: what terraform refuses, by instance; the test holds what is written against it.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Cloud } from "../src/core/instances/model.ts";
import { exportsOf, type Exported } from "../test/harness/sample-accounts.ts";
import { root } from "./check-files.ts";

const run = promisify(execFile);

const providers: Readonly<Record<Cloud, { readonly name: string; readonly source: string; readonly version: string }>> = {
  aws: { name: "aws", source: "hashicorp/aws", version: "6.66.0" },
  alibaba: { name: "alicloud", source: "aliyun/alicloud", version: "1.289.0" },
  tencent: { name: "tencentcloud", source: "tencentcloudstack/tencentcloud", version: "1.83.25" },
};

/** In one root there is one block of an address. */
function batches(all: readonly Exported[]): readonly (readonly Exported[])[] {
  const made: { readonly names: Set<string>; readonly members: Exported[] }[] = [];
  for (const each of all) {
    const names = [...each.text.matchAll(/^resource ("\S+" "\S+")/gm)].map((match) => match[1] ?? "");
    let batch = made.find((other) => names.every((name) => !other.names.has(name)));
    if (batch === undefined) made.push((batch = { names: new Set(), members: [] }));
    for (const name of names) batch.names.add(name);
    batch.members.push(each);
  }
  return made.map(({ members }) => members);
}

interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail: string;
  readonly range?: { readonly filename: string };
}

for (const cloud of ["aws", "alibaba", "tencent"] as const) {
  const { name, source, version } = providers[cloud];
  const refused: Record<string, string[]> = {};
  const all = await exportsOf(cloud);
  for (const batch of batches(all)) {
    const directory = await mkdtemp(join(tmpdir(), "plumbline-exports-"));
    try {
      await mkdir(directory, { recursive: true });
      await writeFile(
        join(directory, "versions.tf"),
        `terraform {\n  required_providers {\n    ${name} = {\n      source  = "${source}"\n      version = "${version}"\n    }\n  }\n}\n`,
      );
      const files = new Map<string, Exported>();
      for (const [index, each] of batch.entries()) {
        files.set(`instance-${index}.tf`, each);
        await writeFile(join(directory, `instance-${index}.tf`), each.text);
      }
      await run("terraform", ["init", "-input=false", "-no-color"], { cwd: directory });
      const unformatted = await run("terraform", ["fmt", "-check", "-list=true"], { cwd: directory }).then(
        () => "",
        (error: unknown) => (error as { stdout: string }).stdout,
      );
      const say = (file: string, what: string): void => {
        const key = files.get(file)?.instance ?? file;
        (refused[key] ??= []).push(what);
      };
      for (const file of unformatted.split("\n").filter((line) => line !== "")) say(file, "not formatted");
      const { stdout } = await run("terraform", ["validate", "-json"], { cwd: directory, maxBuffer: 1e8 }).catch(
        (error: unknown) => error as { stdout: string },
      );
      const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly Diagnostic[] };
      for (const { severity, summary, detail, range } of diagnostics)
        if (severity === "error") say(range?.filename ?? "?", `${summary}: ${detail.split("\n")[0] ?? ""}`);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
  await mkdir(join(root, "test/fixtures/exports"), { recursive: true });
  const sorted = Object.fromEntries(Object.entries(refused).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(
    join(root, `test/fixtures/exports/${cloud}.json`),
    `${JSON.stringify({ provider: `${source} ${version}`, instances: all.length, refused: sorted }, undefined, 2)}\n`,
  );
  console.log(`${cloud}: ${all.length} instances, ${Object.keys(refused).length} refused`);
}
process.exit(0);
