import type { Language } from "../text/language.ts";
import type { Finding, Report } from "../findings/model.ts";
import { fixTitles, isListed, outcomeReasons, Places, reasonText, type ReportContext } from "./context.ts";
import { excerptOf } from "./excerpt.ts";
import { escapeMarkup as escape, proseHtml } from "./markup.ts";
import { codeLines, linksHtml, renderPage, tableHtml, type PageFinding } from "./page.ts";
import { pageWords, type PageWords } from "./page-words.ts";
import { isPrincipal } from "./principals.ts";
import { allCoverageLines } from "./text.ts";

/** The report of files as one HTML page. */
export function renderHtml(report: Report, context: ReportContext, language: Language = "en"): string {
  const words = pageWords(language);
  const places = new Places(context);
  const unchecked = new Map<string, number>();
  for (const { result } of report.results)
    for (const reason of outcomeReasons(result.outcome).slice(0, 1)) {
      const text = reasonText(reason);
      unchecked.set(text, (unchecked.get(text) ?? 0) + 1);
    }
  return renderPage({
    language,
    version: context.version,
    headline: words.findings(report.findings.length, report.hasBaseline),
    lines: allCoverageLines(report, context.show, (file) => places.path(file)),
    findings: report.findings.map((finding) => pageFinding(finding, places, words)),
    unchecked,
    trend: [],
    sections: [problemsHtml(report, places, words), resultsHtml(report, context, places, words)],
  });
}

function pageFinding(finding: Finding, places: Places, words: PageWords): PageFinding {
  const { check, location, message, results, related } = finding;
  const { start } = places.region(location);
  const addresses = [...new Set(results.map(({ result }) => result.instance.address))];
  const principals = results.filter(({ result }) => isPrincipal(result.instance.type));
  const fixes = fixTitles(check).map(
    ({ title, safe }) => `<li>${proseHtml(title)}${safe ? ` <small>(${words.safe})</small>` : ""}</li>`,
  );
  const others = related
    .filter((other) => !other.message.endsWith(" has it."))
    .map((other) => {
      const at = places.region(other.location).start;
      return `<li><code>${escape(`${places.path(other.location.file)}:${String(at.line)}:${String(at.column)}`)}</code> ${proseHtml(other.message)}${excerptHtml(other.location, places)}</li>`;
    });
  const { fields } = words;
  const rows: readonly (readonly [string, string])[] = [
    [addresses.length === 1 ? fields.resource : fields.resources, codeLines(addresses)],
    [fields.why, proseHtml(check.why)],
    [fields.advice, proseHtml(check.advice)],
    [fields.fix, fixes.length === 0 ? "" : `<ul>${fixes.join("")}</ul>`],
    [fields.related, others.length === 0 ? "" : `<ul>${others.join("")}</ul>`],
    [fields.benchmarks, escape(check.benchmarks.join(", "))],
    [fields.references, linksHtml(check.references)],
  ];
  return {
    item: check.id,
    title: check.title,
    risk: check.risk,
    dimensions: check.dimensions,
    category: check.category,
    benchmarks: check.benchmarks,
    cloud: check.cloud,
    service: check.service,
    instances: addresses,
    principals: [...new Set(principals.map(({ result }) => result.instance.address))],
    account: undefined,
    place: `${places.path(location.file)}:${String(start.line)}:${String(start.column)}`,
    message,
    excerpt: excerptHtml(location, places),
    fields: rows.filter(([, html]) => html !== ""),
  };
}

function excerptHtml(location: Finding["location"], places: Places): string {
  const excerpt = excerptOf(location, places);
  if (excerpt === undefined) return "";
  const { line, text, from, to } = excerpt;
  return `<pre><span class="line">${String(line)}</span> ${escape(text.slice(0, from))}<mark>${escape(text.slice(from, to)) || " "}</mark>${escape(text.slice(to))}</pre>`;
}

function problemsHtml(report: Report, places: Places, words: PageWords): string {
  if (report.problems.length === 0) return "";
  const rows = report.problems.map(({ file, range, severity, message }) => {
    const { start } = places.region({ file, range });
    const at = `${places.path(file)}:${String(start.line)}:${String(start.column)}`;
    return [severity === "information" ? "note" : severity, `<code>${escape(at)}</code>`, proseHtml(message)];
  });
  return tableHtml(words.problems(rows.length), words.problemColumns, rows);
}

function resultsHtml(report: Report, context: ReportContext, places: Places, words: PageWords): string {
  const listed = report.results.filter(
    ({ result, suppression }) =>
      (result.outcome.kind !== "fail" || suppression !== undefined) &&
      isListed(result.outcome, suppression !== undefined, context.show),
  );
  if (listed.length === 0) return "";
  const rows = listed.map(({ result, suppression, root }) => {
    const kind = suppression === undefined ? result.outcome.kind : suppression.by === "baseline" ? "known" : "suppressed";
    const reason = suppression === undefined ? outcomeReasons(result.outcome).map(reasonText).join("; ") : suppression.reason;
    const codes = [result.check.id, result.instance.address].map((text) => `<code>${escape(text)}</code>`);
    return [words.kinds[kind], ...codes, escape(places.path(root)), escape(reason)];
  });
  return tableHtml(words.others(rows.length), words.otherColumns, rows);
}
