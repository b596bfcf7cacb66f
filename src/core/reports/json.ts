import type { PlacedResult, Report } from "../findings/model.ts";
import { fingerprint } from "../findings/fingerprint.ts";
import { relativePath } from "../text/path.ts";
import type { Location } from "../text/text.ts";
import { countByRisk, fixTitles, isListed, outcomeReasons, Places, type ReportContext } from "./context.ts";

/**
 * The report for programs. `version` grows when a member changes its meaning or goes away; new members may come at any time.
 * Lines and columns count from 1, columns in UTF-16 units, ends are exclusive. Files are relative to the folder where possible.
 */
export function renderJson(report: Report, context: ReportContext): string {
  const places = new Places(context);
  const place = (location: Location): object => ({ file: places.path(location.file), ...places.region(location) });
  const instance = (item: PlacedResult): object => ({
    address: item.result.instance.address,
    type: item.result.instance.type,
    root: places.path(item.root),
    ...(item.environment === undefined ? {} : { environment: item.environment }),
    fingerprint: fingerprint(item.result, relativePath(context.base, item.root)),
  });
  const { coverage } = report;
  const document = {
    version: 1,
    tool: { name: "plumbline", version: context.version },
    roots: report.roots.map((root) => places.path(root)),
    summary: { findings: report.findings.length, ...countByRisk(report) },
    findings: report.findings.map((finding) => ({
      id: finding.id,
      check: finding.check.id,
      title: finding.check.title,
      risk: finding.check.risk,
      dimensions: finding.check.dimensions,
      category: finding.check.category,
      cloud: finding.check.cloud,
      service: finding.check.service,
      ...place(finding.location),
      message: finding.message,
      ...(finding.environments === undefined ? {} : { environments: finding.environments }),
      why: finding.check.why,
      advice: finding.check.advice,
      benchmarks: finding.check.benchmarks,
      references: finding.check.references,
      fixes: fixTitles(finding.check),
      instances: finding.results.map(instance),
      related: finding.related.map(({ location, message }) => ({ ...place(location), message })),
    })),
    results: report.results
      .filter((item) => {
        const suppressed = item.suppression !== undefined;
        return (item.result.outcome.kind !== "fail" || suppressed) && isListed(item.result.outcome, suppressed, context.show);
      })
      .map((item) => ({
        check: item.result.check.id,
        kind:
          item.suppression === undefined ? item.result.outcome.kind : item.suppression.by === "baseline" ? "known" : "suppressed",
        ...instance(item),
        ...(item.location === undefined ? {} : place(item.location)),
        reasons: outcomeReasons(item.result.outcome),
        ...(item.suppression === undefined
          ? {}
          : { suppression: { by: item.suppression.by, reason: item.suppression.reason, until: item.suppression.until ?? null } }),
      })),
    problems: report.problems.map((problem) => ({
      severity: problem.severity,
      code: problem.code,
      ...place({ file: problem.file, range: problem.range }),
      message: problem.message,
    })),
    coverage: {
      resources: coverage.resources,
      assessed: coverage.assessed,
      unsupported: Object.fromEntries(coverage.unsupported),
      unreadNames: Object.fromEntries(coverage.unreadNames),
      results: coverage.results,
      unknownReasons: Object.fromEntries(coverage.unknownReasons),
      checks: coverage.checks,
      checksOff: coverage.checksOff,
      skippedFiles: coverage.skippedFiles.map(({ file, why }) => ({ file: places.path(file), why })),
    },
  };
  return `{\n${Object.entries(document)
    .map(([name, value]) => `${JSON.stringify(name)}: ${Array.isArray(value) ? itemLines(value) : JSON.stringify(value)}`)
    .join(",\n")}\n}\n`;
}

/** One item a line: a report of ten thousand findings is read by programs and by `grep`, and indenting it doubles it. */
function itemLines(items: readonly unknown[]): string {
  return items.length === 0 ? "[]" : `[\n${items.map((item) => JSON.stringify(item)).join(",\n")}\n]`;
}
