import { evaluateCheck, type EvaluationContext } from "../checks/evaluate.ts";
import type { CheckItem, Result } from "../checks/model.ts";
import type { Tables } from "../checks/tables.ts";
import type { Instance } from "../instances/model.ts";
import { findSecrets } from "../secrets/find.ts";
import { reason, unknown } from "../values/make.ts";
import { formatPath } from "../values/path.ts";
import { displayValue } from "../values/text.ts";
import type { ObjectValue, Path, Reason, Value } from "../values/value.ts";

/** A check item as it takes part in a scan. */
export interface LiveItem {
  readonly check: CheckItem;
  readonly parameters: ObjectValue;
}

/** What decided, as the account has it. */
export interface Evidence {
  /** As the check language writes it: `bucketPolicy.policy#statements[1]`. */
  readonly path: string;
  /** For people, cut short; never a secret. Empty where there is nothing. */
  readonly value: string;
}

/** One check item on one live instance. An unknown is not checked: in an account nothing more will be known later. */
export interface Judgement {
  readonly outcome: { readonly kind: "pass" | "fail" | "notApplicable" } | { readonly kind: "notChecked"; readonly reason: Reason };
  /** Empty unless fail. */
  readonly message: string;
  readonly evidence: readonly Evidence[];
}

/** As many elements as an item of a trusted workspace may go through in files. Others are not told of accounts. */
const ownSteps = 1_000_000;

export function judge(item: LiveItem, instance: Instance, now: string, tables: Tables): Judgement {
  const context: EvaluationContext = {
    parameters: item.parameters,
    now,
    table: (name, key) => tables.lookup(name, key, now),
    literal: () => unknown({ kind: "bool" }, reason("live only")),
    ownSteps,
  };
  const result = evaluateCheck(item.check, instance, context);
  const { outcome } = result;
  switch (outcome.kind) {
    case "pass":
    case "notApplicable":
      return { outcome: { kind: outcome.kind }, message: "", evidence: [] };
    case "fail":
      return { outcome: { kind: "fail" }, message: result.message, evidence: evidenceOf(result) };
    case "unknown":
      return { outcome: { kind: "notChecked", reason: mostActionable(outcome.reasons) }, message: "", evidence: [] };
    case "notChecked":
      return { outcome, message: "", evidence: [] };
  }
}

const byActionability: readonly Reason["kind"][] = ["denied", "throttled", "error", "unsupported", "budget", "elsewhere"];

/** The reason that a person can do most about. */
export function mostActionable(reasons: readonly Reason[]): Reason {
  for (const kind of byActionability) {
    const found = reasons.find((each) => each.kind === kind);
    if (found !== undefined) return found;
  }
  return reasons[0] ?? { kind: "unknown", detail: "no reason is known" };
}

const mostEvidence = 5;
const longest = 300;

function evidenceOf({ instance, evidence }: Result): readonly Evidence[] {
  return evidence.slice(0, mostEvidence).map((path) => ({ path: formatPath(path), value: shown(instance, path) }));
}

function shown(instance: Instance, path: Path): string {
  const place = instance.locate(path);
  const value = valueAt(place.instance, place.path);
  if (value === undefined) return "";
  const text = displayValue(value);
  return cut(hides(value, text) ? "(hidden: it may hold a secret)" : text);
}

/** Attributes whose whole text is somebody's script or configuration. */
const freeText =
  /(?:^|\.)(?:user_data\w*|environment\w*|env|container_definitions|definition|content|parameters?|variables)(?:\.|\[|$)/;

function hides(value: Value, text: string): boolean {
  if (value.sensitive === true || value.ephemeral === true) return false;
  const found = findSecrets(value.kind === "string" ? value : { kind: "string", value: text });
  return found.kind !== "list" || found.items.length > 0 || found.rest !== undefined;
}

function valueAt(instance: Instance, path: Path): Value | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return undefined;
  if (freeText.test(formatPath(path))) return { kind: "string", value: "(not shown)" };
  let value: Value | undefined = instance.values.entries.get(String(name));
  for (const [index, step] of rest.entries()) {
    if (value === undefined) return undefined;
    if (step === "#") return inDocument(value, rest.slice(index + 1));
    if (value.kind === "object" || value.kind === "map") value = value.entries.get(String(step));
    else if ((value.kind === "list" || value.kind === "set" || value.kind === "tuple") && typeof step === "number")
      value = value.items[step];
    else return undefined;
  }
  return value;
}

/** One statement of a policy document, as it is written. */
function inDocument(document: Value, path: Path): Value | undefined {
  if (document.kind !== "string" || document.sensitive === true) return undefined;
  try {
    const whole = JSON.parse(document.value) as { Statement?: unknown; statement?: unknown };
    const statements = [whole.Statement ?? whole.statement].flat();
    const index = path.find((step) => typeof step === "number");
    const statement = index === undefined ? undefined : statements[index];
    return statement === undefined ? undefined : { kind: "string", value: JSON.stringify(statement) };
  } catch {
    return undefined;
  }
}

function cut(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
