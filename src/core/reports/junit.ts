import type { PlacedResult, Report } from "../findings/model.ts";
import { outcomeReasons, Places, plural, reasonText, type ReportContext } from "./context.ts";
import { escapeMarkup } from "./markup.ts";

/**
 * JUnit XML as CI systems read it: a test suite a check item, a test case an instance. A fail is a failure; what could not be
 * decided, does not apply, is suppressed or known is skipped, with the reason, so that none of it looks passed. Errors of files
 * are a suite of their own.
 */
export function renderJunit(report: Report, context: ReportContext): string {
  const places = new Places(context);
  const suites = new Map<string, PlacedResult[]>();
  for (const item of report.results) {
    const suite = suites.get(item.result.check.id);
    if (suite === undefined) suites.set(item.result.check.id, [item]);
    else suite.push(item);
  }
  const errors = report.problems.filter(({ severity }) => severity === "error");
  const failures = report.results.filter(isFailure).length;
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="Plumbline" tests="${report.results.length + errors.length}" failures="${failures}" errors="${errors.length}">`,
  ];
  for (const [id, items] of [...suites].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const counts = `tests="${items.length}" failures="${items.filter(isFailure).length}" errors="0" skipped="${items.filter(isSkipped).length}"`;
    lines.push(
      `  <testsuite name="${escapeMarkup(id)}" ${counts}>`,
      ...items.flatMap((item) => caseLines(item, places)),
      "  </testsuite>",
    );
  }
  if (errors.length > 0) {
    lines.push(`  <testsuite name="files" tests="${errors.length}" failures="0" errors="${errors.length}" skipped="0">`);
    for (const { file, range, code, message } of errors) {
      const { start } = places.region({ file, range });
      const name = `${places.path(file)}:${start.line}:${start.column}`;
      lines.push(
        `    <testcase classname="files" name="${escapeMarkup(`${name} ${code}`)}" file="${escapeMarkup(places.path(file))}" line="${start.line}">`,
        `      <error type="${escapeMarkup(code)}" message="${escapeMarkup(message)}"/>`,
        "    </testcase>",
      );
    }
    lines.push("  </testsuite>");
  }
  lines.push("</testsuites>");
  return `${lines.join("\n")}\n`;
}

function caseLines(item: PlacedResult, places: Places): string[] {
  const { check, instance, message } = item.result;
  const place =
    item.location === undefined ? undefined : { path: places.path(item.location.file), ...places.region(item.location).start };
  const attributes = [
    `classname="${escapeMarkup(check.id)}"`,
    `name="${escapeMarkup(nameOf(item, places))}"`,
    ...(place === undefined ? [] : [`file="${escapeMarkup(place.path)}"`, `line="${place.line}"`]),
  ].join(" ");
  const open = `    <testcase ${attributes}`;
  if (isFailure(item)) {
    const at = place === undefined ? "" : `${place.path}:${place.line}:${place.column}\n`;
    const text = `${at}${instance.address}\n\n${check.why.trim()}\n${check.advice.trim()}`;
    return [
      `${open}>`,
      `      <failure type="${check.risk} risk" message="${escapeMarkup(message === "" ? check.title : message)}">${escapeMarkup(text.trim())}</failure>`,
      "    </testcase>",
    ];
  }
  if (isSkipped(item)) return [`${open}>`, `      <skipped message="${escapeMarkup(whySkipped(item))}"/>`, "    </testcase>"];
  return [`${open}/>`];
}

/** Two roots may have the same address. */
function nameOf({ result, root, environment }: PlacedResult, places: Places): string {
  const folder = places.path(root);
  const where = [...(folder === "." ? [] : [folder]), ...(environment === undefined ? [] : [environment])];
  return where.length === 0 ? result.instance.address : `${result.instance.address} (${where.join(", ")})`;
}

function isFailure({ result, suppression }: PlacedResult): boolean {
  return result.outcome.kind === "fail" && suppression === undefined;
}

function isSkipped({ result, suppression }: PlacedResult): boolean {
  return suppression !== undefined || (result.outcome.kind !== "fail" && result.outcome.kind !== "pass");
}

function whySkipped({ result, suppression }: PlacedResult): string {
  if (suppression !== undefined) {
    const reason = suppression.reason === "" ? "no reason given" : suppression.reason;
    return suppression.by === "baseline" ? reason : `suppressed: ${reason}`;
  }
  if (result.outcome.kind === "notApplicable") return "does not apply";
  const reasons = outcomeReasons(result.outcome);
  const kind = result.outcome.kind === "unknown" ? "not decided" : "not checked";
  return `${kind} (${plural(reasons.length, "reason")}): ${reasons.map(reasonText).join("; ")}`;
}
