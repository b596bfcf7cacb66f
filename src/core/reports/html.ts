import type { Finding, Report } from "../findings/model.ts";
import {
  countByRisk,
  fixTitles,
  isListed,
  outcomeReasons,
  Places,
  plural,
  reasonText,
  risks,
  type ReportContext,
} from "./context.ts";
import { excerptOf } from "./excerpt.ts";
import { script, style } from "./html-page.ts";
import { escapeMarkup as escape, proseHtml } from "./markup.ts";
import { allCoverageLines } from "./text.ts";

/** One file that needs nothing else: it opens offline, filters, prints, and follows the reader's colour scheme. */
export function renderHtml(report: Report, context: ReportContext): string {
  const places = new Places(context);
  const counts = countByRisk(report);
  const what = report.hasBaseline ? "new finding" : "finding";
  const headline = report.findings.length === 0 ? `No ${what}s` : plural(report.findings.length, what);
  const services = countsOf(report.findings.map(({ check }) => `${check.cloud} ${check.service}`));
  const dimensions = countsOf(report.findings.flatMap(({ check }) => check.dimensions));
  const listed = report.results.filter(
    ({ result, suppression }) =>
      (result.outcome.kind !== "fail" || suppression !== undefined) &&
      isListed(result.outcome, suppression !== undefined, context.show),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>Plumbline: ${escape(headline)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escape(headline)}</h1>
<p class="counts">${risks.map((risk) => `<span class="risk ${risk}">${counts[risk]} ${risk}</span>`).join(" ")}</p>
${coverageHtml(report, context, places)}
</header>
${report.findings.length === 0 ? "" : `<section class="charts" aria-label="Findings by service and dimension">${chart("By service", services)}${chart("By dimension", dimensions)}</section>`}
${report.findings.length === 0 ? "" : filters(report, services)}
<main id="findings" aria-live="polite">
${risks
  .flatMap((risk) => report.findings.filter(({ check }) => check.risk === risk))
  .map((finding) => findingHtml(finding, context, places))
  .join("\n")}
<p id="none" hidden>No finding matches.</p>
</main>
${problemsHtml(report, places)}
${resultsHtml(listed, places)}
<footer>Plumbline ${escape(context.version)}</footer>
<script>${script}</script>
</body>
</html>
`;
}

function coverageHtml(report: Report, context: ReportContext, places: Places): string {
  const lines = allCoverageLines(report, context.show, (file) => places.path(file));
  return `<p class="coverage">${lines.map(escape).join("<br>")}</p>`;
}

function countsOf(names: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

function chart(title: string, counts: readonly (readonly [string, number])[]): string {
  const most = Math.max(1, ...counts.map(([, count]) => count));
  const rows = counts.map(
    ([name, count]) =>
      `<tr><th scope="row">${escape(name)}</th><td><span class="bar" style="width:${Math.round((100 * count) / most)}%"></span></td><td class="number">${count}</td></tr>`,
  );
  return `<table><caption>${escape(title)}</caption>${rows.join("")}</table>`;
}

function filters(report: Report, services: readonly (readonly [string, number])[]): string {
  const counts = countByRisk(report);
  const boxes = risks
    .filter((risk) => counts[risk] > 0)
    .map((risk) => `<label><input type="checkbox" name="risk" value="${risk}" checked> ${risk}</label>`);
  const options = services.map(([name]) => `<option value="${escape(name)}">${escape(name)}</option>`);
  return `<form class="filters" role="search" aria-label="Filter the findings">
<label>Search <input type="search" id="text" placeholder="check, file, resource"></label>
${boxes.join(" ")}
<label>Service <select id="service"><option value="">all</option>${options.join("")}</select></label>
<output id="shown" for="text service">${report.findings.length} shown</output>
</form>`;
}

function findingHtml(finding: Finding, context: ReportContext, places: Places): string {
  const { check, location, message, results, related } = finding;
  const { start } = places.region(location);
  const place = `${places.path(location.file)}:${start.line}:${start.column}`;
  const addresses = [...new Set(results.map(({ result }) => result.instance.address))];
  const search = [check.id, check.title, place, message, ...addresses].join(" ").toLowerCase();
  const links = check.references
    .filter((address) => /^https:\/\/[^\s"'<>]+$/.test(address))
    .map((address) => `<li><a href="${escape(address)}" rel="noreferrer">${escape(address.slice(8))}</a></li>`);
  const fixes = fixTitles(check).map(
    ({ title, safe }) => `<li>${proseHtml(title)}${safe ? " <small>(safe: --fix applies it)</small>" : ""}</li>`,
  );
  const others = related
    .filter((other) => !other.message.endsWith(" has it."))
    .map((other) => {
      const at = places.region(other.location).start;
      return `<li><code>${escape(`${places.path(other.location.file)}:${at.line}:${at.column}`)}</code> ${proseHtml(other.message)}${excerptHtml(other.location, context, places)}</li>`;
    });
  return `<details class="finding" data-risk="${check.risk}" data-service="${escape(`${check.cloud} ${check.service}`)}" data-text="${escape(search)}">
<summary><span class="risk ${check.risk}">${check.risk}</span> <strong>${escape(check.title)}</strong> <code>${escape(place)}</code></summary>
<p>${proseHtml(message)}</p>
${excerptHtml(location, context, places)}
<dl>
<dt>${addresses.length === 1 ? "Resource" : "Resources"}</dt><dd>${addresses.map((address) => `<code>${escape(address)}</code>`).join("<br>")}</dd>
<dt>Why</dt><dd>${proseHtml(check.why)}</dd>
${check.advice.trim() === "" ? "" : `<dt>Advice</dt><dd>${proseHtml(check.advice)}</dd>`}
${fixes.length === 0 ? "" : `<dt>Fix</dt><dd><ul>${fixes.join("")}</ul></dd>`}
${others.length === 0 ? "" : `<dt>See also</dt><dd><ul>${others.join("")}</ul></dd>`}
${check.benchmarks.length === 0 ? "" : `<dt>Benchmarks</dt><dd>${escape(check.benchmarks.join(", "))}</dd>`}
${links.length === 0 ? "" : `<dt>References</dt><dd><ul>${links.join("")}</ul></dd>`}
<dt>Check item</dt><dd><code>${escape(check.id)}</code></dd>
</dl>
</details>`;
}

function excerptHtml(location: Finding["location"], context: ReportContext, places: Places): string {
  const excerpt = excerptOf(location, context, places);
  if (excerpt === undefined) return "";
  const { line, text, from, to } = excerpt;
  return `<pre><span class="line">${line}</span> ${escape(text.slice(0, from))}<mark>${escape(text.slice(from, to)) || " "}</mark>${escape(text.slice(to))}</pre>`;
}

function problemsHtml(report: Report, places: Places): string {
  if (report.problems.length === 0) return "";
  const rows = report.problems.map(({ file, range, severity, message }) => {
    const { start } = places.region({ file, range });
    const at = `${places.path(file)}:${start.line}:${start.column}`;
    return `<tr><td>${severity === "information" ? "note" : severity}</td><td><code>${escape(at)}</code></td><td>${proseHtml(message)}</td></tr>`;
  });
  return `<section><h2>${plural(report.problems.length, "problem")}</h2><table class="rows"><thead><tr><th scope="col">Severity</th><th scope="col">Place</th><th scope="col">Message</th></tr></thead><tbody>${rows.join("")}</tbody></table></section>`;
}

function resultsHtml(listed: Report["results"], places: Places): string {
  if (listed.length === 0) return "";
  const rows = listed.map(({ result, suppression, root }) => {
    const kind = suppression === undefined ? result.outcome.kind : suppression.by === "baseline" ? "known" : "suppressed";
    const reason = suppression === undefined ? outcomeReasons(result.outcome).map(reasonText).join("; ") : suppression.reason;
    return `<tr><td>${names[kind]}</td><td><code>${escape(result.check.id)}</code></td><td><code>${escape(result.instance.address)}</code></td><td>${escape(places.path(root))}</td><td>${escape(reason)}</td></tr>`;
  });
  return `<section><h2>${plural(listed.length, "other result")}</h2><table class="rows"><thead><tr><th scope="col">Result</th><th scope="col">Check item</th><th scope="col">Instance</th><th scope="col">Root</th><th scope="col">Reason</th></tr></thead><tbody>${rows.join("")}</tbody></table></section>`;
}

const names = {
  pass: "pass",
  fail: "fail",
  unknown: "not decided",
  notApplicable: "not applicable",
  notChecked: "not checked",
  suppressed: "suppressed",
  known: "known",
} as const;
