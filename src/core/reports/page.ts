import { sha256 } from "@noble/hashes/sha2.js";
import type { Category, Dimension, Risk } from "../checks/model.ts";
import type { Language } from "../text/language.ts";
import { risks } from "./context.ts";
import { script, style } from "./html-page.ts";
import { escapeMarkup as escape, proseHtml } from "./markup.ts";
import { pageWords, type PageWords } from "./page-words.ts";

/* One HTML file that needs nothing else: it opens offline, filters, prints, and follows the reader's colour scheme. */

/** What is wrong somewhere, in files or in an account. */
export interface PageFinding {
  readonly item: string;
  readonly title: string;
  readonly risk: Risk;
  readonly dimensions: readonly Dimension[];
  readonly category: Category;
  readonly benchmarks: readonly string[];
  readonly cloud: string;
  readonly service: string;
  /** What is counted for it under "instances": addresses, or ids in an account. */
  readonly instances: readonly string[];
  /** Of them, those that act: users, roles, groups. */
  readonly principals: readonly string[];
  /** undefined: it is about files. */
  readonly account: string | undefined;
  readonly place: string;
  readonly message: string;
  /** HTML below the message. */
  readonly excerpt: string;
  /** Label and HTML. */
  readonly fields: readonly (readonly [label: string, html: string])[];
}

export interface TrendLine {
  readonly account: string;
  /** Oldest first; the pass rate in hundredths. */
  readonly points: readonly { readonly at: string; readonly passRate: number; readonly passed: number; readonly failed: number }[];
}

export interface PageContent {
  readonly language: Language;
  readonly version: string;
  readonly headline: string;
  /** What was looked at and what not: so that silence never looks like clean. */
  readonly lines: readonly string[];
  readonly findings: readonly PageFinding[];
  /** Reason to number of pairs that were not checked. */
  readonly unchecked: ReadonlyMap<string, number>;
  readonly trend: readonly TrendLine[];
  /** HTML after the findings. */
  readonly sections: readonly string[];
}

export function renderPage(content: PageContent): string {
  const words = pageWords(content.language);
  const { findings, headline } = content;
  const counts = risks.map((risk) => [risk, findings.filter((finding) => finding.risk === risk).length] as const);
  return `<!doctype html>
<html lang="${content.language === "zh-cn" ? "zh-CN" : "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${digest(style)}'; script-src '${digest(script)}'">
<title>Plumbline: ${escape(headline)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escape(headline)}</h1>
<p class="counts">${counts.map(([risk, count]) => `<span class="risk ${risk}">${String(count)} ${words.risks[risk]}</span>`).join(" ")}</p>
<p class="coverage">${content.lines.map(escape).join("<br>")}</p>
</header>
${trendHtml(content.trend, words)}
${chartsHtml(content, words)}
${findings.length === 0 ? "" : filters(findings, words)}
<main id="findings" aria-live="polite">
${risks
  .flatMap((risk) => findings.filter((finding) => finding.risk === risk))
  .map((finding) => findingHtml(finding, words))
  .join("\n")}
<p id="none" hidden>${words.none}</p>
</main>
${content.sections.join("\n")}
<footer>Plumbline ${escape(content.version)}</footer>
<script>${script}</script>
</body>
</html>
`;
}

/** By which a policy allows just this text. */
function digest(text: string): string {
  return `sha256-${btoa(String.fromCharCode(...sha256(new TextEncoder().encode(text))))}`;
}

/** The rows of a chart that are drawn; how many more there are stands below them. */
const mostRows = 8;

function chartsHtml({ findings, unchecked }: PageContent, words: PageWords): string {
  const count = (names: (finding: PageFinding) => readonly string[]): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const finding of findings) for (const name of names(finding)) counts.set(name, (counts.get(name) ?? 0) + 1);
    return counts;
  };
  const accounts = count(({ account }) => (account === undefined ? [] : [account]));
  const charts: readonly (readonly [string, ReadonlyMap<string, number>])[] = [
    [words.charts.service, count(({ cloud, service }) => [`${cloud} ${service}`])],
    [words.charts.dimension, count(({ dimensions }) => dimensions.map((dimension) => words.dimensions[dimension]))],
    [words.charts.category, count(({ category }) => [words.categories[category]])],
    // Controls are many: the benchmark and its version alone.
    [words.charts.benchmark, count(({ benchmarks }) => [...new Set(benchmarks.map((name) => name.split("/")[0] ?? name))])],
    [words.charts.account, accounts.size > 1 ? accounts : new Map()],
    [words.charts.instance, count(({ instances }) => instances)],
    [words.charts.principal, count(({ principals }) => principals)],
    [words.charts.unchecked, unchecked],
  ];
  const drawn = charts.filter(([, counts]) => counts.size > 0).map(([title, counts]) => chart(title, counts));
  return drawn.length === 0 ? "" : `<section class="charts" aria-label="${words.chartsLabel}">${drawn.join("")}</section>`;
}

function chart(title: string, counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const most = Math.max(1, ...sorted.map(([, count]) => count));
  const rows = sorted
    .slice(0, mostRows)
    .map(
      ([name, count]) =>
        `<tr><th scope="row" title="${escape(name)}">${escape(name)}</th><td><svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${String(Math.max(1, Math.round((100 * count) / most)))}" height="10"/></svg></td><td class="number">${String(count)}</td></tr>`,
    );
  const rest = sorted.length - mostRows;
  if (rest > 0) rows.push(`<tr><th scope="row">… +${String(rest)}</th><td></td><td></td></tr>`);
  return `<table><caption>${escape(title)}</caption>${rows.join("")}</table>`;
}

const width = 640;
const height = 120;

/** A line an account. Points carry their numbers as titles, and a table says the same to who does not see them. */
function trendHtml(trend: readonly TrendLine[], words: PageWords): string {
  const lines = trend.filter(({ points }) => points.length > 1);
  if (lines.length === 0) return "";
  const drawn = lines.map(({ account, points }) => {
    const x = (index: number): string => ((index * width) / (points.length - 1)).toFixed(1);
    const y = (rate: number): string => (height - (rate * height) / 100).toFixed(1);
    const path = points.map(({ passRate }, index) => `${x(index)},${y(passRate)}`).join(" ");
    const text = points.map(({ at, passRate, passed, failed }) =>
      words.trendPoint(at.slice(0, 16).replace("T", " "), passRate, passed, failed),
    );
    const dots = points.map(
      ({ passRate }, index) =>
        `<circle cx="${x(index)}" cy="${y(passRate)}" r="4"><title>${escape(text[index] ?? "")}</title></circle>`,
    );
    return `<figure><figcaption>${escape(account)}</figcaption><svg class="trend" viewBox="-6 -6 ${String(width + 12)} ${String(height + 12)}" role="img" aria-label="${escape(text.join("; "))}"><line x1="0" y1="0" x2="${String(width)}" y2="0"/><line x1="0" y1="${String(height)}" x2="${String(width)}" y2="${String(height)}"/><polyline points="${path}"/>${dots.join("")}</svg><ol class="numbers">${text.map((each) => `<li>${escape(each)}</li>`).join("")}</ol></figure>`;
  });
  return `<section><h2>${words.trend}</h2>${drawn.join("")}</section>`;
}

function filters(findings: readonly PageFinding[], words: PageWords): string {
  const boxes = risks
    .filter((risk) => findings.some((finding) => finding.risk === risk))
    .map((risk) => `<label><input type="checkbox" name="risk" value="${risk}" checked> ${words.risks[risk]}</label>`);
  const services = [...new Set(findings.map(({ cloud, service }) => `${cloud} ${service}`))].sort();
  const options = services.map((name) => `<option value="${escape(name)}">${escape(name)}</option>`);
  return `<form class="filters" role="search" aria-label="${words.filter}">
<label>${words.search} <input type="search" id="text" placeholder="${words.searchHint}"></label>
${boxes.join(" ")}
<label>${words.service} <select id="service"><option value="">${words.all}</option>${options.join("")}</select></label>
<output id="shown" for="text service" data-text="${words.shown}">${words.shown.replace("#", String(findings.length))}</output>
</form>`;
}

function findingHtml(finding: PageFinding, words: PageWords): string {
  const { item, title, risk, cloud, service, place, message, excerpt, fields, instances, account } = finding;
  const search = [item, title, place, message, account ?? "", ...instances].join(" ").toLowerCase();
  const rows = fields.map(([label, html]) => `<dt>${escape(label)}</dt><dd>${html}</dd>`);
  return `<details class="finding" data-risk="${risk}" data-service="${escape(`${cloud} ${service}`)}" data-text="${escape(search)}">
<summary><span class="risk ${risk}">${words.risks[risk]}</span> <strong>${escape(title)}</strong> <code>${escape(place)}</code></summary>
<p>${proseHtml(message)}</p>
${excerpt}
<dl>
${rows.join("\n")}
<dt>${words.fields.item}</dt><dd><code>${escape(item)}</code></dd>
</dl>
</details>`;
}

/** Code elements, a line each. */
export function codeLines(texts: readonly string[]): string {
  return texts.map((text) => `<code>${escape(text)}</code>`).join("<br>");
}

/** Only what a browser follows safely. */
export function linksHtml(addresses: readonly string[]): string {
  const links = addresses
    .filter((address) => /^https:\/\/[^\s"'<>]+$/.test(address))
    .map((address) => `<li><a href="${escape(address)}" rel="noreferrer">${escape(address.slice(8))}</a></li>`);
  return links.length === 0 ? "" : `<ul>${links.join("")}</ul>`;
}

/** A table of rows, each cell as HTML. */
export function tableHtml(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = columns.map((column) => `<th scope="col">${escape(column)}</th>`).join("");
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("");
  return `<section><h2>${escape(title)}</h2><table class="rows"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></section>`;
}
