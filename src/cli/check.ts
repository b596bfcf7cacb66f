import { closeSync, existsSync, openSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { itemsByControl, type Benchmark } from "../core/checks/benchmarks.ts";
import { matchesName } from "../core/configuration/glob.ts";
import { knownFailures, renderBaseline, type Baseline } from "../core/findings/baseline.ts";
import { mergeEnvironments } from "../core/findings/environments.ts";
import { assessControls } from "../core/findings/controls.ts";
import type { Report } from "../core/findings/model.ts";
import { renderBenchmarkJson, renderBenchmarkText } from "../core/reports/benchmark.ts";
import { plural, type ReportContext } from "../core/reports/context.ts";
import { renderHtml } from "../core/reports/html.ts";
import { renderCsv } from "../core/reports/csv.ts";
import { renderDiff } from "../core/reports/edit-diff.ts";
import { jsonPieces } from "../core/reports/json.ts";
import { renderJunit } from "../core/reports/junit.ts";
import { renderMarkdown } from "../core/reports/markdown.ts";
import { renderSarif } from "../core/reports/sarif.ts";
import { renderText } from "../core/reports/text.ts";
import type { BatchService, Service, ServiceSettings } from "../core/service.ts";
import { directoryOf, isInside } from "../core/text/path.ts";
import type { FilePath, Problem } from "../core/text/text.ts";
import { toFilePath } from "../host/workspace-files.ts";
import type { CheckCommand } from "./arguments.ts";
import { writeEdit } from "./fix.ts";
import { openSnapshotFile } from "./snapshot.ts";
import { checkFully, checkOnce, deliverFolders } from "./workspace.ts";
import { givenValues } from "./variables.ts";

export interface Terminal {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  readonly color: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** `plumbline check`: the exit code. */
export async function runCheck(
  command: CheckCommand,
  open: () => Promise<BatchService>,
  version: string,
  terminal: Terminal,
): Promise<0 | 1 | 2> {
  const targets = command.paths.map(toFilePath);
  for (const [index, path] of targets.entries()) {
    if (existsSync(path)) continue;
    terminal.error(`plumbline: there is no "${command.paths[index] ?? path}".\n`);
    return 2;
  }
  for (const file of command.variableFiles) {
    if (existsSync(resolve(file))) continue;
    terminal.error(`plumbline: there is no variable file "${file}".\n`);
    return 2;
  }
  if (command.baseline !== undefined && !existsSync(resolve(command.baseline))) {
    terminal.error(`plumbline: there is no baseline "${command.baseline}". --write-baseline makes it.\n`);
    return 2;
  }
  const files = targets.filter((path) => !statSync(path).isDirectory());
  const folders = outermost(targets.map((path) => (files.includes(path) ? directoryOf(path) : path)));
  const service = await open();
  const benchmark = command.benchmark === undefined ? undefined : chooseBenchmark(command.benchmark, command.checks, service);
  if (benchmark !== undefined && "wrong" in benchmark) {
    terminal.error(`plumbline: ${benchmark.wrong}\n`);
    return 2;
  }
  const checks = benchmark?.checks ?? command.checks;
  const settings: ServiceSettings = {
    variableFiles: command.variableFiles.map(toFilePath),
    ...givenValues(command.variables, terminal.environment),
    trusted: true,
    ...(command.minimumRisk === undefined ? {} : { minimumRisk: command.minimumRisk }),
    ...(checks.length === 0 ? {} : { checks }),
    ...(command.baseline === undefined ? {} : { baselineFile: toFilePath(command.baseline) }),
  };
  service.configure(settings);
  const wrong = command.snapshot === undefined ? undefined : openSnapshotFile(service, command.snapshot);
  if (wrong !== undefined) {
    terminal.error(`plumbline: ${wrong}\n`);
    return 2;
  }
  const delivered = deliverFolders(service, folders);
  if (delivered.files === 0 && command.snapshot === undefined)
    terminal.error(`plumbline: no Terraform files in ${command.paths.join(", ")}.\n`);

  const environments = chooseEnvironments(command.environment, service);
  if (typeof environments === "string") {
    terminal.error(`plumbline: ${environments}\n`);
    return 2;
  }
  const known =
    command.since === undefined
      ? undefined
      : await baselinesSince(
          command.since,
          folders,
          await withPlanned(settings, command, environments[0], service),
          environments,
          open,
        );
  if (known !== undefined && "wrong" in known) {
    terminal.error(`plumbline: ${known.wrong}\n`);
    return 2;
  }

  const base = folders.length === 1 ? (folders[0] ?? "/") : commonFolder(folders);
  // Fixes are tried on values, and controls that tell address families apart look at them.
  const once = !command.fix && !command.diff && benchmark === undefined;
  // JUnit counts what passes among the tests.
  const passes = command.show === "all" || command.format === "junit";
  const assess = async (): Promise<Report> => {
    const report = await assessEnvironments(service, settings, environments, known, once ? { passes } : undefined);
    return narrowed(withProblems(report, delivered.problems), files.length === targets.length ? files : []);
  };
  let report = await assess();
  const ambiguous = report.problems.find(({ code }) => code === "several-roots");
  if (ambiguous !== undefined) {
    terminal.error(`plumbline: ${ambiguous.message}\n`);
    return 2;
  }
  if (command.diff) {
    const edit = service.fixAll();
    const diff = renderDiff(edit, (path) => service.text(path), base);
    write(diff, command.output, terminal);
    terminal.error(
      edit.size === 0
        ? "plumbline: no safe fixes.\n"
        : `plumbline: safe fixes in ${plural(edit.size, "file")}; nothing was written.\n`,
    );
    return exitCode(report);
  }
  if (command.fix) report = await fix(report, service, assess, terminal);
  if (command.writeBaseline !== undefined) {
    const failures = knownFailures(report.results, directoryOf(toFilePath(command.writeBaseline)));
    writeFileSync(command.writeBaseline, renderBaseline(failures));
    terminal.error(`plumbline: ${plural(failures.length, "known failure")} in ${command.writeBaseline}.\n`);
  }

  const context: ReportContext = {
    version,
    base,
    text: (path) => service.text(path),
    unquotedText: (path) => service.snapshotText(path),
    show: command.show,
  };
  const color = command.color ?? (terminal.color && command.output === undefined);
  const text =
    benchmark === undefined
      ? render(command, report, context, color)
      : renderBenchmark(command.format, benchmark.benchmark, report, service, { ...context, color });
  write(text, command.output, terminal);
  if (command.output !== undefined)
    terminal.error(`plumbline: ${plural(report.findings.length, "finding")}; report in ${command.output}\n`);
  return exitCode(report);
}

/** A benchmark by its name, and the items that are about it: of those that are asked for. */
function chooseBenchmark(
  name: string,
  only: readonly string[],
  service: Service,
): { readonly benchmark: Benchmark; readonly checks: readonly string[] } | { readonly wrong: string } {
  const benchmarks = service.benchmarks();
  const benchmark = benchmarks.get(name);
  if (benchmark === undefined) {
    return { wrong: `there is no benchmark "${name}". There are ${[...benchmarks.keys()].sort().join(", ")}.` };
  }
  const items = [...itemsByControl(benchmark, service.checks().values()).values()].flat();
  const ids = [...new Set(items.map(({ id }) => id))];
  const chosen = ids.filter((id) => only.length === 0 || only.some((pattern) => matchesName(pattern, id)));
  // No item at all is not every item.
  return { benchmark, checks: chosen.length === 0 ? [""] : chosen };
}

function renderBenchmark(
  format: CheckCommand["format"],
  benchmark: Benchmark,
  report: Report,
  service: Service,
  context: ReportContext & { readonly color: boolean },
): string {
  const items = [...service.checks().values()];
  const controls = assessControls(benchmark, report, items);
  // Items of other benchmarks are off because nobody asked for them.
  const about = new Set([...itemsByControl(benchmark, items).values()].flat().map(({ id }) => id));
  const checksOff = report.coverage.checksOff.filter((id) => about.has(id));
  const narrowedReport = { ...report, coverage: { ...report.coverage, checksOff } };
  return format === "json"
    ? renderBenchmarkJson(benchmark, controls, narrowedReport, context)
    : renderBenchmarkText(benchmark, controls, narrowedReport, context);
}

/** The environments to assess one after the other; undefined stands for what plumbline.yaml says. A text: what is wrong. */
function chooseEnvironments(wanted: string | undefined, service: Service): readonly (string | undefined)[] | string {
  if (wanted === undefined) return [undefined];
  const { names } = service.environments();
  if (wanted === "all" && names.length > 0) return names;
  if (names.includes(wanted)) return [wanted];
  if (names.length === 0) return "--environment: plumbline.yaml describes no environments. docs/configuration.md says how.";
  return `--environment: there is no "${wanted}". There are ${names.join(", ")}, and all.`;
}

async function assessEnvironments(
  service: BatchService,
  settings: ServiceSettings,
  environments: readonly (string | undefined)[],
  known: ReadonlyMap<string | undefined, Baseline> | undefined,
  once: { readonly passes: boolean } | undefined,
): Promise<Report> {
  const reports = new Map<string, Report>();
  for (const environment of environments) {
    const baseline = known?.get(environment);
    service.configure({
      ...settings,
      ...(environment === undefined ? {} : { environment }),
      ...(baseline === undefined ? {} : { known: baseline }),
    });
    const report = once === undefined ? await checkFully(service) : checkOnce(service, once);
    if (environments.length === 1) return report;
    reports.set(environment ?? "", report);
  }
  return mergeEnvironments(reports);
}

/** With the variables of the plan: what it decides was so at the revision, too, unless the files have changed. */
async function withPlanned(
  settings: ServiceSettings,
  { snapshot }: CheckCommand,
  environment: string | undefined,
  service: Service,
): Promise<ServiceSettings> {
  if (snapshot === undefined) return settings;
  if (environment !== undefined) service.configure({ ...settings, environment });
  await checkFully(service);
  return { ...settings, variables: new Map([...(settings.variables ?? []), ...service.plannedVariables()]) };
}

/** What was known at a revision, by environment. */
async function baselinesSince(
  revision: string,
  folders: readonly FilePath[],
  settings: ServiceSettings,
  environments: readonly (string | undefined)[],
  open: () => Promise<BatchService>,
): Promise<ReadonlyMap<string | undefined, Baseline> | { readonly wrong: string }> {
  const { failuresSince } = await import("./since.ts");
  const known = new Map<string | undefined, Baseline>();
  for (const environment of environments) {
    const service = await open();
    service.configure({ ...settings, baselineFile: null, ...(environment === undefined ? {} : { environment }) });
    const then = failuresSince(revision, folders, service);
    if ("wrong" in then) return then;
    known.set(environment, then.baseline);
  }
  return known;
}

async function fix(before: Report, service: Service, assess: () => Promise<Report>, terminal: Terminal): Promise<Report> {
  const edit = service.fixAll();
  const { files, failures } = writeEdit(edit, (path) => service.text(path));
  for (const { file, message } of failures) terminal.error(`plumbline: ${file} was not written: ${message}.\n`);
  const { readContent } = await import("../host/workspace-files.ts");
  for (const file of files) service.setFile(file, readContent(file));
  const after = files.length === 0 ? before : await assess();
  const gone = before.findings.length - after.findings.length;
  terminal.error(
    files.length === 0
      ? "plumbline: no safe fixes.\n"
      : `plumbline: fixed ${plural(gone, "finding")} in ${plural(files.length, "file")}.\n`,
  );
  return after;
}

function render(
  { format, language }: CheckCommand,
  report: Report,
  context: ReportContext,
  color: boolean,
): string | Iterable<string> {
  switch (format) {
    case "text":
      return renderText(report, { ...context, color });
    case "json":
      return jsonPieces(report, context);
    case "sarif":
      return renderSarif(report, context);
    case "html":
      return renderHtml(report, context, language);
    case "csv":
      return renderCsv(report, context);
    case "junit":
      return renderJunit(report, context);
    case "markdown":
      return renderMarkdown(report, context);
  }
}

/** A text, or pieces of one. */
function write(text: string | Iterable<string>, output: string | undefined, terminal: Terminal): void {
  const pieces = typeof text === "string" ? [text] : text;
  if (output === undefined) {
    for (const piece of pieces) terminal.out(piece);
    return;
  }
  const file = openSync(output, "w");
  try {
    for (const piece of pieces) writeFileSync(file, piece);
  } finally {
    closeSync(file);
  }
}

/** 2 only when nothing failed: a finding says more than a file that could not be read. */
function exitCode(report: Report): 0 | 1 | 2 {
  if (report.findings.length > 0) return 1;
  const unread = report.coverage.unreadFiles.length > 0 || report.problems.some(({ code }) => code === "unreadable-folder");
  return unread ? 2 : 0;
}

function withProblems(report: Report, problems: readonly Problem[]): Report {
  return problems.length === 0 ? report : { ...report, problems: [...problems, ...report.problems] };
}

/** With files named on the command line, what shows in them. */
function narrowed(report: Report, files: readonly FilePath[]): Report {
  if (files.length === 0) return report;
  const chosen = new Set(files);
  return {
    ...report,
    findings: report.findings.filter(({ location }) => chosen.has(location.file)),
    results: report.results.filter(({ location }) => location !== undefined && chosen.has(location.file)),
    problems: report.problems.filter(({ file }) => chosen.has(file)),
  };
}

function outermost(folders: readonly FilePath[]): FilePath[] {
  const unique = [...new Set(folders)];
  return unique.filter((folder) => !unique.some((other) => other !== folder && isInside(folder, other)));
}

function commonFolder(folders: readonly FilePath[]): FilePath {
  let common = folders[0] ?? "/";
  for (const folder of folders) while (!isInside(folder, common)) common = directoryOf(common);
  return common;
}
