import { mergeCoverage } from "./coverage.ts";
import type { Finding, Report } from "./model.ts";
import { byPlace, withUniqueIds } from "./summary.ts";

/**
 * The reports of several environments of one workspace as one. A finding that several share is said once; one that does not hold
 * in all of them names those in which it does.
 */
export function mergeEnvironments(reports: ReadonlyMap<string, Report>): Report {
  const [first, ...rest] = reports.values();
  if (first === undefined) throw new Error("There is at least one environment.");
  const merged = new Map<string, { finding: Finding; names: string[]; addresses: Set<string> }>();
  for (const [name, report] of reports) {
    for (const finding of report.findings) {
      const { file, range } = finding.location;
      const key = [finding.id, finding.message, file, range.start, range.end].join("\0");
      const known = merged.get(key);
      if (known === undefined) {
        const addresses = new Set(finding.results.map(({ result }) => result.instance.address));
        merged.set(key, { finding, names: [name], addresses });
        continue;
      }
      known.names.push(name);
      const more = finding.results.filter(({ result }) => !known.addresses.has(result.instance.address));
      if (more.length === 0) continue;
      for (const { result } of more) known.addresses.add(result.instance.address);
      known.finding = { ...known.finding, results: [...known.finding.results, ...more] };
    }
  }
  return {
    roots: first.roots,
    findings: [
      ...withUniqueIds([...merged.values()].map(({ finding, names }) => inEnvironments(finding, names, reports.size))),
    ].sort(byPlace),
    results: [...reports].flatMap(([environment, report]) => report.results.map((item) => ({ ...item, environment }))),
    problems: distinct(([] as Report["problems"][number][]).concat(first.problems, ...rest.map(({ problems }) => problems))),
    coverage: mergeCoverage([...reports.values()].map(({ coverage }) => coverage)),
    hasBaseline: [...reports.values()].some(({ hasBaseline }) => hasBaseline),
    environments: [...reports].map(([name, { coverage }]) => ({ name, coverage })),
  };
}

function inEnvironments(finding: Finding, names: readonly string[], all: number): Finding {
  if (names.length === all) return finding;
  return { ...finding, message: `${finding.message} (${names.join(", ")})`, environments: names };
}

function distinct(problems: Report["problems"]): Report["problems"] {
  const key = ({ file, range, message }: Report["problems"][number]): string => [file, range.start, range.end, message].join("\0");
  return [...new Map(problems.map((problem) => [key(problem), problem])).values()];
}
