import type { Hover } from "vscode-languageserver/node";
import type { CheckItem } from "../core/checks/model.ts";
import type { Finding } from "../core/findings/model.ts";
import type { SpotText, SpotValueText } from "../core/reports/spot-values.ts";
import type { FilePath, Position, TextRange } from "../core/text/text.ts";
import { rangeOf } from "./edits.ts";
import { codeBlock, escapeMarkdown, linkMarkdown, proseMarkdown } from "../core/text/markdown.ts";
import type { Words } from "./words.ts";
import type { Snapshot } from "./workspace.ts";

/** What the expression under a position is worth. */
export interface HoveredValue extends SpotText {
  readonly range: TextRange;
}

/** Why a finding matters and what to do, for the findings under a position, and what the expression there is worth. */
export function hoverAt(
  snapshot: Snapshot,
  file: FilePath,
  position: Position,
  documentation: (check: CheckItem) => string | undefined,
  valueAt: (offset: number) => HoveredValue | undefined,
  words: Words,
): Hover | null {
  const lines = snapshot.lines(file);
  const offset = lines.offsetAt(position);
  const here = snapshot.report.findings.filter(
    ({ location }) => location.file === file && location.range.start <= offset && offset <= location.range.end,
  );
  const found = valueAt(offset);
  const sections = here.map((finding) => describe(finding.check, documentation(finding.check), words));
  if (found !== undefined) sections.push(describeValue(found, words.hover));
  const [first] = here;
  const smallest = first && here.reduce((best, finding) => (length(finding) < length(best) ? finding : best), first);
  const range = found?.range ?? smallest?.location.range;
  if (range === undefined) return null;
  return { contents: { kind: "markdown", value: sections.join("\n\n---\n\n") }, range: rangeOf(range, lines) };
}

function describeValue({ label, values, more }: SpotText, words: Words["hover"]): string {
  const name = `**${escapeMarkdown(label)}**`;
  const [only] = values;
  if (only === undefined) return words.noValue(name);
  if (values.length === 1) {
    const unseen = more === 0 ? "" : `\n\n${words.unseen(more)}`;
    return `${name}\n\n${describeOne(only, words)}${unseen}`;
  }
  const parts = values.map((value) => `${words.where(value.where.map(escapeMarkdown).join(", "))}\n\n${describeOne(value, words)}`);
  if (more > 0) parts.push(words.more(more));
  return `${words.differs(name)}\n\n${parts.join("\n\n")}`;
}

function describeOne({ text, unknown }: SpotValueText, words: Words["hover"]): string {
  const reasons = unknown
    .map(({ reason, decidedBy }) => `${escapeMarkdown(reason.replace(/\.$/, ""))}. ${escapeMarkdown(decidedBy)}`)
    .join("\n\n");
  if (text === undefined) return `${words.unknown} ${reasons}`;
  return unknown.length === 0
    ? codeBlock(text, "terraform")
    : `${codeBlock(text, "terraform")}\n\n${words.unknownWithin} ${reasons}`;
}

function length({ location }: Finding): number {
  return location.range.end - location.range.start;
}

function describe(check: CheckItem, page: string | undefined, { hover, dimensions }: Words): string {
  const parts = [
    `**${escapeMarkdown(check.title)}**`,
    `${hover.risk(check.risk)} · ${check.dimensions.map((dimension) => dimensions[dimension]).join(", ")}`,
    proseMarkdown(check.why),
  ];
  if (check.advice !== "") parts.push(`**${hover.whatToDo}** ${proseMarkdown(check.advice)}`);
  if (check.benchmarks.length > 0) parts.push(`${hover.benchmarks} ${check.benchmarks.map(escapeMarkdown).join(", ")}`);
  if (check.references.length > 0) parts.push(check.references.map((address) => `- ${linkMarkdown(address)}`).join("\n"));
  // VS Code shows no links of other schemes here; its diagnostic right above carries the id and the link.
  if (page?.startsWith("file:") === true) parts.push(`[${check.id}](${page})`);
  return parts.join("\n\n");
}
