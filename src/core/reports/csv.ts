import type { Report } from "../findings/model.ts";
import { isListed, outcomeReasons, Places, reasonText, type ReportContext } from "./context.ts";

/** RFC 4180: quoted where it has to be, lines end in CRLF. A cell that a spreadsheet would run as a formula is made text. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const columns = [
  "status",
  "risk",
  "check",
  "title",
  "cloud",
  "service",
  "category",
  "dimensions",
  "benchmarks",
  "address",
  "root",
  "file",
  "line",
  "column",
  "message",
  "reasons",
] as const;

/** A line for each result that is listed; findings first, as the report has them. */
export function renderCsv(report: Report, context: ReportContext): string {
  const places = new Places(context);
  const rows: (readonly string[])[] = [columns];
  for (const { check, location, message, results } of report.findings) {
    const { start } = places.region(location);
    for (const { result, root } of results)
      rows.push([
        "fail",
        ...about(check),
        result.instance.address,
        places.path(root),
        places.path(location.file),
        String(start.line),
        String(start.column),
        message,
        "",
      ]);
  }
  for (const { result, suppression, root, location } of report.results) {
    const { check, outcome, instance, message } = result;
    if (outcome.kind === "fail" && suppression === undefined) continue;
    if (!isListed(outcome, suppression !== undefined, context.show)) continue;
    const status = suppression === undefined ? outcome.kind : suppression.by === "baseline" ? "known" : "suppressed";
    const start = location === undefined ? undefined : places.region(location).start;
    rows.push([
      status,
      ...about(check),
      instance.address,
      places.path(root),
      location === undefined ? "" : places.path(location.file),
      start === undefined ? "" : String(start.line),
      start === undefined ? "" : String(start.column),
      message,
      suppression === undefined ? outcomeReasons(outcome).map(reasonText).join("; ") : suppression.reason,
    ]);
  }
  return csvText(rows);
}

function about({
  risk,
  id,
  title,
  cloud,
  service,
  category,
  dimensions,
  benchmarks,
}: Report["findings"][number]["check"]): readonly string[] {
  return [risk, id, title, cloud, service, category, dimensions.join(" "), benchmarks.join(" ")];
}
