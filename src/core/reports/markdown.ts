import { foldFindings } from "../findings/fold.ts";
import type { Finding, Report } from "../findings/model.ts";
import { escapeMarkdown, proseMarkdown } from "../text/markdown.ts";
import { countByRisk, fixTitles, Places, plural, risks, type ReportContext } from "./context.ts";
import { allCoverageLines } from "./text.ts";

/** Findings beyond these are only counted: comments on pull requests have a limit of about 65,000 characters. */
const mostFindings = 100;
const marks = { high: "🔴", medium: "🟠", low: "🔵" } as const;

/** GitHub-flavoured Markdown for comments on pull requests and job summaries. */
export function renderMarkdown(report: Report, context: ReportContext): string {
  const places = new Places(context);
  const counts = countByRisk(report);
  const parts = risks.filter((risk) => counts[risk] > 0).map((risk) => `${marks[risk]} ${counts[risk]} ${risk}`);
  const what = report.hasBaseline ? "new finding" : "finding";
  const lines = [
    "## Plumbline",
    "",
    report.findings.length === 0 ? `No ${what}s.` : `**${plural(report.findings.length, what)}**: ${parts.join(", ")}`,
    "",
  ];
  const shown = risks.flatMap((risk) => report.findings.filter(({ check }) => check.risk === risk)).slice(0, mostFindings);
  if (shown.length > 0) {
    lines.push(
      "| | Where | Finding | Fix |",
      "| --- | --- | --- | --- |",
      ...foldFindings(shown).map((findings) => row(findings, places)),
      "",
    );
  }
  if (report.findings.length > shown.length)
    lines.push(`And ${plural(report.findings.length - shown.length, "more finding")}.`, "");
  if (shown.length > 0) {
    lines.push("<details><summary>Why it matters</summary>", "");
    for (const check of new Set(shown.map((finding) => finding.check))) {
      lines.push(`- **${escapeMarkdown(check.title)}** (${check.id}): ${proseMarkdown(oneLine(`${check.why} ${check.advice}`))}`);
    }
    lines.push("", "</details>", "");
  }
  const problems = report.problems.filter(({ severity }) => severity !== "information");
  if (problems.length > 0) {
    lines.push(
      `<details${problems.some(({ severity }) => severity === "error") ? " open" : ""}><summary>${plural(problems.length, "problem")}</summary>`,
      "",
    );
    for (const { file, range, severity, message } of problems.slice(0, mostFindings)) {
      const { start } = places.region({ file, range });
      lines.push(`- ${severity} ${code(`${places.path(file)}:${start.line}`)}: ${proseMarkdown(oneLine(message))}`);
    }
    lines.push("", "</details>", "");
  }
  for (const line of allCoverageLines(report, context.show, (file) => places.path(file)))
    lines.push(`<sub>${escapeMarkdown(line)}</sub><br>`);
  return `${lines.join("\n")}\n`;
}

/** One finding, or low-risk findings at one place. */
function row(findings: readonly [Finding, ...Finding[]], places: Places): string {
  const [{ check, location }] = findings;
  const { start } = places.region(location);
  const addresses = [...new Set(findings.flatMap(({ results }) => results.map(({ result }) => result.instance.address)))];
  const more = addresses.length > 1 ? ` and ${addresses.length - 1} more` : "";
  const fixes = findings.flatMap((finding) => fixTitles(finding.check)[0]?.title ?? []);
  const cells = [
    marks[check.risk],
    `${code(`${places.path(location.file)}:${start.line}`)}<br>${code(addresses[0] ?? "")}${more}`,
    findings.map((finding) => `${proseMarkdown(oneLine(finding.message))}<br><sub>${finding.check.id}</sub>`).join("<br>"),
    [...new Set(fixes)].map((fix) => proseMarkdown(oneLine(fix))).join("<br>"),
  ];
  return `| ${cells.map((cell) => cell.replaceAll(/(?<!\\)\|/g, "\\|")).join(" | ")} |`;
}

/** A code span that holds any text, back quotes as well. */
function code(text: string): string {
  const line = oneLine(text);
  const fence = "`".repeat(1 + Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)));
  const space = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
