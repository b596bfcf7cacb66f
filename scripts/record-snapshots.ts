/**
 * Records what Terraform plans for the fixture layouts and modules and for the examples, and the state after it was applied with providers that only know
 * their schemas: `node scripts/record-snapshots.ts [NAME]` writes test/fixtures/snapshots/NAME.json.gz. Needs terraform and a mirror
 * of such providers (TF_CLI_CONFIG_FILE); the tests replay the records.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { type Run, readRun, runArguments } from "./record-plans.ts";

/** Texts as Terraform printed them, and what it was given. */
export interface RecordedSnapshots {
  /** Terraform files by path below the folder. */
  readonly files: Readonly<Record<string, string>>;
  /** Values of the root's variables that have none. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** How terraform was started, where that says more. */
  readonly run?: Run;
  /** `terraform show -json` of the plan. */
  readonly plan: string;
  /** `terraform show -json` after apply. */
  readonly state: string;
  /** `terraform.tfstate`. */
  readonly stateFile: string;
}

export interface SnapshotFixture {
  readonly name: string;
  readonly folder: string;
  /** Values of the root's variables that have none. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** What only a network could fetch, and what the schemas of the mirror lack: replaced in the copy that is planned. */
  readonly replace: readonly { readonly file: string; readonly text: string; readonly by: string }[];
}

const fixtures = join(import.meta.dirname, "../test/fixtures");

const variables: Readonly<Record<string, SnapshotFixture["variables"]>> = {
  "application-stack": { database_host: "db.example.internal", payment_key: "example-payment-key" },
  "landing-zone": { office_cidr: "192.0.2.0/24" },
  "three-clouds": { operators: ["198.51.100.0/24"] },
  "much-unknown": {
    sources: ["0.0.0.0/0"],
    port: 22,
    settings: { encrypted: false },
    buckets: ["a", "b"],
    enabled: true,
  },
};

/** What stands in the place of a module that was never fetched. */
const ABSENT = Object.entries({
  bucket: "example-one",
  database: "example",
  name: "example",
  prefix: "example",
  runtime: "python3.12",
})
  .map(([name, value]) => `output "${name}" {\n  value = "${value}"\n}\n`)
  .join("\n");

const replacements: Readonly<Record<string, SnapshotFixture["replace"]>> = {
  "much-unknown": [
    { file: "main.tf", text: '  source  = "example/naming/aws"\n  version = "1.2.3"\n', by: '  source = "./absent"\n' },
    { file: "absent/main.tf", text: "", by: ABSENT },
  ],
  "tiered-network": [{ file: "modules/firewall/main.tf", text: "      description = rule.key\n", by: "" }],
};

export function snapshotFixtures(): readonly SnapshotFixture[] {
  return ["layouts", "modules", "../../examples"].flatMap((kind) =>
    foldersIn(join(fixtures, kind)).map((folder) => ({
      name: basename(folder),
      folder,
      variables: variables[basename(folder)] ?? {},
      replace: replacements[basename(folder)] ?? [],
    })),
  );
}

function foldersIn(place: string): readonly string[] {
  return readdirSync(place, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(place, entry.name));
}

export function recordSnapshots({ folder, variables: values, replace }: SnapshotFixture): RecordedSnapshots {
  const copy = mkdtempSync(join(tmpdir(), "snapshots-"));
  const run = readRun(folder);
  const { environment = {}, variableFiles = [], variables: given = {} } = run;
  try {
    cpSync(folder, copy, { recursive: true });
    for (const { file, text, by } of replace) {
      const path = join(copy, file);
      mkdirSync(join(path, ".."), { recursive: true });
      const before = existsSync(path) ? readFileSync(path, "utf8") : "";
      if (!before.includes(text)) throw new Error(`${file} has no ${JSON.stringify(text)} to replace.`);
      writeFileSync(path, text === "" ? by : before.replaceAll(text, by));
    }
    const files = readdirSync(copy, { recursive: true, encoding: "utf8" })
      // A plan alone is judged by every item, so the files are too: no plumbline.yaml that chooses some.
      .filter((name) => !["plan.json", "run.json", "plumbline.yaml"].includes(name) && statSync(join(copy, name)).isFile())
      .sort();
    writeFileSync(join(copy, "zz-recorded.auto.tfvars.json"), JSON.stringify(values));
    const terraform = (...args: readonly string[]): string =>
      execFileSync("terraform", args, {
        cwd: copy,
        env: { ...process.env, ...environment },
        encoding: "utf8",
        maxBuffer: 1 << 28,
        stdio: ["ignore", "pipe", "pipe"],
      });
    terraform("init", "-input=false", "-no-color");
    terraform(
      "plan",
      "-input=false",
      "-no-color",
      "-refresh=false",
      "-out=plan.bin",
      ...runArguments({ variableFiles, variables: given }),
    );
    const plan = terraform("show", "-json", "plan.bin");
    terraform("apply", "-input=false", "-no-color", "plan.bin");
    return {
      files: Object.fromEntries(files.map((name) => [name, readFileSync(join(copy, name), "utf8")])),
      variables: values,
      ...(existsSync(join(folder, "run.json")) ? { run } : {}),
      plan: plan.trimEnd(),
      state: terraform("show", "-json").trimEnd(),
      stateFile: readFileSync(stateFile(copy, environment["TF_WORKSPACE"]), "utf8"),
    };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Where a local backend keeps the state. */
function stateFile(folder: string, workspace: string | undefined): string {
  if (workspace !== undefined) return join(folder, "terraform.tfstate.d", workspace, "terraform.tfstate");
  const name = readdirSync(folder).find((file) => file.endsWith(".tfstate"));
  return join(folder, name ?? "terraform.tfstate");
}

export function recordedNames(): readonly string[] {
  return readdirSync(join(fixtures, "snapshots")).map((file) => file.replace(/\.json\.gz$/, ""));
}

export function readSnapshots(name: string): RecordedSnapshots {
  return JSON.parse(gunzipSync(readFileSync(placeOf(name))).toString()) as RecordedSnapshots;
}

function placeOf(name: string): string {
  return join(fixtures, "snapshots", `${name}.json.gz`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  mkdirSync(join(fixtures, "snapshots"), { recursive: true });
  for (const fixture of snapshotFixtures()) {
    if (process.argv[2] !== undefined && process.argv[2] !== fixture.name) continue;
    writeFileSync(placeOf(fixture.name), gzipSync(JSON.stringify(recordSnapshots(fixture)), { level: 9 }));
  }
}
