import type { Result } from "../checks/model.ts";
import type { Finding } from "../findings/model.ts";
import type { Problem, WorkspaceEdit } from "../text/text.ts";
import type { FixHost } from "./model.ts";

/** What fails before and after an edit, by `keyOf`, as far as the edit may change it. */
export interface Effect {
  readonly failed: ReadonlyMap<string, Result>;
  readonly failing: ReadonlyMap<string, Result>;
  /** What can't be told after it. */
  readonly undecided: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

export function effectOf(edit: WorkspaceEdit, host: FixHost): Effect {
  const changes = host.changes?.(edit);
  if (changes !== undefined) return { failed: failsOf(changes.before), ...outcomesOf(changes.after), problems: changes.problems };
  const failed = failsOf(host.results(edit));
  const { results, problems } = host.resultsAfter(edit);
  return { failed, ...outcomesOf(results), problems };
}

/** Whether all that fails in a finding no longer does. A finding that only can't be told any more has not gone. */
export function isMended(finding: Finding, { failed, failing, undecided }: Effect): boolean {
  return failsIn(finding).every((key) => failed.has(key) && !failing.has(key) && !undecided.has(key));
}

function failsIn({ results }: Finding): readonly string[] {
  return results.flatMap(({ result }) => (result.outcome.kind === "fail" ? [keyOf(result)] : []));
}

/** What fails with the edit only. */
export function newFailure({ failed, failing }: Effect): Result | undefined {
  for (const [key, result] of failing) if (!failed.has(key)) return result;
  return undefined;
}

/** Why an edit is not offered: the finding would stay, or something new would come. undefined: it does what it says. */
export function whyNot(edit: WorkspaceEdit, finding: Finding, host: FixHost): string | undefined {
  const effect = effectOf(edit, host);
  if (!isMended(finding, effect)) {
    return failsIn(finding).some((key) => effect.failing.has(key) || !effect.failed.has(key))
      ? "The change that could be made here would not be enough."
      : "With the change it could not be told any more whether the finding is gone.";
  }
  const failure = newFailure(effect);
  if (failure !== undefined) return `With the change, \`${failure.instance.address}\` would fail ${failure.check.id}.`;
  const problem = newProblem(edit, effect.problems, host);
  return problem && `With the change, terraform would refuse the file: ${problem.message}`;
}

function failsOf(results: readonly Result[]): ReadonlyMap<string, Result> {
  const fails = new Map<string, Result>();
  for (const result of results) if (result.outcome.kind === "fail") fails.set(keyOf(result), result);
  return fails;
}

function outcomesOf(results: readonly Result[]): Pick<Effect, "failing" | "undecided"> {
  const undecided = results.filter(({ outcome }) => outcome.kind === "unknown" || outcome.kind === "notChecked");
  return { failing: failsOf(results), undecided: new Set(undecided.map(keyOf)) };
}

function newProblem(edit: WorkspaceEdit, problems: readonly Problem[], host: FixHost): Problem | undefined {
  const errors = problems.filter((problem) => problem.severity === "error");
  if (errors.length === 0) return undefined;
  const unchanged: WorkspaceEdit = new Map([...edit.keys()].map((file) => [file, []]));
  const counts = new Map<string, number>();
  for (const problem of effectOf(unchanged, host).problems) counts.set(kindOf(problem), (counts.get(kindOf(problem)) ?? 0) + 1);
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
function keyOf(result: Result): string {
  const { instance } = result;
  return `${result.check.id} ${instance.resource?.module.root ?? ""} ${instance.address}`;
}
