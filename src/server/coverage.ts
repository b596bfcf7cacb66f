import type { Coverage, Report } from "../core/findings/model.ts";
import type { Words } from "./words.ts";
import { escapeMarkdown } from "../core/text/markdown.ts";

/** One line: what was looked at, so that silence never looks like clean. */
export function coverageLine(coverage: Coverage, words: Words["coverage"]): string {
  const { resources, assessed, results, unreadNames, skippedFiles, unreadFiles, checksOff } = coverage;
  const { count } = words;
  const parts = [words.assessed(assessed, count(resources, "resource"))];
  if (results.unknown > 0) parts.push(words.unknown(count(results.unknown, "result")));
  if (results.notChecked > 0) parts.push(words.notChecked(results.notChecked));
  if (results.suppressed > 0) parts.push(words.suppressed(results.suppressed));
  if (results.known > 0) parts.push(words.known(results.known));
  if (checksOff.length > 0) parts.push(words.off(count(checksOff.length, "check")));
  const unread = [...unreadNames.values()].reduce((sum, times) => sum + times, 0);
  if (unread > 0) parts.push(words.skipped(count(unread, "argument")));
  if (unreadFiles.length > 0) parts.push(words.unread(count(unreadFiles.length, "file")));
  if (skippedFiles.length > 0) parts.push(words.skipped(count(skippedFiles.length, "file")));
  return parts.join(words.comma);
}

/** The coverage page, as Markdown. `shown` turns a path into what people call it. */
export function coveragePage(report: Report, shown: (path: string) => string, words: Words["coverage"]): string {
  const { coverage } = report;
  const { results } = coverage;
  const { count, rows, sections } = words;
  const kinds = ["fail", "pass", "unknown", "notApplicable", "notChecked", "suppressed", "known"] as const;
  const lines = [
    `# ${words.title}`,
    "",
    `${capitalised(coverageLine(coverage, words))}${words.stop}`,
    "",
    `| ${words.results} | |`,
    "| --- | ---: |",
    ...kinds.map((kind) => `| ${rows[kind]} | ${String(results[kind])} |`),
    "",
    words.summary(
      count(coverage.checks, "checkItem"),
      count(report.roots.length, "root"),
      count(coverage.resources, "resource"),
      coverage.assessed,
    ),
  ];
  section(lines, sections.unknown, byCount(coverage.unknownReasons));
  section(lines, sections.unsupported, byCount(coverage.unsupported));
  section(lines, sections.unreadNames, byCount(coverage.unreadNames));
  section(
    lines,
    sections.roots,
    report.roots.map((root) => [shown(root), undefined]),
  );
  section(
    lines,
    sections.off,
    coverage.checksOff.map((id) => [id, undefined]),
  );
  section(
    lines,
    sections.unreadFiles,
    coverage.unreadFiles.map((file) => [shown(file), undefined]),
  );
  section(
    lines,
    sections.skippedFiles,
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

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
