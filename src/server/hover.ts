import type { Hover } from "vscode-languageserver/node";
import type { CheckItem } from "../core/checks/model.ts";
import type { Finding } from "../core/findings/model.ts";
import type { SpotText, SpotValueText } from "../core/reports/spot-values.ts";
import type { FilePath, Position, TextRange } from "../core/text/text.ts";
import { rangeOf } from "./edits.ts";
import { codeBlock, escapeMarkdown, linkMarkdown, proseMarkdown } from "../core/text/markdown.ts";
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
): Hover | null {
  const lines = snapshot.lines(file);
  const offset = lines.offsetAt(position);
  const here = snapshot.report.findings.filter(
    ({ location }) => location.file === file && location.range.start <= offset && offset <= location.range.end,
  );
  const found = valueAt(offset);
  const sections = here.map((finding) => describe(finding.check, documentation(finding.check)));
  if (found !== undefined) sections.push(describeValue(found));
  const [first] = here;
  const smallest = first && here.reduce((best, finding) => (length(finding) < length(best) ? finding : best), first);
  const range = found?.range ?? smallest?.location.range;
  if (range === undefined) return null;
  return { contents: { kind: "markdown", value: sections.join("\n\n---\n\n") }, range: rangeOf(range, lines) };
}

function describeValue({ label, values, more }: SpotText): string {
  const name = `**${escapeMarkdown(label)}**`;
  const [only] = values;
  if (only === undefined) return `${name} has no value: nothing is made of it.`;
  if (values.length === 1) {
    const unseen = more === 0 ? "" : `\n\nSo in all places that were looked at; ${String(more)} more were not.`;
    return `${name}\n\n${describeOne(only)}${unseen}`;
  }
  const parts = values.map((value) => `In ${value.where.map(escapeMarkdown).join(", ")}:\n\n${describeOne(value)}`);
  if (more > 0) parts.push(`And ${String(more)} more.`);
  return `${name} is not the same everywhere.\n\n${parts.join("\n\n")}`;
}

function describeOne({ text, unknown }: SpotValueText): string {
  const reasons = unknown
    .map(({ reason, decidedBy }) => `${escapeMarkdown(reason.replace(/\.$/, ""))}. ${escapeMarkdown(decidedBy)}`)
    .join("\n\n");
  if (text === undefined) return `Not known: ${reasons}`;
  return unknown.length === 0 ? codeBlock(text, "terraform") : `${codeBlock(text, "terraform")}\n\nNot known in it: ${reasons}`;
}

function length({ location }: Finding): number {
  return location.range.end - location.range.start;
}

function describe(check: CheckItem, page: string | undefined): string {
  const parts = [
    `**${escapeMarkdown(check.title)}**`,
    `${capitalised(check.risk)} risk · ${check.dimensions.map(dimensionName).join(", ")}`,
    proseMarkdown(check.why),
  ];
  if (check.advice !== "") parts.push(`**What to do:** ${proseMarkdown(check.advice)}`);
  if (check.benchmarks.length > 0) parts.push(`Benchmarks: ${check.benchmarks.map(escapeMarkdown).join(", ")}`);
  if (check.references.length > 0) parts.push(check.references.map((address) => `- ${linkMarkdown(address)}`).join("\n"));
  // VS Code shows no links of other schemes here; its diagnostic right above carries the id and the link.
  if (page?.startsWith("file:") === true) parts.push(`[${check.id}](${page})`);
  return parts.join("\n\n");
}

export function dimensionName(dimension: CheckItem["dimensions"][number]): string {
  switch (dimension) {
    case "ciem":
      return "Identities and permissions";
    case "security":
      return "Security";
    case "compliance":
      return "Compliance";
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
