import type { Scope } from "../cel/program.ts";
import { withFailing } from "../checks/evaluate.ts";
import type { CheckItem, FixEdit, Message, Result, SourceFix } from "../checks/model.ts";
import type { Finding } from "../findings/model.ts";
import type { WorkspaceEdit } from "../text/text.ts";
import { NULL } from "../values/make.ts";
import { displayValue } from "../values/text.ts";
import type { Value } from "../values/value.ts";
import { draftOf } from "./draft.ts";
import type { AskSpec, Draft } from "./draft.ts";
import type { FixHost, FixOffer } from "./model.ts";
import { addPart } from "./new-parts.ts";
import { addBlockAt, removeAll, replaceAt, setAt } from "./operations.ts";
import type { Attempt, Refusal } from "./operations.ts";
import { EditPlan } from "./plan.ts";
import { addStatement } from "./statements.ts";
import { moveToVariable } from "./variables.ts";
import { targetsOf } from "./targets.ts";
import type { Target } from "./targets.ts";
import { whyNot } from "./verify.ts";

/** Links of a chain of references that are offered for one alternative. */
const mostPlaces = 6;

/** The fixes of a finding: the item's alternatives whose condition holds, each where the value is decided and, behind that, nearer. */
export function offerFixes(finding: Finding, host: FixHost): readonly FixOffer[] {
  const result = finding.results.find((placed) => placed.result.outcome.kind === "fail")?.result;
  if (result === undefined) return [];
  const { noFix } = finding.check;
  if (noFix !== undefined) return [{ kind: "unavailable", title: "No quick fix", why: noFix }];
  const offers: FixOffer[] = [];
  const seen = new Set<string>();
  for (const fix of finding.check.fixes) {
    for (const attempt of attemptsOf(fix, result, finding, host)) {
      const key = attempt.kind === "available" ? textOf(attempt.edit) : attempt.title;
      if (seen.has(key)) continue;
      seen.add(key);
      offers.push(attempt);
    }
  }
  return offers;
}

/** The first safe fix of a finding where its value is decided, not verified: fixing everything verifies many at once. */
export function safeEdit(finding: Finding, host: FixHost): WorkspaceEdit | undefined {
  const result = finding.results.find((placed) => placed.result.outcome.kind === "fail")?.result;
  const fixes = finding.check.fixes.filter((fix) => fix.safe);
  if (result === undefined || fixes.length === 0) return undefined;
  const scope = scopeOf(result, host);
  for (const fix of fixes) {
    const holds = fix.when?.evaluate(scope);
    if (holds && !(holds.kind === "bool" && holds.value)) continue;
    const built = build(fix, result, alternativesOf(result)[0] ?? [], host, scope, 0);
    if (built.why === undefined && built.asks.length === 0 && built.forcesReplacement !== "always") return built.edit;
  }
  return undefined;
}

function attemptsOf(fix: SourceFix, result: Result, finding: Finding, host: FixHost): readonly FixOffer[] {
  const scope = scopeOf(result, host);
  if (fix.when) {
    const holds = fix.when.evaluate(scope);
    if (holds.kind !== "bool" || !holds.value) return [];
  }
  const title = titleOf(fix.title, scope);
  const offers: FixOffer[] = [];
  const refusals = new Set<string>();
  for (const witnesses of alternativesOf(result)) {
    let depths = 1;
    for (let depth = 0; depth < Math.min(depths, mostPlaces); depth++) {
      const built = build(fix, result, witnesses, host, scope, depth);
      depths = Math.max(depths, built.depths);
      const why = built.why ?? whyNot(built.edit, finding, host);
      if (why !== undefined) {
        refusals.add(why);
        continue;
      }
      const place = built.place === undefined ? "" : ` (${built.place})`;
      const replaces =
        built.forcesReplacement === "always"
          ? " (replaces the resource)"
          : built.forcesReplacement === "sometimes"
            ? " (may replace the resource)"
            : "";
      const safe = fix.safe && depth === 0 && built.forcesReplacement !== "always" && built.asks.length === 0;
      offers.push({ kind: "available", title: `${title}${place}${replaces}`, safe, edit: built.edit, asks: built.asks });
    }
  }
  const [why] = refusals;
  return offers.length > 0 || why === undefined ? offers : [{ kind: "unavailable", title, why }];
}

interface Built {
  readonly why: Refusal;
  readonly edit: WorkspaceEdit;
  readonly asks: Extract<FixOffer, { kind: "available" }>["asks"];
  readonly depths: number;
  readonly place: string | undefined;
  readonly forcesReplacement: Attempt["forcesReplacement"];
}

function build(fix: SourceFix, result: Result, witnesses: readonly Value[], host: FixHost, scope: Scope, depth: number): Built {
  const plan = new EditPlan(host);
  const asks: AskSpec[] = [];
  const attempt: Attempt = {
    cloud: result.check.cloud,
    host,
    plan,
    instance: result.instance,
    depth,
    depths: 1,
    place: undefined,
    forcesReplacement: "never",
  };
  let why: Refusal;
  for (const edit of fix.edits) {
    why ??= apply(edit, attempt, result, witnesses, withFailing(scope, witnesses[0] ?? NULL), asks);
  }
  const finished = why === undefined ? plan.finish(asks) : { edit: new Map<string, never>(), asks: [] };
  if (why === undefined && finished.edit.size === 0) why = "Nothing in these files would change.";
  const { depths, place, forcesReplacement } = attempt;
  return { why, edit: finished.edit, asks: finished.asks, depths, place, forcesReplacement };
}

function apply(
  edit: FixEdit,
  attempt: Attempt,
  result: Result,
  witnesses: readonly Value[],
  scope: Scope,
  asks: AskSpec[],
): Refusal {
  const targets = targetsOf(edit.at, result, witnesses);
  if (typeof targets === "string") return targets;
  if (edit.op === "remove") return removeAll(attempt, targets);
  for (const target of targets) {
    const draft: Draft | string = edit.value
      ? draftOf(edit.value, { scope, asks, version6: isRange6(target.value) })
      : { kind: "object", entries: new Map() };
    if (typeof draft === "string") return draft;
    const why = applyTo(edit, attempt, target, draft);
    if (why !== undefined) return why;
  }
  return undefined;
}

function isRange6(value: Value | undefined): boolean {
  return value?.kind === "string" && /^[0-9a-f:]*:[0-9a-f:]*\/\d+$/i.test(value.value);
}

function applyTo(edit: FixEdit, attempt: Attempt, target: Target, draft: Draft): Refusal {
  switch (edit.op) {
    case "set":
      return setAt(attempt, target, draft);
    case "replace":
      return replaceAt(attempt, target, draft);
    case "addBlock":
      return addBlockAt(attempt, target, draft);
    case "addPart": {
      const name = target.path.at(-1);
      const { instance } = attempt.instance.locate(target.path.slice(0, -1));
      return typeof name === "string" ? addPart(attempt, instance, name, draft) : "The fix does not say which part it adds.";
    }
    case "addStatement": {
      const { instance, path } = attempt.instance.locate(target.path);
      return instance.resource ? addStatement(attempt, instance.resource, path, draft) : "It is not written in these files.";
    }
    case "moveToVariable":
      return moveToVariable(attempt, target);
    case "remove":
      return removeAll(attempt, [target]);
  }
}

/** All witnesses at once; of an assertion that some element must meet, any one will do. */
function alternativesOf(result: Result): readonly (readonly Value[])[] {
  if (result.witnesses.length > 1 && decidesByExists(result.check)) return result.witnesses.map((witness) => [witness]);
  return [result.witnesses];
}

function decidesByExists(check: CheckItem): boolean {
  const quantifier = /(!?)\s*[\w.]*\.?(all|exists|exists_one)\s*\(|\bempty\s*\(/.exec(check.assert.source);
  return quantifier?.[2] === "exists" && quantifier[1] === "";
}

function scopeOf(result: Result, host: FixHost): Scope {
  return withFailing(host.scope(result.check, result.instance), result.witnesses[0] ?? NULL);
}

function titleOf(title: Message, scope: Scope): string {
  return title.map((piece) => (typeof piece === "string" ? piece : displayValue(piece.evaluate(scope)))).join("");
}

function textOf(edit: WorkspaceEdit): string {
  return JSON.stringify([...edit]);
}
