import type { Outcome } from "../../src/core/checks/model.ts";
import { parseFile } from "../../src/core/hcl/parse.ts";
import type { Service } from "../../src/core/service.ts";
import { directoryOf, joinPath } from "../../src/core/text/path.ts";
import { checkAll } from "./engine.ts";
import { type Literal, literalsOf } from "./unknown-soundness.ts";

/*
 * The property of unknown-soundness.ts over whole workspaces: literals anywhere in the root or in a module become variables that are
 * handed down through all calls on the way. What every check item decides then has to hold for whatever the root gives.
 */

export interface Layout {
  readonly name: string;
  /** Files by path below the root. */
  readonly files: Readonly<Record<string, string>>;
}

interface PlacedLiteral extends Literal {
  readonly file: string;
}

type Verdicts = ReadonlyMap<string, { readonly kind: Outcome["kind"]; readonly maybe: boolean }>;

const DECIDED: ReadonlySet<string> = new Set(["pass", "fail", "notApplicable"]);

/** A layout with some of its literals unknown, against several assignments. */
export async function tryUnknownsIn(
  service: Service,
  layout: Layout,
  random: (below: number) => number,
  trials = 3,
): Promise<{ readonly decided: number; readonly wrong: readonly string[] }> {
  const literals = Object.entries(layout.files).flatMap(([file, text]): PlacedLiteral[] =>
    file.endsWith(".tf") ? literalsOf(text).map((literal) => ({ ...literal, file })) : [],
  );
  const chosen = new Set<PlacedLiteral>();
  const wanted = 1 + random(5);
  for (let tries = 0; chosen.size < wanted && tries < 20; tries++) {
    const literal = literals[random(literals.length)];
    if (literal !== undefined) chosen.add(literal);
  }
  const ordered = [...chosen];
  const files = withVariables(layout.files, ordered);
  const open = await assess(service, files);
  const decided = [...open.verdicts].filter(([, { kind }]) => DECIDED.has(kind));
  const wrong: string[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const values = ordered.map((literal) => (trial === 0 ? literal.source : otherValue(literals, literal, layout, random)));
    const lines = values.map((value, index) => `unknown_${index} = ${value}\n`).join("");
    const known = await assess(service, { ...files, "zz-given.auto.tfvars": lines });
    // Terraform refuses these values: there will be nothing to judge.
    if (known.errors > open.errors) continue;
    for (const line of changes(decided, known.verdicts)) {
      const where = ordered.map(({ file, argument, source }, index) => `  unknown_${index}: ${argument} = ${source} in ${file}`);
      wrong.push(`${layout.name}: ${line} with\n${lines}\n${where.join("\n")}`);
    }
  }
  return { decided: decided.length, wrong };
}

/** An instance that may not exist stands for each that does, whatever its key. */
function* changes(
  decided: readonly (readonly [string, { readonly kind: string; readonly maybe: boolean }])[],
  known: Verdicts,
): Generator<string> {
  const plain = (key: string): string => key.replaceAll(/\[(?:\d+|"[^"]*")\]/g, "");
  let byPlain: ReadonlyMap<string, readonly string[]> | undefined;
  for (const [key, { kind, maybe }] of decided) {
    if (!maybe) {
      const really = known.get(key)?.kind;
      if (really !== kind && (really === undefined || DECIDED.has(really)))
        yield `${key} is ${kind} while not known, and ${really ?? "gone"}`;
      continue;
    }
    byPlain ??= groupBy([...known.keys()], plain);
    for (const other of byPlain.get(plain(key)) ?? []) {
      const really = known.get(other)?.kind ?? "gone";
      if (really !== kind && DECIDED.has(really)) yield `${key} is ${kind} while not known, and ${other} is ${really}`;
    }
  }
}

function groupBy(keys: readonly string[], group: (key: string) => string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const key of keys) found.set(group(key), [...(found.get(group(key)) ?? []), key]);
  return found;
}

async function assess(
  service: Service,
  files: Readonly<Record<string, string>>,
): Promise<{ readonly verdicts: Verdicts; readonly errors: number }> {
  for (const [name, text] of Object.entries(files)) service.setFile(`/w/${name}`, { kind: "text", text });
  const report = await checkAll(service, files);
  const verdicts = new Map(
    report.results
      // Whether a value is written out is what these ask about.
      .filter(({ result }) => !result.check.assert.source.includes("literal("))
      .map(({ result }) => [
        `${result.check.id} ${result.instance.address}`,
        { kind: result.outcome.kind, maybe: result.instance.maybe !== undefined },
      ]),
  );
  for (const name of Object.keys(files)) service.removeFile(`/w/${name}`);
  return { verdicts, errors: report.problems.filter(({ severity }) => severity === "error").length };
}

/** The files with variables in the place of literals, declared and passed wherever they have to be. */
function withVariables(
  files: Readonly<Record<string, string>>,
  literals: readonly PlacedLiteral[],
): Readonly<Record<string, string>> {
  const made: Record<string, string> = { ...files };
  const declared = new Map<string, Set<number>>();
  for (const [index, { file }] of literals.entries()) {
    const directories = [directoryOf(`/${file}`)];
    for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
      const here = declared.get(directory) ?? new Set<number>();
      if (here.has(index)) continue;
      declared.set(directory, here.add(index));
      directories.push(...callersOf(files, directory));
    }
  }
  const edits = literals.map(({ file, start, end }, index) => ({ file, start, end, text: `var.unknown_${index}` }));
  for (const { file, at, target } of callsIn(files)) {
    const passed = [...(declared.get(target) ?? [])].map((index) => `\n  unknown_${index} = var.unknown_${index}\n`).join("");
    if (passed !== "") edits.push({ file, start: at, end: at, text: passed });
  }
  for (const { file, start, end, text } of edits.sort((a, b) => b.start - a.start))
    made[file] = (made[file] ?? "").slice(0, start) + text + (made[file] ?? "").slice(end);
  for (const [directory, indices] of declared) {
    const text = [...indices]
      .map((index) => `variable "unknown_${index}" {\n  type = ${literals[index]?.kind ?? "any"}\n}\n`)
      .join("");
    made[joinPath(directory, "zz-unknown.tf").slice(1)] = text;
  }
  return made;
}

function callersOf(files: Readonly<Record<string, string>>, directory: string): readonly string[] {
  return [...callsIn(files)].filter(({ target }) => target === directory).map(({ file }) => directoryOf(`/${file}`));
}

/** Calls of modules in the files: where an argument can be added, and the directory that is called. */
function* callsIn(
  files: Readonly<Record<string, string>>,
): Generator<{ readonly file: string; readonly at: number; readonly target: string }> {
  for (const [file, text] of Object.entries(files)) {
    if (!file.endsWith(".tf")) continue;
    for (const { node, base } of parseFile(`/${file}`, text).items) {
      if (node.kind !== "block" || node.type.name !== "module") continue;
      const source = node.body.items.find((item) => item.kind === "attribute" && item.name.name === "source");
      const [part] = source?.kind === "attribute" && source.value.kind === "template" ? source.value.parts : [];
      if (part?.kind !== "text" || !part.value.startsWith(".")) continue;
      yield { file, at: base + node.body.start + 1, target: joinPath(directoryOf(`/${file}`), part.value) };
    }
  }
}

/** null, or another value that an argument of the name has somewhere in the layout; identities of different things stay different. */
function otherValue(
  literals: readonly PlacedLiteral[],
  literal: PlacedLiteral,
  { files }: Layout,
  random: (below: number) => number,
): string {
  const choice = random(5);
  if (choice === 0) return "null";
  if (literal.kind === "bool") return random(2) === 0 ? "true" : "false";
  if (literal.kind === "number") return choice === 1 ? literal.source : String([0, 1, 7, 22, 443, 3389, 65535, -1][random(8)]);
  if (/name|bucket|identifier|alias|key/.test(literal.argument)) return `"other-${random(1_000_000)}"`;
  const all = Object.values(files).join("\n");
  const others = literals.filter(({ argument, kind }) => argument === literal.argument && kind === "string");
  const more = ['"0.0.0.0/0"', '"10.0.0.0/8"', '"*"', '"public-read"', '"Allow"', '"tcp"', '""'].filter(
    (text) => !all.includes(text) || choice > 2,
  );
  const pool = [...others.map(({ source }) => source), ...more];
  return pool[random(pool.length)] ?? literal.source;
}
