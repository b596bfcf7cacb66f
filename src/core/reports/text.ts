import type { CheckItem, Risk } from "../checks/model.ts";
import { foldFindings } from "../findings/fold.ts";
import type { Coverage, Finding, PlacedResult, Report } from "../findings/model.ts";
import type { Cloud } from "../instances/model.ts";
import type { FilePath, Location, Problem } from "../text/text.ts";
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

export interface TextOptions extends ReportContext {
  readonly color: boolean;
}

type Paint = (style: "bold" | "dim" | "red" | "yellow" | "blue" | "green" | "cyan", text: string) => string;

const codes = { bold: 1, dim: 2, red: 31, yellow: 33, blue: 34, green: 32, cyan: 36 } as const;
const riskColor = { high: "red", medium: "yellow", low: "blue" } as const satisfies Record<Risk, keyof typeof codes>;

/** The report as a person reads it in a terminal: findings as a compiler prints them, then problems, the summary, the coverage. */
export function renderText(report: Report, options: TextOptions): string {
  const paint: Paint = options.color ? (style, text) => `\u001b[${codes[style]}m${text}\u001b[0m` : (_, text) => text;
  const places = new Places(options);
  const about = aboutChecks(paint);
  const sections = [
    ...foldFindings(report.findings).map((findings) =>
      findings.length === 1 ? renderFinding(findings[0], about, places, paint) : renderFolded(findings, places, paint),
    ),
    ...listed(report, options, places, paint),
    ...report.problems.map((problem) => renderProblem(problem, options, places, paint)),
    [summary(report, paint), ...allCoverageLines(report, options.show, (file) => places.path(file))].join("\n"),
  ];
  return `${sections.join("\n\n")}\n`;
}

/** What each finding of a check item says again. */
interface AboutCheck {
  readonly heading: string;
  readonly notes: string;
}

function aboutChecks(paint: Paint): (check: CheckItem) => AboutCheck {
  const known = new Map<CheckItem, AboutCheck>();
  return (check) => {
    let about = known.get(check);
    if (about === undefined) known.set(check, (about = aboutCheck(check, paint)));
    return about;
  };
}

function aboutCheck(check: CheckItem, paint: Paint): AboutCheck {
  const heading = `${paint(riskColor[check.risk], paint("bold", `${check.risk} risk`))} ${paint("bold", check.title)} ${paint("dim", `[${check.id}]`)}`;
  const notes = [note("why", check.why, paint)];
  const fixes = fixTitles(check);
  const safe = fixes.find((fix) => fix.safe);
  if (safe !== undefined) notes.push(note("fix", `${safe.title} (plumbline check --fix, or the editor's quick fix)`, paint));
  else if (fixes[0] !== undefined) notes.push(note("fix", `${fixes[0].title} (quick fix in the editor)`, paint));
  if (safe === undefined || check.fixes.length === 0) notes.push(note("advice", check.advice, paint));
  notes.push(note("help", `plumbline checks show ${check.id}`, paint));
  return { heading, notes: notes.filter((line) => line !== "").join("\n") };
}

function note(name: string, text: string, paint: Paint): string {
  return text === "" ? "" : `  ${paint("blue", "=")} ${paint("bold", `${name}:`)} ${text.replaceAll(/\s*\n\s*/g, " ").trim()}`;
}

function renderFinding(
  { check, location, message, related, results }: Finding,
  about: (check: CheckItem) => AboutCheck,
  places: Places,
  paint: Paint,
): string {
  const color = riskColor[check.risk];
  const { heading, notes } = about(check);
  const lines = [heading, ...excerpt(location, "^", message, "-->", places, (text) => paint(color, text), paint)];
  for (const { location: place, message: said, about: what } of related) {
    if (what === "instance") continue;
    lines.push(...excerpt(place, "-", said, ":::", places, (text) => paint("cyan", text), paint));
  }
  lines.push(note(results.length === 1 ? "resource" : "resources", addresses(results), paint), notes);
  return lines.join("\n");
}

/** Low-risk findings at one place: what is wrong of each, a line. */
function renderFolded(findings: readonly [Finding, ...Finding[]], places: Places, paint: Paint): string {
  const [{ location }] = findings;
  const color = riskColor.low;
  const tint = (text: string): string => paint(color, text);
  const message = `${findings.length} findings, listed below.`;
  const resources = addresses(findings.flatMap(({ results }) => results));
  return [
    `${tint(paint("bold", "low risk"))} ${paint("bold", `${findings.length} findings at one place`)}`,
    ...excerpt(location, "^", message, "-->", places, tint, paint),
    `  ${paint("blue", "=")} ${paint("bold", resources.includes(", ") ? "resources:" : "resource:")} ${resources}`,
    ...findings.map(
      ({ check, message }) =>
        `  ${paint("blue", "=")} ${paint("bold", `${check.id}:`)} ${message.replaceAll(/\s*\n\s*/g, " ").trim()}`,
    ),
    `  ${paint("blue", "=")} ${paint("bold", "help:")} plumbline checks show ID`,
  ].join("\n");
}

function addresses(results: readonly PlacedResult[]): string {
  const [first] = results;
  if (first !== undefined && results.length === 1) return first.result.instance.address;
  const names = [...new Set(results.map(({ result }) => result.instance.address))];
  return names.length <= 5 ? names.join(", ") : `${names.slice(0, 5).join(", ")} and ${names.length - 5} more`;
}

/** `--> file:line:column`, the line, and the mark below it. A range over several lines is marked on its first. */
function excerpt(
  location: Location,
  mark: string,
  message: string,
  arrow: string,
  places: Places,
  tint: (text: string) => string,
  paint: Paint,
): string[] {
  const heading = `${paint("blue", arrow)} ${locationText(location, places)}`;
  const found = excerptOf(location, places);
  if (found === undefined) return [`  ${heading}`, `  ${paint("blue", "|")} ${message}`];
  const number = String(found.line);
  const gutter = " ".repeat(number.length);
  const bar = paint("blue", "|");
  const shown = clip(found.text, found.from, found.to);
  const before = blankOf(shown.text.slice(0, shown.from));
  const marks = mark.repeat(displayWidth(shown.text.slice(shown.from, shown.to)) || 1);
  return [
    `${gutter}${heading}`,
    `${gutter} ${bar}`,
    `${paint("blue", number)} ${bar} ${shown.text}`,
    `${gutter} ${bar} ${before}${tint(`${marks} ${message}`)}`,
  ];
}

const longestLine = 160;

/** Cuts a long line around what is marked. */
function clip(line: string, from: number, to: number): { readonly text: string; readonly from: number; readonly to: number } {
  if (line.length <= longestLine) return { text: line, from, to: Math.min(to, Math.max(line.length, from + 1)) };
  const start = Math.max(0, Math.min(from - 20, line.length - longestLine));
  const end = Math.min(line.length, start + longestLine);
  const lead = start > 0 ? "…" : "";
  const text = `${lead}${line.slice(start, end)}${end < line.length ? "…" : ""}`;
  return { text, from: from - start + lead.length, to: Math.min(to, end) - start + lead.length };
}

/** East Asian wide characters take two columns of a terminal. */
const wide = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;
/** Each character one column: most lines, and told at once. */
const isNarrow = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

function displayWidth(text: string): number {
  if (isNarrow(text)) return text.length;
  let width = 0;
  for (const unit of text) width += wide.test(unit) ? 2 : 1;
  return width;
}

/** As wide as the text; tabs stay, since nobody knows how wide they are. */
function blankOf(text: string): string {
  return isNarrow(text) ? " ".repeat(text.length) : text.replaceAll(/[^\t]/g, (unit) => (wide.test(unit) ? "  " : " "));
}

/** What `--show unknown` and `--show all` add, one line a result. */
function listed(report: Report, options: TextOptions, places: Places, paint: Paint): string[] {
  const lines: string[] = [];
  for (const item of report.results) {
    const { outcome, check, instance } = item.result;
    const { suppression } = item;
    const suppressed = suppression !== undefined;
    if ((outcome.kind === "fail" && !suppressed) || !isListed(outcome, suppressed, options.show)) continue;
    const kind = suppressed
      ? suppression.by === "baseline"
        ? "known"
        : "suppressed"
      : outcome.kind === "notApplicable"
        ? "not applicable"
        : outcome.kind === "notChecked"
          ? "not checked"
          : outcome.kind;
    const reasons = suppressed ? suppression.reason : outcomeReasons(outcome).map(reasonText).join("; ");
    const at = item.location === undefined ? "" : ` ${paint("dim", locationText(item.location, places))}`;
    lines.push(`${paint("bold", kind)} ${check.id} ${instance.address}${at}${reasons === "" ? "" : `: ${reasons}`}`);
  }
  return lines.length === 0 ? [] : [lines.join("\n")];
}

function locationText(location: Location, places: Places): string {
  const { start } = places.region(location);
  return `${places.path(location.file)}:${start.line}:${start.column}`;
}

/** What is wrong with the files themselves. */
export function renderProblems(report: Report, options: TextOptions): readonly string[] {
  const paint: Paint = options.color ? (style, text) => `\u001b[${codes[style]}m${text}\u001b[0m` : (_, text) => text;
  const places = new Places(options);
  return report.problems.map((problem) => renderProblem(problem, options, places, paint));
}

function renderProblem(problem: Problem, options: TextOptions, places: Places, paint: Paint): string {
  const color = { error: "red", warning: "yellow", information: "blue" } as const;
  const location = { file: problem.file, range: problem.range };
  const tint = (text: string): string => paint(color[problem.severity], text);
  const heading = paint("bold", tint(problem.severity === "information" ? "note" : problem.severity));
  if (options.text(problem.file) === undefined) return `${heading} ${places.path(problem.file)}: ${problem.message}`;
  return [`${heading} ${problem.message}`, ...excerpt(location, "^", "", "-->", places, tint, paint)]
    .map((line) => line.trimEnd())
    .join("\n");
}

function summary(report: Report, paint: Paint): string {
  const total = report.findings.length;
  if (total === 0) return paint("green", "No findings.");
  const counts = countByRisk(report);
  const parts = risks.filter((risk) => counts[risk] > 0).map((risk) => paint(riskColor[risk], `${counts[risk]} ${risk} risk`));
  return `${paint("bold", plural(total, "finding"))}: ${parts.join(", ")}.`;
}

/** The coverage, environment by environment where there are several. `cloud`: the checks are of one cloud only. */
export function allCoverageLines(
  report: Report,
  show: ReportContext["show"],
  shown: (file: FilePath) => string,
  cloud?: Cloud,
): readonly string[] {
  if (report.environments.length === 0) return coverageLines(report.coverage, show, shown, cloud);
  const lines = report.environments.flatMap(({ name, coverage }) => [
    `Environment ${name}:`,
    ...coverageLines({ ...coverage, checksOff: [] }, show, shown, cloud),
  ]);
  return [...lines, ...offLines(report.coverage, show)];
}

function offLines({ checksOff }: Coverage, show: ReportContext["show"]): readonly string[] {
  if (checksOff.length === 0) return [];
  const names = checksOff.length <= 8 || show === "all" ? checksOff : checksOff.slice(0, 8);
  const more = checksOff.length - names.length;
  return [`Turned off: ${plural(checksOff.length, "check")} (${names.join(", ")}${more > 0 ? `, ${more} more` : ""}).`];
}

/** So that silence never looks like clean. */
export function coverageLines(
  coverage: Coverage,
  show: ReportContext["show"],
  shown: (file: FilePath) => string,
  cloud?: Cloud,
): readonly string[] {
  const isOurs = (type: string): boolean =>
    cloud === undefined || type.replace(/^(?:data|provider)\./, "").startsWith(PREFIX[cloud]);
  const ours = new Map([...coverage.unsupported].filter(([type]) => isOurs(type)));
  const unsupported = total(ours);
  const elsewhere = total(coverage.unsupported) - unsupported;
  const { results } = coverage;
  const undecided = results.unknown + results.notChecked;
  const parts = [
    `${plural(coverage.resources, "resource")} seen`,
    `${coverage.assessed} assessed by ${plural(coverage.checks, "check")}`,
    `${unsupported} of ${unsupported === 1 ? "a type" : "types"} that ${coverage.checks === 1 ? "it does not look at" : "none of them looks at"}${unsupported > 0 ? ` (${top(ours, show === "all" ? Infinity : 5)})` : ""}`,
    ...(elsewhere > 0 ? [`${elsewhere} of other clouds and providers`] : []),
  ];
  const lines = [`Coverage: ${parts.join(", ")}.`];
  if (undecided > 0) {
    lines.push(`Not decided: ${plural(undecided, "result")} (${top(coverage.unknownReasons, show === "fail" ? 5 : Infinity)}).`);
  }
  const unread = [...coverage.unreadNames.values()].reduce((sum, count) => sum + count, 0);
  if (unread > 0) {
    const names = top(coverage.unreadNames, show === "all" ? Infinity : 5);
    lines.push(`Skipped: ${plural(unread, "argument")} that the providers' schemas do not have (${names}).`);
  }
  if (results.suppressed > 0) lines.push(`Suppressed: ${plural(results.suppressed, "result")}.`);
  if (results.known > 0) lines.push(`Known from the baseline: ${plural(results.known, "failing result")}.`);
  lines.push(...offLines(coverage, show));
  for (const { file, why } of coverage.skippedFiles.slice(0, show === "fail" ? 5 : Infinity))
    lines.push(`Not assessed: ${shown(file)}: ${why}`);
  if (show === "fail" && coverage.skippedFiles.length > 5)
    lines.push(`Not assessed: ${coverage.skippedFiles.length - 5} more files.`);
  return lines;
}

/** How the resource types of a cloud begin. */
const PREFIX = { aws: "aws_", alibaba: "alicloud_", tencent: "tencentcloud_" } as const satisfies Record<Cloud, string>;

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function top(counts: ReadonlyMap<string, number>, most: number): string {
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const shown = sorted.slice(0, most).map(([name, count]) => (count === 1 ? name : `${name} × ${count}`));
  return sorted.length > most ? `${shown.join(", ")}, ${sorted.length - most} more` : shown.join(", ");
}
