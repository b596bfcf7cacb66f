import type { CheckItem, Result } from "../../src/core/checks/model.ts";
import { parseFile } from "../../src/core/hcl/parse.ts";
import type { Attribute, Block, Expression } from "../../src/core/hcl/syntax.ts";
import type { CheckTree } from "../../scripts/check-files.ts";
import { fileWorld } from "./check-world.ts";

/*
 * A verdict that is given while some values are not known must be the verdict for whatever those values turn out to be. Literals of
 * the checks' own examples are replaced by variables without default; what is decided then is compared with the verdicts for values
 * that a variable file gives: those that stood there, null, and others.
 */

export interface Literal {
  readonly start: number;
  readonly end: number;
  readonly source: string;
  readonly kind: "string" | "number" | "bool";
  /** Name of the argument that holds it. */
  readonly argument: string;
}

/** Arguments whose values Terraform needs before anything else: they are left as they stand. */
const STATIC: ReadonlySet<string> = new Set([
  "count",
  "for_each",
  "provider",
  "depends_on",
  "source",
  "version",
  "alias",
  "iterator",
]);

export function literalsOf(text: string): readonly Literal[] {
  const found: Literal[] = [];
  for (const { node, base } of parseFile("/main.tf", text).items) {
    if (node.kind !== "block" || !["resource", "data", "locals", "provider", "module"].includes(node.type.name)) continue;
    const add = (expression: Expression, argument: string): void => {
      const [start, end] = [base + expression.start, base + expression.end];
      const source = text.slice(start, end);
      switch (expression.kind) {
        case "literal":
          if (expression.value !== null)
            found.push({ start, end, source, kind: typeof expression.value === "boolean" ? "bool" : "number", argument });
          return;
        case "template": {
          const isPlain = expression.heredoc === undefined && expression.parts.every((part) => part.kind === "text");
          if (isPlain) found.push({ start, end, source, kind: "string", argument });
          return;
        }
        case "tuple":
          expression.elements.forEach((element) => add(element, argument));
          return;
        case "object":
          for (const item of expression.items) {
            const key = text.slice(base + item.key.start, base + item.key.end).replaceAll('"', "");
            add(item.value, key);
          }
          return;
        case "call":
          if (expression.name.name === "jsonencode") expression.arguments.forEach((each) => add(each, argument));
          return;
        default:
      }
    };
    const walk = (item: Attribute | Block): void => {
      if (item.kind === "attribute") {
        if (!STATIC.has(item.name.name)) add(item.value, item.name.name);
      } else if (item.type.name !== "lifecycle") item.body.items.forEach(walk);
    };
    node.body.items.forEach(walk);
  }
  return found;
}

/** A small generator with a seed: the same cases every time. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Subject {
  readonly check: CheckItem;
  readonly text: string;
  readonly literals: readonly Literal[];
  /** Literals of the check's examples by argument. */
  readonly pool: ReadonlyMap<string, readonly Literal[]>;
}

/** The examples that can take part. */
export function subjectsOf(tree: CheckTree): readonly Subject[] {
  return tree.checks.flatMap((check) => {
    // Whether a value is written out is what these ask about.
    if (check.assert.source.includes("literal(")) return [];
    const texts = (tree.examples.get(check.id) ?? []).flatMap(({ terraform }) => (terraform === undefined ? [] : [terraform]));
    const pool = new Map<string, Literal[]>();
    const all = texts.map((text) => ({ text, literals: literalsOf(text) }));
    for (const { literals } of all)
      for (const literal of literals) pool.set(literal.argument, [...(pool.get(literal.argument) ?? []), literal]);
    return all.flatMap(({ text, literals }) => (literals.length === 0 ? [] : [{ check, text, literals, pool }]));
  });
}

export interface SoundnessOutcome {
  /** Verdicts that were given while something was not known, and compared. */
  readonly decided: number;
  readonly wrong: readonly string[];
}

const KINDS: ReadonlySet<string> = new Set(["pass", "fail", "notApplicable"]);

/** One example with some of its literals unknown, against several assignments. */
export function tryUnknowns(tree: CheckTree, subject: Subject, random: (below: number) => number, trials = 3): SoundnessOutcome {
  const { check, text, literals } = subject;
  const wanted = 1 + random(Math.min(4, literals.length));
  const chosen = new Set<Literal>();
  for (let tries = 0; chosen.size < wanted && tries < 20; tries++) {
    const literal = literals[random(literals.length)];
    if (literal !== undefined) chosen.add(literal);
  }
  const ordered = [...chosen].sort((a, b) => a.start - b.start);
  let body = "";
  let at = 0;
  for (const [index, literal] of ordered.entries()) {
    body += `${text.slice(at, literal.start)}var.unknown_${index}`;
    at = literal.end;
  }
  body += text.slice(at);
  const declarations = ordered.map(({ kind }, index) => `variable "unknown_${index}" {\n  type = ${kind}\n}\n`).join("");
  const open = { "main.tf": `${body}\n${declarations}` };
  const undecided = verdicts(tree, check, open);
  const decided = [...undecided].filter(([, kind]) => KINDS.has(kind));
  const wrong: string[] = [];
  for (let trial = 0; trial < trials && decided.length > 0; trial++) {
    const values = ordered.map((literal) => (trial === 0 ? literal.source : otherValue(subject, literal, random)));
    const lines = values.map((value, index) => `unknown_${index} = ${value}\n`).join("");
    const known = verdicts(tree, check, { ...open, "terraform.tfvars": lines });
    for (const [address, kind] of decided) {
      const really = known.get(address);
      if (really === kind || (really !== undefined && !KINDS.has(really))) continue;
      // Terraform refuses null where an argument is required: what an attachment without an owner is attached to is nobody.
      if (really === undefined && values.includes("null")) continue;
      wrong.push(
        `${check.id}: ${address} is ${kind} while not known, and ${really ?? "gone"} with\n${lines}of\n${open["main.tf"]}`,
      );
    }
  }
  return { decided: decided.length, wrong };
}

/** null, or another value that the argument has in some example; identities of different things stay different. */
function otherValue({ text, pool }: Subject, literal: Literal, random: (below: number) => number): string {
  const choice = random(4);
  if (choice === 0) return "null";
  if (literal.kind === "bool") return random(2) === 0 ? "true" : "false";
  if (choice === 1 && literal.kind === "number") return String([0, 1, 22, 443, 3389, 65535, -1][random(7)]);
  const others = (pool.get(literal.argument) ?? []).filter(
    ({ kind, source }) => kind === literal.kind && (source === literal.source || !text.includes(source)),
  );
  return others[random(Math.max(1, others.length))]?.source ?? literal.source;
}

function verdicts(
  tree: CheckTree,
  check: CheckItem,
  files: Readonly<Record<string, string>>,
): ReadonlyMap<string, Result["outcome"]["kind"]> {
  return new Map(
    fileWorld(tree, files)
      .results(check)
      .map(({ instance, outcome }) => [instance.address, outcome.kind]),
  );
}
