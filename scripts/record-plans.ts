/**
 * Records what Terraform plans for the fixtures in test/fixtures/modules, and for the layouts that have a plan.json:
 * `node scripts/record-plans.ts [NAME]` writes it. Needs terraform and a provider mirror (TF_CLI_CONFIG_FILE); the tests replay the records. A run.json in a fixture says
 * what terraform is started with.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

/** The part of a plan that the evaluation has to meet. */
export interface RecordedPlan {
  readonly resources: Readonly<Record<string, { readonly after: unknown; readonly unknown: unknown }>>;
  readonly outputs: Readonly<Record<string, { readonly after: unknown; readonly unknown: unknown }>>;
}

/** Stands in a record for what no cloud was asked for. */
export const MADE_UP = "(made up)";

/** How terraform is started. */
export interface Run {
  readonly environment?: Readonly<Record<string, string>>;
  /** `-var-file`, then `-var`. */
  readonly variableFiles?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

/** Every fixture of modules, and the layouts that terraform plans: those that have a plan.json. */
export function plannedFixtures(): readonly string[] {
  const fixtures = join(import.meta.dirname, "../test/fixtures");
  const inside = (name: string): string[] => readdirSync(join(fixtures, name)).map((inner) => join(fixtures, name, inner));
  return [...inside("modules"), ...inside("layouts").filter((directory) => existsSync(join(directory, "plan.json")))];
}

export function readRun(directory: string): Run {
  const file = join(directory, "run.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Run) : {};
}

export function runArguments({ variableFiles = [], variables = {} }: Run): readonly string[] {
  return [
    ...variableFiles.map((file) => `-var-file=${file}`),
    ...Object.entries(variables).map(([name, value]) => `-var=${name}=${value}`),
  ];
}

interface Plan {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly mode: string;
    readonly change: { readonly after: unknown; readonly after_unknown: unknown };
  }[];
  readonly output_changes?: Readonly<Record<string, { readonly after: unknown; readonly after_unknown: unknown }>>;
}

/** Plans a copy of a directory. */
export function recordPlan(directory: string): RecordedPlan {
  const run = readRun(directory);
  const { environment = {} } = run;
  const copy = mkdtempSync(join(tmpdir(), "plan-"));
  try {
    cpSync(directory, copy, { recursive: true });
    const terraform = (...args: readonly string[]): string =>
      execFileSync("terraform", args, {
        cwd: copy,
        env: { ...process.env, ...environment },
        encoding: "utf8",
        maxBuffer: 1 << 28,
        stdio: ["ignore", "pipe", "pipe"],
      });
    terraform("init", "-input=false", "-no-color");
    terraform("plan", "-input=false", "-no-color", "-refresh=false", "-out=plan.bin", ...runArguments(run));
    // The schema-only providers number what data sources answer as it comes.
    const shown = terraform("show", "-json", "plan.bin").replaceAll(/"data\.\w+-\w+-\d+"/g, JSON.stringify(MADE_UP));
    const plan = JSON.parse(shown) as Plan;
    const resources = (plan.resource_changes ?? []).filter(({ mode }) => mode === "managed");
    const outputs = Object.entries(plan.output_changes ?? {});
    return {
      resources: Object.fromEntries(
        resources.map(({ address, change }) => [address, { after: change.after, unknown: change.after_unknown }]),
      ),
      outputs: Object.fromEntries(outputs.map(([name, change]) => [name, { after: change.after, unknown: change.after_unknown }])),
    };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const directory of plannedFixtures()) {
    if (process.argv[2] !== undefined && process.argv[2] !== basename(directory)) continue;
    writeFileSync(join(directory, "plan.json"), `${JSON.stringify(recordPlan(directory), undefined, 1)}\n`);
  }
}
