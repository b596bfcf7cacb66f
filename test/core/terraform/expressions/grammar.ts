/*
 * Makes expressions to ask terraform about: for every function and every form of the language, with arguments that are known, null,
 * unknown, sensitive or of a wrong type. The same seed makes the same expressions.
 */

import { askedOfFunctions } from "./asked-of-functions.ts";
import { askedOfMarks } from "./asked-of-marks.ts";
import { askedOfSyntax } from "./asked-of-syntax.ts";
import { askedOfTheLanguage } from "./asked-of-the-language.ts";
import { askedOfUnknowns } from "./asked-of-unknowns.ts";
import { binary, type Kind, odd, operands, pools } from "./pools.ts";
import { functions } from "./signatures.ts";

/** Small pools give the same call again and again. */
const MOST_ATTEMPTS = 12;

export interface Group {
  readonly name: string;
  readonly expressions: readonly string[];
}

/** `each`: how many calls of every function, and a multiple of that for operators and nested expressions. */
export function makeGroups(seed: number, each: number): readonly Group[] {
  const random = generator(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const argument = (kind: Kind, oddity: number): string => (random() < oddity ? pick(odd) : pick(pools[kind]));
  const call = (name: string, oddity: number): string => {
    const kinds: string[] = [];
    for (const parameter of functions[name] ?? []) {
      const kind = parameter.replace(/[?*]$/, "");
      if (parameter.endsWith("?") && random() < 0.4) break;
      if (parameter.endsWith("*") && random() < 0.3) continue;
      kinds.push(kind);
    }
    return `${name}(${kinds.map((kind) => argument(kind as Kind, oddity)).join(", ")})`;
  };

  const groups: Group[] = Object.entries({
    functions: askedOfFunctions,
    ...askedOfTheLanguage,
    syntax: askedOfSyntax,
    unknowns: askedOfUnknowns,
    marks: askedOfMarks,
  }).map(([name, expressions]) => ({
    name,
    expressions: [...new Set(expressions)],
  }));
  const calls = new Set<string>();
  for (const name of Object.keys(functions)) {
    const made = new Set<string>();
    for (let i = 0; made.size < each && i < each * MOST_ATTEMPTS; i++) made.add(call(name, i % 3 === 2 ? 0.6 : 0.05));
    for (const expression of made) calls.add(expression);
  }
  groups.push({ name: "calls", expressions: [...calls] });

  const operations = new Set<string>();
  for (let i = 0; i < each * 25; i++) {
    if (i % 12 === 0) operations.add(`${pick(["-", "!"])}(${pick(operands)})`);
    else operations.add(`${pick(operands)} ${binary[i % binary.length] ?? "=="} ${pick(operands)}`);
  }
  groups.push({ name: "operators", expressions: [...operations] });

  const nested = new Set<string>();
  const names = Object.keys(functions);
  const any = (): string => (random() < 0.5 ? pick(operands) : pick(pools[pick(Object.keys(pools) as Kind[])]));
  const shapes: readonly (() => string)[] = [
    () => `${any()} == null ? ${any()} : ${any()}`,
    () => `${pick(["true", "false", "local.unknown_bool", "var.secret_number > 1"])} ? ${any()} : ${any()}`,
    () => `[for x in ${pick(pools.list)} : ${pick(["x", "[x, 1]", "x == null", "x != 1", '"<${x}>"'])}]`,
    () => `{ for k, v in ${pick(pools.map)} : ${pick(["k", "upper(k)", '"${k}!"'])} => ${pick(["v", "[v]", "v == null"])} }`,
    () => `try(${call(pick(names), 0.5)}, ${any()})`,
    () => `can(${call(pick(names), 0.5)})`,
    () => `jsonencode(${call(pick(names), 0.1)})`,
    () => `length(${call(pick(["concat", "merge", "flatten", "distinct", "keys", "values", "setunion", "split", "toset"]), 0.1)})`,
    () => `[${any()}, ${any()}][${pick(["0", "1", "2", "local.unknown_number"])}]`,
    () => `{ a = ${any()}, b = ${any()} }.${pick(["a", "b", "c"])}`,
    () => `"<\${${any()}}>"`,
    () => `${any()}[*]`,
    () => `${call(pick(names), 0.1)} == ${call(pick(names), 0.1)}`,
    () => `${call(pick(names), 0.2)} == null`,
    () => `[${call(pick(names), 0.1)}, ${pick(operands)}]`,
    () => `upper(${call(pick(["timestamp", "uuid", "bcrypt", "uuidv5", "substr", "format", "join", "replace"]), 0.1)})`,
    () => `"<\${${call(pick(["timestamp", "uuid", "bcrypt", "abspath", "textdecodebase64", "textencodebase64"]), 0.1)}}>"`,
    () => `${pick(["timestamp", "uuid"])}(${random() < 0.4 ? "" : pick(operands)}) ${pick(binary)} ${pick(operands)}`,
    () => `nonsensitive(sensitive(${call(pick(names), 0.1)}))`,
    () => `tolist([${pick(pools.text)}, ${any()}])`,
    () => `toset([${pick(pools.text)}, ${any()}])`,
  ];
  for (let i = 0; i < each * 20; i++) nested.add((shapes[i % shapes.length] ?? any)());
  groups.push({ name: "nested", expressions: [...nested] });
  return groups;
}

/** Mulberry32: small, seeded, the same everywhere. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
