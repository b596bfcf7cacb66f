import type { Category, Dimension, Risk } from "../checks/model.ts";
import type { Language } from "../text/language.ts";
import type { Cloud } from "../instances/model.ts";
import type { Reason } from "../values/value.ts";
import { reasonText } from "./context.ts";
import { csvText } from "./csv.ts";
import { escapeMarkup as escape, proseHtml } from "./markup.ts";
import { linksHtml, renderPage, tableHtml, type PageFinding, type TrendLine } from "./page.ts";
import { pageWords, type PageWords } from "./page-words.ts";
import { isPrincipal } from "./principals.ts";

/** A scan of an account, as reports need it; what the live process tells of one fits. */
export interface ReportedScan {
  readonly cloud: Cloud;
  readonly scan: {
    readonly account: string;
    /** ISO 8601. */
    readonly startedAt: string;
    readonly state: string;
    readonly counts: Readonly<Record<ReportedStatus, number>>;
    readonly charged: number;
    readonly fee: string;
  };
  readonly results: readonly ReportedResult[];
  readonly unlisted: readonly { readonly item: string; readonly region: string | undefined; readonly reason: Reason }[];
  readonly items: Readonly<
    Record<
      string,
      {
        readonly why: string;
        readonly advice: string;
        readonly references: readonly string[];
        readonly benchmarks: readonly string[];
      }
    >
  >;
  /** Scans of the account, this one among them. */
  readonly history: readonly {
    readonly startedAt: string;
    readonly state: string;
    readonly passRate: number | undefined;
    readonly counts: { readonly pass: number; readonly fail: number };
  }[];
}

export type ReportedStatus = "pass" | "fail" | "notApplicable" | "suppressed" | "notChecked" | "vanished";

export interface ReportedResult {
  readonly item: string;
  readonly title: string;
  readonly service: string;
  readonly risk: Risk;
  readonly category: Category;
  readonly dimensions: readonly Dimension[];
  readonly type: string;
  readonly region: string | undefined;
  readonly id: string;
  readonly name: string;
  readonly status: ReportedStatus | "open";
  readonly reason: Reason | undefined;
  readonly message: string;
  readonly evidence: readonly { readonly path: string; readonly value: string }[];
  readonly change: "new" | "fixed" | "still" | undefined;
}

/** Scans of one account or several as one HTML page. `all`: results that did not fail are listed as well. */
export function scanHtml(
  scans: readonly ReportedScan[],
  { version, language, all }: { readonly version: string; readonly language: Language; readonly all: boolean },
): string {
  const words = pageWords(language);
  const findings = scans.flatMap((scan) =>
    scan.results.filter(({ status }) => status === "fail").map((result) => pageFinding(scan, result, words)),
  );
  return renderPage({
    language,
    version,
    headline: words.findings(findings.length, false),
    lines: scans.flatMap((scan) => scanLines(scan, words)),
    findings,
    unchecked: uncheckedOf(scans, words),
    trend: scans.map(trendOf),
    sections: [othersHtml(scans, all, words)],
  });
}

const csvColumns = [
  "account",
  "scanned",
  "status",
  "risk",
  "check",
  "title",
  "cloud",
  "service",
  "category",
  "dimensions",
  "benchmarks",
  "type",
  "region",
  "id",
  "name",
  "message",
  "evidence",
  "reason",
  "change",
] as const;

/** A line for each pair; without `all` those that passed or do not apply are left out. What could not be listed is a line, too. */
export function scanCsv(scans: readonly ReportedScan[], all: boolean): string {
  const rows: (readonly string[])[] = [csvColumns];
  for (const { cloud, scan, results, unlisted, items } of scans) {
    for (const result of results) {
      const {
        item,
        title,
        service,
        risk,
        category,
        dimensions,
        type,
        region,
        id,
        name,
        status,
        reason,
        message,
        evidence,
        change,
      } = result;
      if (!all && (status === "pass" || status === "notApplicable")) continue;
      rows.push([
        ...[scan.account, scan.startedAt, status, risk, item, title, cloud, service, category, dimensions.join(" ")],
        ...[(items[item]?.benchmarks ?? []).join(" "), type, region ?? "", id, name, message],
        ...[evidence.map(({ path, value }) => (value === "" ? path : `${path}: ${value}`)).join("; ")],
        ...[reason === undefined ? "" : reasonText(reason), change ?? ""],
      ]);
    }
    for (const { item, region, reason } of unlisted)
      rows.push([
        ...[scan.account, scan.startedAt, "notListed", "", item, "", cloud, "", "", "", "", "", region ?? "", "", "", "", ""],
        ...[reasonText(reason), ""],
      ]);
  }
  return csvText(rows);
}

function pageFinding({ cloud, scan, items }: ReportedScan, result: ReportedResult, words: PageWords): PageFinding {
  const { item, title, service, risk, category, dimensions, type, region, id, name, message, evidence, change } = result;
  const texts = items[item];
  // ARNs are long, and most of one is said beside it.
  const label = name === id ? id : `${name} (${id.replace(/^arn:.*[:/]/, "…")})`;
  const { fields } = words;
  const rows: readonly (readonly [string, string])[] = [
    [fields.instance, `<code>${escape(type)}</code> ${escape(label)}`],
    [fields.account, escape(scan.account)],
    [fields.region, escape(region ?? "")],
    [
      fields.evidence,
      evidence
        .map(({ path, value }) => `<code>${escape(path)}</code>${value === "" ? "" : `: <code>${escape(value)}</code>`}`)
        .join("<br>"),
    ],
    [fields.why, proseHtml(texts?.why ?? "")],
    [fields.advice, proseHtml(texts?.advice ?? "")],
    [fields.change, change === undefined ? "" : words.changes[change]],
    [fields.benchmarks, escape((texts?.benchmarks ?? []).join(", "))],
    [fields.references, linksHtml(texts?.references ?? [])],
  ];
  return {
    item,
    title,
    risk,
    dimensions,
    category,
    benchmarks: texts?.benchmarks ?? [],
    cloud,
    service,
    instances: [`${name} · ${type}`],
    principals: isPrincipal(type) ? [`${name} · ${type}`] : [],
    account: scan.account,
    place: region === undefined ? label : `${label} · ${region}`,
    message,
    excerpt: "",
    fields: rows.filter(([, html]) => html !== ""),
  };
}

function scanLines({ scan, unlisted }: ReportedScan, words: PageWords): readonly string[] {
  const { account, startedAt, counts, charged, fee, state } = scan;
  const { fail, pass, notApplicable, suppressed, notChecked } = counts;
  return [
    words.scanLine(
      words.scan(account, startedAt.slice(0, 16).replace("T", " ")),
      words.scanCounts(fail, pass, notApplicable, suppressed, notChecked),
      words.charged(charged, fee),
    ),
    ...(state === "done" ? [] : [words.unfinished]),
    ...unlisted.map(
      ({ item, region, reason }) =>
        `${item}${region === undefined ? "" : ` (${region})`}: ${words.unlisted}: ${reasonText(reason)}`,
    ),
  ];
}

function uncheckedOf(scans: readonly ReportedScan[], words: PageWords): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { results } of scans)
    for (const { status, reason } of results) {
      if (status !== "notChecked" && status !== "open") continue;
      const why = reason === undefined ? words.kinds.notChecked : reasonText(reason);
      counts.set(why, (counts.get(why) ?? 0) + 1);
    }
  return counts;
}

function trendOf({ scan, history }: ReportedScan): TrendLine {
  const points = history
    .flatMap(({ startedAt, state, passRate, counts }) =>
      // A scan that was cut short says nothing of all items.
      state !== "done" || passRate === undefined ? [] : [{ at: startedAt, passRate, passed: counts.pass, failed: counts.fail }],
    )
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  return { account: scan.account, points };
}

function othersHtml(scans: readonly ReportedScan[], all: boolean, words: PageWords): string {
  const rows = scans.flatMap(({ scan, results }) =>
    results
      .filter(({ status }) => status !== "fail" && (all || (status !== "pass" && status !== "notApplicable")))
      .map(({ status, item, type, name, region, reason }) => [
        words.kinds[status === "open" ? "notChecked" : status],
        `<code>${escape(item)}</code>`,
        `<code>${escape(type)}</code> ${escape(name)}`,
        escape(region === undefined ? scan.account : `${scan.account} · ${region}`),
        escape(reason === undefined ? "" : reasonText(reason)),
      ]),
  );
  return rows.length === 0 ? "" : tableHtml(words.others(rows.length), words.otherColumns, rows);
}
