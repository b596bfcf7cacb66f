import type { Benchmark } from "../checks/benchmarks.ts";
import { CONTROL_STATUSES, countControls, type ControlResult, type ControlStatus, type ItemResult } from "../findings/controls.ts";
import type { Report } from "../findings/model.ts";
import { Places, plural, type ReportContext } from "./context.ts";
import { allCoverageLines, renderProblems } from "./text.ts";

const WORDS: Readonly<Record<ControlStatus, string>> = {
  fail: "fail",
  unknown: "unknown",
  excused: "excused",
  pass: "pass",
  nothing: "nothing here",
  manual: "manual",
  uncovered: "not covered",
};

/** A benchmark control by control, for a terminal. */
export function renderBenchmarkText(
  benchmark: Benchmark,
  controls: readonly ControlResult[],
  report: Report,
  context: ReportContext & { readonly color: boolean },
): string {
  const places = new Places(context);
  const paint = (code: number, text: string): string => (context.color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const widest = Math.max(...controls.map(({ control }) => control.number.length));
  const lines = [paint(1, `${benchmark.title} ${benchmark.version}`), ""];
  for (const { control, status, items } of controls) {
    const word = WORDS[status].padEnd(12);
    lines.push(`${paint(COLORS[status], word)}  ${control.number.padEnd(widest)}  ${control.title}`);
    for (const item of items) {
      lines.push(`${" ".repeat(16 + widest)}${item.check.id}: ${told(item)}`);
      for (const { location, message } of item.findings) {
        const { start } = places.region(location);
        lines.push(`${" ".repeat(18 + widest)}${places.path(location.file)}:${start.line} ${message}`);
      }
    }
  }
  const counts = countControls(controls);
  const summary = CONTROL_STATUSES.filter((status) => counts[status] > 0).map((status) => `${counts[status]} ${WORDS[status]}`);
  const problems = renderProblems(report, context).flatMap((problem) => ["", problem]);
  lines.push(...problems, "", `${plural(controls.length, "control")}: ${summary.join(", ")}.`, ...explained(counts, controls));
  lines.push("", ...allCoverageLines(report, context.show, (file) => places.path(file), benchmark.cloud));
  return `${lines.join("\n")}\n`;
}

const COLORS: Readonly<Record<ControlStatus, number>> = {
  fail: 31,
  unknown: 33,
  excused: 33,
  pass: 32,
  nothing: 2,
  manual: 36,
  uncovered: 2,
};

function told({ status, counts, check }: ItemResult): string {
  if (status === "off") return "turned off";
  if (status === "nothing") {
    if (check.in === "live") return "looks at live accounts only";
    return counts.notApplicable > 0 ? `does not apply (${counts.notApplicable})` : "nothing to look at";
  }
  const parts = [
    [counts.fail, "fail"],
    [counts.excused, "suppressed"],
    [counts.unknown, "unknown"],
    [counts.others, "of other addresses"],
    [counts.pass, "pass"],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(", ");
}

/** What the words of the summary mean, and what they must not be taken for. */
function explained(counts: Readonly<Record<ControlStatus, number>>, controls: readonly ControlResult[]): string[] {
  const helped = controls.filter(({ status, items }) => status === "manual" && items.length > 0).length;
  const meanings: Readonly<Record<ControlStatus, string>> = {
    fail: "a check item of the control failed somewhere.",
    unknown: "no item failed, and one could not be decided or is turned off.",
    excused: "what failed is suppressed by a comment or known from the baseline.",
    pass: "all that its items look at in these files passed.",
    nothing: "these files hold nothing that its items look at; a live account may.",
    manual: `only a person can say that it holds.${helped > 0 ? ` Items look at a part of ${helped === counts.manual ? "each" : `${helped} of them`}, and where one fails the control does.` : ""}`,
    uncovered: "no check item looks at it.",
  };
  return CONTROL_STATUSES.filter((status) => counts[status] > 0).map(
    (status) => `  ${`${WORDS[status]}:`.padEnd(13)} ${meanings[status]}`,
  );
}

/** The same for programs. Lines count from 1. */
export function renderBenchmarkJson(
  benchmark: Benchmark,
  controls: readonly ControlResult[],
  report: Report,
  context: ReportContext,
): string {
  const places = new Places(context);
  const document = {
    version: 1,
    tool: { name: "plumbline", version: context.version },
    benchmark: { name: benchmark.name, title: benchmark.title, version: benchmark.version, source: benchmark.source },
    roots: report.roots.map((root) => places.path(root)),
    summary: { controls: controls.length, ...countControls(controls) },
    problems: report.problems.map(({ file, range, severity, message }) => ({
      severity,
      message,
      file: places.path(file),
      ...places.region({ file, range }),
    })),
    unreadFiles: report.coverage.unreadFiles.map((file) => places.path(file)),
    controls: controls.map(({ control, status, items }) => ({
      ...control,
      status,
      items: items.map((item) => ({
        check: item.check.id,
        title: item.check.title,
        risk: item.check.risk,
        in: item.check.in,
        status: item.status,
        results: item.counts,
        findings: item.findings.map(({ id, location, message, results }) => ({
          id,
          file: places.path(location.file),
          ...places.region(location),
          message,
          addresses: results.map(({ result }) => result.instance.address),
        })),
      })),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
