import type { Result } from "../checks/model.ts";
import type { Finding } from "../findings/model.ts";
import type { Problem, WorkspaceEdit } from "../text/text.ts";
import type { FixHost } from "./model.ts";

/** Why an edit is not offered: the finding would stay, or something new would come. undefined: it does what it says. */
export function whyNot(edit: WorkspaceEdit, finding: Finding, host: FixHost): string | undefined {
  const before = host.results(edit);
  const after = host.resultsAfter(edit);
  const failing = new Map<string, Result>();
  const undecided = new Set<string>();
  for (const result of after.results) {
    const { kind } = result.outcome;
    if (kind === "fail") failing.set(keyOf(result), result);
    else if (kind === "unknown" || kind === "notChecked") undecided.add(keyOf(result));
  }
  for (const { result } of finding.results) {
    if (result.outcome.kind !== "fail") continue;
    if (failing.has(keyOf(result))) return "The change that could be made here would not be enough.";
    // A finding that only can't be told any more has not gone.
    if (undecided.has(keyOf(result))) return "With the change it could not be told any more whether the finding is gone.";
  }
  const failed = new Set(before.flatMap((result) => (result.outcome.kind === "fail" ? [keyOf(result)] : [])));
  for (const [key, result] of failing) {
    if (!failed.has(key)) return `With the change, \`${result.instance.address}\` would fail ${result.check.id}.`;
  }
  const problem = newProblem(edit, after.problems, host);
  return problem && `With the change, terraform would refuse the file: ${problem.message}`;
}

function newProblem(edit: WorkspaceEdit, problems: readonly Problem[], host: FixHost): Problem | undefined {
  const errors = problems.filter((problem) => problem.severity === "error");
  if (errors.length === 0) return undefined;
  const unchanged: WorkspaceEdit = new Map([...edit.keys()].map((file) => [file, []]));
  const counts = new Map<string, number>();
  for (const problem of host.resultsAfter(unchanged).problems) counts.set(kindOf(problem), (counts.get(kindOf(problem)) ?? 0) + 1);
  return errors.find((problem) => {
    const left = (counts.get(kindOf(problem)) ?? 0) - 1;
    counts.set(kindOf(problem), left);
    return left < 0;
  });
}

function kindOf(problem: Problem): string {
  return `${problem.file} ${problem.code} ${problem.message}`;
}

/** One result of one root: stable over edits elsewhere. */
export function keyOf(result: Result): string {
  const { instance } = result;
  return `${result.check.id} ${instance.resource?.module.root ?? ""} ${instance.address}`;
}
