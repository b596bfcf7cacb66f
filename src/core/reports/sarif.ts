import type { CheckItem, Outcome, Risk } from "../checks/model.ts";
import { fingerprint } from "../findings/fingerprint.ts";
import type { PlacedResult, Report } from "../findings/model.ts";
import { isInside, relativePath } from "../text/path.ts";
import type { FilePath, Location, Problem } from "../text/text.ts";
import { isListed, outcomeReasons, Places, reasonText, type ReportContext } from "./context.ts";

const levels = { high: "error", medium: "warning", low: "note" } as const satisfies Record<Risk, string>;
const problemLevels = { error: "error", warning: "warning", information: "note" } as const satisfies Record<
  Problem["severity"],
  string
>;
/** What GitHub sorts by; the middle of its bands. */
const severities = { high: "8.0", medium: "5.5", low: "3.0" } as const satisfies Record<Risk, string>;

/**
 * SARIF 2.1.0 (OASIS, errata 01): one result a check and instance. `kind` is `fail` by default; with more shown also `open` (not
 * decided), `pass` and `notApplicable`, each with level none, and suppressed fails with their suppression.
 */
export function renderSarif(report: Report, context: ReportContext): string {
  const places = new Places(context);
  const listed = report.results.filter(({ result, suppression }) =>
    isListed(result.outcome, suppression !== undefined, context.show),
  );
  const checks = new Map<string, CheckItem>();
  for (const { result } of listed) checks.set(result.check.id, result.check);
  const rules = [...checks.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const indexes = new Map(rules.map((check, index) => [check.id, index]));

  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Plumbline", semanticVersion: context.version, rules: rules.map(ruleOf) } },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { SRCROOT: { uri: `${fileUri(context.base)}/` } },
        invocations: [
          {
            executionSuccessful: !report.problems.some((problem) => problem.severity === "error"),
            toolExecutionNotifications: report.problems.map((problem) => ({
              level: problemLevels[problem.severity],
              descriptor: { id: problem.code },
              message: { text: problem.message },
              locations: [{ physicalLocation: physical({ file: problem.file, range: problem.range }, places, context.base) }],
            })),
          },
        ],
        results: listed.map((item) => resultOf(item, indexes.get(item.result.check.id) ?? 0, places, context, report.hasBaseline)),
        properties: {
          coverage: {
            resources: report.coverage.resources,
            assessed: report.coverage.assessed,
            unsupported: Object.fromEntries(report.coverage.unsupported),
            unreadNames: Object.fromEntries(report.coverage.unreadNames),
            results: report.coverage.results,
            unknownReasons: Object.fromEntries(report.coverage.unknownReasons),
            checks: report.coverage.checks,
            checksOff: report.coverage.checksOff,
          },
        },
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf(check: CheckItem): object {
  const help = [check.why, check.advice].filter((text) => text !== "").join("\n\n");
  const link = check.references[0];
  return {
    id: check.id,
    shortDescription: { text: check.title },
    ...(check.why === "" ? {} : { fullDescription: { text: check.why } }),
    ...(help === "" ? {} : { help: { text: help } }),
    ...(link === undefined ? {} : { helpUri: link }),
    defaultConfiguration: { level: levels[check.risk] },
    properties: {
      tags: [...new Set(["security", ...check.dimensions, check.category, check.cloud, check.service, ...check.benchmarks])],
      precision: "high",
      "security-severity": severities[check.risk],
    },
  };
}

function resultOf(item: PlacedResult, ruleIndex: number, places: Places, context: ReportContext, compares: boolean): object {
  const { result, suppression } = item;
  const kind = kindOf(result.outcome);
  const { address } = result.instance;
  return {
    ruleId: result.check.id,
    ruleIndex,
    kind,
    level: kind === "fail" ? levels[result.check.risk] : "none",
    message: { text: messageOf(item) },
    locations: [
      {
        ...(item.location === undefined ? {} : { physicalLocation: physical(item.location, places, context.base) }),
        logicalLocations: [{ fullyQualifiedName: address, name: address.slice(address.lastIndexOf(".") + 1), kind: "resource" }],
      },
    ],
    ...(item.related.length === 0
      ? {}
      : {
          relatedLocations: item.related.map(({ location, message }, id) => ({
            id,
            physicalLocation: physical(location, places, context.base),
            ...(message === "" ? {} : { message: { text: message } }),
          })),
        }),
    partialFingerprints: { "plumbline/v1": fingerprint(result, relativePath(context.base, item.root)) },
    ...(compares ? { baselineState: suppression?.by === "baseline" ? "unchanged" : "new" } : {}),
    ...(suppression === undefined || suppression.by === "baseline"
      ? {}
      : {
          suppressions: [
            {
              kind: "inSource",
              status: "accepted",
              ...(suppression.reason === "" ? {} : { justification: suppression.reason }),
              location: { physicalLocation: physical(suppression.location, places, context.base) },
            },
          ],
        }),
    properties: { root: places.path(item.root), ...(item.environment === undefined ? {} : { environment: item.environment }) },
  };
}

function kindOf(outcome: Outcome): "fail" | "open" | "pass" | "notApplicable" {
  switch (outcome.kind) {
    case "fail":
    case "pass":
    case "notApplicable":
      return outcome.kind;
    case "unknown":
    case "notChecked":
      return "open";
  }
}

function messageOf({ result }: PlacedResult): string {
  const reasons = outcomeReasons(result.outcome).map(reasonText).join("; ");
  switch (result.outcome.kind) {
    case "fail":
      return result.message === "" ? result.check.title : result.message;
    case "pass":
      return result.check.title;
    case "notApplicable":
      return `Does not apply: ${result.check.title}`;
    case "unknown":
      return `Not decided (${reasons}): ${result.check.title}`;
    case "notChecked":
      return `Not checked (${reasons}): ${result.check.title}`;
  }
}

function physical(location: Location, places: Places, base: FilePath): object {
  const { start, end } = places.region(location);
  return {
    artifactLocation: isInside(location.file, base)
      ? { uri: encodePath(relativePath(base, location.file)), uriBaseId: "SRCROOT" }
      : { uri: fileUri(location.file) },
    region: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
  };
}

function fileUri(path: FilePath): string {
  const encoded = encodePath(path === "/" ? "" : path);
  return `file://${encoded.startsWith("/") || encoded === "" ? "" : "/"}${encoded}`;
}

function encodePath(path: string): string {
  return path
    .split("/")
    .map((segment) => (/^[A-Za-z]:$/.test(segment) ? segment : encodeURIComponent(segment)))
    .join("/");
}
