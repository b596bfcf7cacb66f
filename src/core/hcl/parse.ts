import type { FilePath, Problem } from "../text/text.ts";
import { readExpression } from "./expressions.ts";
import { readJsonFile } from "./json.ts";
import { readItems } from "./native.ts";
import { reuseOf } from "./reuse.ts";
import { Scan } from "./scan.ts";
import type { Expression, SourceFile, TemplatePart, TopLevel } from "./syntax.ts";
import { readPlain } from "./templates.ts";

/**
 * Reads one file: JSON syntax for `.json` names, else native. Never throws, and takes linear time. With `previous`, an item whose
 * text is unchanged is the very same node object.
 */
export function parseFile(path: FilePath, text: string, previous?: SourceFile): SourceFile {
  if (path.endsWith(".json")) return readJsonFile(path, text, previous);
  const reuse = reuseOf(text, previous);
  const scan = new Scan(path, text);
  const items: TopLevel[] = [...reuse.items];
  scan.comments = [...reuse.comments];
  if (reuse.from > 0) scan.pos = reuse.from;
  readItems(scan, items, (start) => reuse.jump(start, items, scan.comments));
  reuse.adopt(items);
  return { path, text, syntax: "native", items, comments: scan.comments, problems: inOrder(scan.problems) };
}

/** One expression alone; its offsets count from the text's beginning. */
export function parseExpression(text: string): { readonly expression: Expression; readonly problems: readonly Problem[] } {
  const scan = new Scan("", text);
  scan.strict = false;
  scan.newlines = true;
  const expression = readExpression(scan);
  scan.skip();
  if (!scan.stopped && scan.pos < scan.limit)
    scan.note("unexpected-text", scan.pos, scan.limit, "Behind the expression, this is not understood.");
  return { expression, problems: scan.problems };
}

/** A template without quotes, as `templatefile` reads a file. */
export function parseTemplateText(text: string): {
  readonly parts: readonly TemplatePart[];
  readonly problems: readonly Problem[];
} {
  const scan = new Scan("", text, 0);
  scan.pos = 0;
  scan.strict = false;
  return { parts: readPlain(scan), problems: scan.problems };
}

function inOrder(problems: Problem[]): readonly Problem[] {
  return problems.sort((a, b) => a.range.start - b.range.start);
}
