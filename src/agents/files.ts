import { matchesName } from "../core/configuration/glob.ts";
import type { CheckItem } from "../core/checks/model.ts";
import type { Finding, Report } from "../core/findings/model.ts";
import { renderDiff } from "../core/reports/edit-diff.ts";
import { renderJson } from "../core/reports/json.ts";
import { countByRisk, risks, type ReportContext } from "../core/reports/context.ts";
import type { Service } from "../core/service.ts";
import { isInside } from "../core/text/path.ts";
import type { FilePath } from "../core/text/text.ts";
import { didYouMean } from "../core/text/nearest.ts";
import { formatPath } from "../core/values/path.ts";
import { readInput, type Input } from "./inputs.ts";
import { ToolRefusal, type FileToolName } from "./tools.ts";

/** A report and the service that made it, with nothing changed since. */
export interface Checked {
  readonly service: Pick<Service, "fixes" | "checks">;
  readonly report: Report;
  readonly context: Omit<ReportContext, "show">;
  /** Only findings in this folder; undefined: all. */
  readonly within?: FilePath | undefined;
}

/** The answer as JSON. Nothing secret is in it: values are masked as in every report. Throws ToolRefusal. */
export function answerAboutFiles(name: FileToolName, input: unknown, checked: Checked): object {
  switch (name) {
    case "plumbline_check":
      return checkAnswer(checked, readInput(name, input));
    case "plumbline_explain":
      return explainAnswer(checked, readInput(name, input));
    case "plumbline_propose_fix":
      return { fixes: fixesOf(findingOf(checked, readInput(name, input).finding), checked) };
  }
}

/** The members of the JSON report that are used here. */
interface JsonFinding {
  readonly id: string;
  readonly check: string;
  readonly title: string;
  readonly risk: "high" | "medium" | "low";
  readonly file: string;
  readonly start: { readonly line: number; readonly column: number };
  readonly message: string;
  readonly why: string;
  readonly advice: string;
  readonly benchmarks: readonly string[];
  readonly references: readonly string[];
  readonly fixes: readonly string[];
  readonly instances: readonly { readonly address: string }[];
  readonly related: readonly object[];
}

interface JsonReport {
  readonly findings: readonly JsonFinding[];
  readonly problems: readonly { readonly severity: string; readonly message: string; readonly file: string }[];
  readonly coverage: {
    readonly resources: number;
    readonly assessed: number;
    readonly results: Readonly<Record<string, number>>;
    readonly unknownReasons: Readonly<Record<string, number>>;
    readonly unsupported: Readonly<Record<string, number>>;
    readonly skippedFiles: readonly object[];
  };
}

/** How many reasons and problems an answer names: a model reads them all. */
const most = 20;

function checkAnswer(checked: Checked, { file, checks, minimumRisk, limit }: Input<"plumbline_check">): object {
  const { within, report } = checked;
  const least = risks.indexOf(minimumRisk ?? "low");
  const inside = report.findings.filter(({ location }) => within === undefined || isInside(location.file, within));
  const wanted = inside
    .filter(
      ({ check, location }) =>
        (file === undefined || location.file.endsWith(`/${file.replace(/^\.?\//, "")}`)) &&
        (checks === undefined || checks.some((pattern) => matchesName(pattern, check.id))) &&
        risks.indexOf(check.risk) <= least,
    )
    .sort((a, b) => risks.indexOf(a.check.risk) - risks.indexOf(b.check.risk));
  const { findings, problems, coverage } = jsonOf(checked, wanted.slice(0, limit));
  return {
    folder: checked.context.base,
    summary: { findings: inside.length, ...countByRisk({ ...report, findings: inside }) },
    shown: findings.length,
    of: wanted.length,
    findings: findings.map(({ id, check, title, risk, file: where, start, message, fixes, instances }) => ({
      id,
      check,
      title,
      risk,
      file: where,
      line: start.line,
      addresses: instances.map(({ address }) => address),
      message,
      fixes,
    })),
    problems: problems.slice(0, most),
    coverage: {
      resources: coverage.resources,
      assessed: coverage.assessed,
      results: coverage.results,
      unknownReasons: Object.fromEntries(Object.entries(coverage.unknownReasons).slice(0, most)),
      unsupported: Object.fromEntries(Object.entries(coverage.unsupported).slice(0, most)),
      skippedFiles: coverage.skippedFiles.slice(0, most),
    },
  };
}

function explainAnswer(checked: Checked, { finding: id }: Input<"plumbline_explain">): object {
  const check = checked.service.checks().get(id);
  if (check !== undefined) return checkItem(check);
  const finding = findingOf(checked, id);
  const [json] = jsonOf(checked, [finding]).findings;
  const evidence = finding.results.map(({ result: { instance, evidence: paths } }) => ({
    address: instance.address,
    decidedBy: paths.map(formatPath),
  }));
  return {
    ...json,
    instances: json?.instances.map(({ address }) => address),
    evidence,
    fixes: fixesOf(finding, checked),
    accept: `# plumbline:ignore ${finding.check.id} until=YYYY-MM-DD A reason for people`,
  };
}

function checkItem({
  id,
  title,
  risk,
  dimensions,
  category,
  cloud,
  service,
  why,
  advice,
  benchmarks,
  references,
  noFix,
}: CheckItem): object {
  return { id, title, risk, dimensions, category, cloud, service, why, advice, benchmarks, references, noFix };
}

function fixesOf(finding: Finding, { service, context }: Checked): readonly object[] {
  return service.fixes(finding).map((offer) =>
    offer.kind === "unavailable"
      ? { title: offer.title, available: false, why: offer.why }
      : {
          title: offer.title,
          available: true,
          // Not safe: it replaces the resource, reaches into a module, or wants a value of the user.
          safe: offer.safe,
          asksFor: offer.asks.length,
          diff: renderDiff(offer.edit, context.text, context.base),
        },
  );
}

function findingOf({ report, service }: Checked, id: string): Finding {
  const found = report.findings.find((finding) => finding.id === id);
  if (found !== undefined) return found;
  throw new ToolRefusal(
    `There is no finding or check item "${id}".${didYouMean(id, service.checks().keys())} plumbline_check gives the ids of findings; one that was fixed is gone.`,
  );
}

/** Findings by the report for programs, whose shape is documented and whose values are masked. */
function jsonOf({ report, context }: Checked, findings: readonly Finding[]): JsonReport {
  return JSON.parse(renderJson({ ...report, findings }, { ...context, show: "fail" })) as JsonReport;
}
