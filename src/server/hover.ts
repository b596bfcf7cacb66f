import type { Hover } from "vscode-languageserver/node";
import type { CheckItem } from "../core/checks/model.ts";
import type { Finding } from "../core/findings/model.ts";
import type { FilePath, Position } from "../core/text/text.ts";
import { rangeOf } from "./edits.ts";
import { escapeMarkdown, linkMarkdown, proseMarkdown } from "../core/text/markdown.ts";
import type { Snapshot } from "./workspace.ts";

/** Why a finding matters and what to do, for the findings under a position. */
export function hoverAt(
  snapshot: Snapshot,
  file: FilePath,
  position: Position,
  documentation: (check: CheckItem) => string | undefined,
): Hover | null {
  const lines = snapshot.lines(file);
  const offset = lines.offsetAt(position);
  const here = snapshot.report.findings.filter(
    ({ location }) => location.file === file && location.range.start <= offset && offset <= location.range.end,
  );
  const [first] = here;
  if (first === undefined) return null;
  const smallest = here.reduce((best, finding) => (length(finding) < length(best) ? finding : best), first);
  const value = here.map((finding) => describe(finding.check, documentation(finding.check))).join("\n\n---\n\n");
  return { contents: { kind: "markdown", value }, range: rangeOf(smallest.location.range, lines) };
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
