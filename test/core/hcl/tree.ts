import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceFile } from "../../../src/core/hcl/syntax.ts";

const folder = join(import.meta.dirname, "../../fixtures/hcl");

export const nativeFixtures = ["aws.tf", "alibaba.tf", "tencent.tf"] as const;

const root = join(import.meta.dirname, "../../..");

/** Every file in Terraform's native syntax that this repository holds, by path from its root. */
export function nativeFiles(): readonly string[] {
  return ["test/fixtures", "examples"].flatMap((place) =>
    readdirSync(join(root, place), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(tf|tofu|tfvars)$/.test(name))
      .map((name) => `${place}/${name}`)
      .sort(),
  );
}

export function readNative(name: string): string {
  return readFileSync(join(root, name), "utf8");
}

export function fixture(name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

export interface AnyNode {
  readonly start: number;
  readonly end: number;
}

/** Direct children of a node, in source order: every object with a range that is reached without passing another one. */
export function children(node: unknown): readonly AnyNode[] {
  const found: AnyNode[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isNode(value)) found.push(value);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
  };
  // `header` repeats the range of the type and the labels.
  for (const [key, value] of Object.entries(node as object)) if (key !== "header") visit(value);
  return found.sort((a, b) => a.start - b.start || a.end - b.end);
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "start" in value && "end" in value;
}

/** The parts of the text that belong to no node's own characters: punctuation, keywords, white space, comments. */
export function gaps(source: SourceFile): readonly string[] {
  const texts: string[] = [];
  const masked = source.text.split("");
  const blank = (start: number, end: number): void => {
    for (let i = start; i < end; i++) masked[i] = " ";
  };
  source.comments.forEach((comment) => {
    blank(comment.start, comment.end);
  });
  source.problems.forEach((problem) => {
    blank(problem.range.start, problem.range.end);
  });
  const gap = (start: number, end: number): void => {
    const text = masked.slice(start, end).join("");
    if (text.trim() !== "") texts.push(text.trim());
  };
  const visit = (node: AnyNode, base: number): void => {
    const inner = children(node);
    if (inner.length === 0) return;
    let at = node.start;
    for (const child of inner) {
      gap(base + at, base + child.start);
      visit(child, base);
      at = Math.max(at, child.end);
    }
    gap(base + at, base + node.end);
  };
  let at = 0;
  for (const item of source.items) {
    gap(at, item.base);
    visit(item.node, item.base);
    at = item.base + item.node.end;
  }
  gap(at, source.text.length);
  return texts;
}

/** What may stand in a gap: white space, punctuation, keywords, and the marks of heredocs. */
export const OWN_CHARACTERS = /^(?:[\s=,:(){}[\].?"!*/%+\-<>&|$~]|for\b|in\b|if\b|else\b|endif\b|endfor\b|<<-?\w+|\b[A-Z0-9]+$)*$/;

/** A small seeded generator (mulberry32): the same numbers in every run. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below) | 0;
  };
}
