import type { Coverage, Report } from "../core/findings/model.ts";
import { escapeMarkdown } from "../core/text/markdown.ts";

/** One line: what was looked at, so that silence never looks like clean. */
export function coverageLine(coverage: Coverage): string {
  const { resources, assessed, results, unreadNames, skippedFiles, unreadFiles, checksOff } = coverage;
  const parts = [`${assessed} of ${count(resources, "resource")} assessed`];
  if (results.unknown > 0) parts.push(`${count(results.unknown, "result")} unknown`);
  if (results.notChecked > 0) parts.push(`${results.notChecked} not checked`);
  if (results.suppressed > 0) parts.push(`${results.suppressed} suppressed`);
  if (results.known > 0) parts.push(`${results.known} known from the baseline`);
  if (checksOff.length > 0) parts.push(`${count(checksOff.length, "check")} off`);
  const unread = [...unreadNames.values()].reduce((sum, times) => sum + times, 0);
  if (unread > 0) parts.push(`${count(unread, "unknown argument")} skipped`);
  if (unreadFiles.length > 0) parts.push(`${count(unreadFiles.length, "file")} not read in full`);
  if (skippedFiles.length > 0) parts.push(`${count(skippedFiles.length, "file")} skipped`);
  return parts.join(", ");
}

/** The coverage page, as Markdown. `shown` turns a path into what people call it. */
export function coveragePage(report: Report, shown: (path: string) => string): string {
  const { coverage } = report;
  const { results } = coverage;
  const lines = [
    "# What Plumbline looked at",
    "",
    `${capitalised(coverageLine(coverage))}.`,
    "",
    "| Results | |",
    "| --- | ---: |",
    `| Failed | ${results.fail} |`,
    `| Passed | ${results.pass} |`,
    `| Unknown: a value is only known after apply, or could not be read | ${results.unknown} |`,
    `| Not applicable | ${results.notApplicable} |`,
    `| Not checked: a defect of a check item | ${results.notChecked} |`,
    `| Suppressed | ${results.suppressed} |`,
    `| Known from the baseline | ${results.known} |`,
    "",
    `${count(coverage.checks, "check item")} selected, ${count(report.roots.length, "root module")}, ${count(coverage.resources, "resource")}, ${coverage.assessed} of them assessed.`,
  ];
  section(lines, "Why results are unknown", byCount(coverage.unknownReasons));
  section(lines, "Resource types that no check item looks at", byCount(coverage.unsupported));
  section(lines, "Arguments that the providers' schemas do not have", byCount(coverage.unreadNames));
  section(
    lines,
    "Root modules",
    report.roots.map((root) => [shown(root), undefined]),
  );
  section(
    lines,
    "Check items that are turned off",
    coverage.checksOff.map((id) => [id, undefined]),
  );
  section(
    lines,
    "Files that could not be read in full",
    coverage.unreadFiles.map((file) => [shown(file), undefined]),
  );
  section(
    lines,
    "Files that were not evaluated",
    coverage.skippedFiles.map(({ file, why }) => [`${shown(file)}: ${why}`, undefined]),
  );
  return `${lines.join("\n")}\n`;
}

function section(lines: string[], title: string, rows: readonly (readonly [string, number | undefined])[]): void {
  if (rows.length === 0) return;
  lines.push("", `## ${title}`, "");
  for (const [text, number] of rows) lines.push(`- ${escapeMarkdown(text)}${number === undefined ? "" : `: ${number}`}`);
}

function byCount(map: ReadonlyMap<string, number>): [string, number][] {
  return [...map].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
