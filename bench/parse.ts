import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseFile } from "../src/core/hcl/parse.ts";
import { median } from "./process.ts";

/** Megabytes a second, warm. The lexer is the least that any reader must do: find the tokens and note kind, start and end of each. */
export function measureParse(folder: string): { readonly lexer: number; readonly parser: number } {
  const texts = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".tf"))
    .map((name) => readFileSync(join(folder, name), "utf8"));
  const megabytes = texts.reduce((sum, text) => sum + text.length, 0) / 1e6;
  const passes = 25;
  let tokens = 0;
  const speeds = { lexer: [] as number[], parser: [] as number[] };
  for (let pass = 0; pass < passes; pass++) {
    let begun = performance.now();
    for (const text of texts) tokens += tokenize(text);
    speeds.lexer.push((megabytes / (performance.now() - begun)) * 1000);
    const trees: unknown[] = [];
    begun = performance.now();
    for (const [index, text] of texts.entries()) trees.push(parseFile(`/bench/${index}.tf`, text));
    speeds.parser.push((megabytes / (performance.now() - begun)) * 1000);
    if (trees.length !== texts.length) throw new Error("trees were lost");
  }
  if (tokens === 0) throw new Error("no token was found");
  return { lexer: median(speeds.lexer.slice(10)), parser: median(speeds.parser.slice(10)) };
}

/** Kind, start and end of each token, three numbers after each other. */
let found = new Int32Array(1 << 16);

function tokenize(text: string): number {
  let tokens = 0;
  let at = 0;
  while (at < text.length) {
    const start = at;
    const code = text.charCodeAt(at);
    let kind: number;
    if (code <= 32) {
      at++;
      continue;
    } else if (code === 35 || (code === 47 && text.charCodeAt(at + 1) === 47)) {
      kind = 1;
      while (at < text.length && text.charCodeAt(at) !== 10) at++;
    } else if (code === 34) {
      kind = 2;
      at++;
      while (at < text.length && text.charCodeAt(at) !== 34) at += text.charCodeAt(at) === 92 ? 2 : 1;
      at++;
    } else if (isWord(code)) {
      kind = 3;
      while (at < text.length && isWord(text.charCodeAt(at))) at++;
    } else {
      kind = 4;
      at++;
    }
    if (tokens * 3 + 3 > found.length) {
      const larger = new Int32Array(found.length * 2);
      larger.set(found);
      found = larger;
    }
    found[tokens * 3] = kind;
    found[tokens * 3 + 1] = start;
    found[tokens * 3 + 2] = at;
    tokens++;
  }
  return tokens;
}

function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45 ||
    code > 127
  );
}
