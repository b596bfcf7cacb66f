import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plainNumber, type Recorded, UNKNOWN } from "./recorded.ts";
import { worldFolder } from "./world.ts";

/** Expressions of one plan. */
const BATCH = 60;

interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail?: string;
  readonly range?: { readonly filename: string };
}

/** Terraform itself, in a folder of its own that holds the world's files. */
export class Oracle {
  readonly #directory: string;

  constructor() {
    this.#directory = realpathSync(mkdtempSync(join(tmpdir(), "plumbline-expressions-")));
    cpSync(worldFolder, this.#directory, { recursive: true });
    this.#terraform(["init", "-input=false", "-no-color"]);
  }

  close(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  ask(expressions: readonly string[]): readonly Recorded[] {
    const answers: Recorded[] = [];
    for (let at = 0; at < expressions.length; at += BATCH) answers.push(...this.#askBatch(expressions.slice(at, at + BATCH)));
    for (let index = 0; index < BATCH; index++) rmSync(join(this.#directory, `o${index}.tf`), { force: true });
    return answers;
  }

  /** Terraform stops at errors, so what it refuses is taken out until a plan comes through. */
  #askBatch(expressions: readonly string[]): readonly Recorded[] {
    const errors = new Map<number, string>();
    for (let index = expressions.length; index < BATCH; index++) rmSync(join(this.#directory, `o${index}.tf`), { force: true });
    for (;;) {
      // A file each, so that what can't be read spoils no other.
      for (const [index, expression] of expressions.entries()) {
        const block = `output "o${index}" {\n  sensitive = true\n  value = {\n    v = ${expression}\n    s = issensitive(${expression})\n  }\n}\n`;
        writeFileSync(join(this.#directory, `o${index}.tf`), errors.has(index) ? "" : block);
      }
      const plan = this.#terraform(["plan", "-input=false", "-refresh=false", "-json", "-out=plan.bin"]);
      const refused = diagnosticsOf(plan).filter(({ severity }) => severity === "error");
      if (refused.length === 0) break;
      const before = errors.size;
      for (const { range, summary, detail } of refused) {
        // An infinite number has no form in a plan.
        const infinite = [...(detail?.matchAll(/output value "o(\d+)"/g) ?? [])];
        for (const [, index] of infinite) errors.set(Number(index), summary);
        if (infinite.length > 0) continue;
        const file = /^o(\d+)\.tf$/.exec(range?.filename ?? "");
        if (file === null) {
          // Terraform does not say where: halves tell.
          if (expressions.length === 1) return [{ expression: expressions[0] ?? "", error: summary }];
          const middle = expressions.length >> 1;
          return [...this.#askBatch(expressions.slice(0, middle)), ...this.#askBatch(expressions.slice(middle))];
        }
        const index = Number(file[1]);
        if (!errors.has(index)) errors.set(index, summary);
      }
      if (errors.size === before) throw new Error(`terraform: ${refused[0]?.summary ?? ""}`);
      if (errors.size >= expressions.length)
        return expressions.map((expression, index) => ({ expression, error: errors.get(index) ?? "" }));
    }
    const shown = parseExact(this.#terraform(["show", "-json", "plan.bin"]).replaceAll(this.#directory, "/world")) as {
      readonly output_changes: Readonly<Record<string, { readonly after?: unknown; readonly after_unknown: unknown }>>;
      readonly planned_values: { readonly outputs: Readonly<Record<string, { readonly type?: unknown }>> };
    };
    return expressions.map((expression, index): Recorded => {
      const error = errors.get(index);
      if (error !== undefined) return { expression, error };
      const change = shown.output_changes[`o${index}`];
      const type = shown.planned_values.outputs[`o${index}`]?.type as
        readonly [string, Readonly<Record<string, unknown>>] | undefined;
      // The moment of a plan is no answer to keep.
      if (expression.includes("plantimestamp(")) return { expression, value: UNKNOWN };
      const { v, s } = merge(change?.after, change?.after_unknown) as { readonly v: unknown; readonly s: unknown };
      return {
        expression,
        value: withoutOwnFiles(v ?? null),
        ...(type === undefined ? {} : { type: type[1].v }),
        ...(typeof s === "boolean" ? { sensitive: s } : {}),
      };
    });
  }

  #terraform(args: readonly string[]): string {
    const run = spawnSync("terraform", args, {
      cwd: this.#directory,
      encoding: "utf8",
      maxBuffer: 1 << 28,
      env: {
        ...process.env,
        TF_IN_AUTOMATION: "1",
        CHECKPOINT_DISABLE: "1",
        TF_CLI_CONFIG_FILE: "/dev/null",
        HOME: "/home/somebody",
      },
    });
    if (run.error !== undefined) throw run.error;
    return run.stdout;
  }
}

/** Whether the terraform that the recordings were made with is on this machine. */
export function hasTerraform(): boolean {
  try {
    const text = execFileSync("terraform", ["version", "-json"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return text.includes('"terraform_version": "1.11.');
  } catch {
    return false;
  }
}

function diagnosticsOf(output: string): readonly Diagnostic[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as { readonly diagnostic?: Diagnostic })
    .flatMap(({ diagnostic }) => (diagnostic === undefined ? [] : [diagnostic]));
}

/** Reads numbers from their digits. */
function parseExact(text: string): unknown {
  const revive = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === "number" && context?.source !== undefined ? plainNumber(context.source) : value;
  return JSON.parse(text, revive);
}

/** Puts unknowns where terraform says they are. */
function merge(after: unknown, hidden: unknown): unknown {
  if (hidden === true) return UNKNOWN;
  if (Array.isArray(hidden)) {
    const values = Array.isArray(after) ? (after as readonly unknown[]) : [];
    const length = Math.max(values.length, hidden.length);
    return Array.from({ length }, (_, index) => merge(values[index], (hidden as readonly unknown[])[index]));
  }
  if (typeof hidden === "object" && hidden !== null) {
    const values = typeof after === "object" && after !== null ? (after as Readonly<Record<string, unknown>>) : {};
    const names = [...new Set([...Object.keys(values), ...Object.keys(hidden)])];
    return Object.fromEntries(
      names.map((name) => [name, merge(values[name], (hidden as Readonly<Record<string, unknown>>)[name])]),
    );
  }
  return after;
}

/** Without the names of what the oracle itself puts into the folder. */
function withoutOwnFiles(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.filter((item) => typeof item !== "string" || !OWN_FILE.test(item));
}

const OWN_FILE = /^(?:o\d+\.tf|plan\.bin|terraform\.tfstate|\.terraform.*)$/;
