import { unknown } from "../values/make.ts";
import { typeOf } from "../values/type.ts";
import type { Reason, Refinement, Type, UnknownValue, Value } from "../values/value.ts";

/** More reasons than this tell a person nothing. */
const MOST_REASONS = 6;

/** Marks of several operands, for a value made from them. */
export function marksOf(values: readonly Value[]): { sensitive?: true; ephemeral?: true } {
  const marks: { sensitive?: true; ephemeral?: true } = {};
  for (const value of values) {
    if (value.sensitive === true) marks.sensitive = true;
    if (value.ephemeral === true) marks.ephemeral = true;
  }
  return marks;
}

export function withMarks<T extends Value>(value: T, marks: { readonly sensitive?: true; readonly ephemeral?: true }): T {
  if ((marks.sensitive === undefined || value.sensitive === true) && (marks.ephemeral === undefined || value.ephemeral === true))
    return value;
  return { ...value, ...marks };
}

/** Why the values are not wholly known, each reason once. */
export function reasonsOf(values: readonly Value[]): readonly Reason[] {
  const reasons: Reason[] = [];
  const add = (reason: Reason): void => {
    if (reasons.length < MOST_REASONS && !reasons.some((other) => other.kind === reason.kind && other.detail === reason.detail))
      reasons.push(reason);
  };
  const visit = (value: Value): void => {
    if (reasons.length >= MOST_REASONS) return;
    switch (value.kind) {
      case "unknown":
        value.reasons.forEach(add);
        return;
      case "list":
      case "set":
      case "tuple":
        value.items.forEach(visit);
        value.rest?.forEach(add);
        return;
      case "map":
      case "object":
        value.entries.forEach(visit);
        return;
      default:
    }
  };
  values.forEach(visit);
  return reasons.length === 0 ? [{ kind: "computed", detail: "" }] : reasons;
}

/**
 * What one element of "if there is one" is. It may not be there, so it is not known; whom it stands for is kept only where that may
 * not be there either, for the same reason: the block's own instance, or what is in the module.
 */
export function maybeElement(element: Value, collection: UnknownValue): UnknownValue {
  const reasons = reasonsOf([collection, element]);
  const marks = marksOf([collection, element]);
  const block = collection.refinement?.block;
  if (element.kind === "object")
    return unknown(typeOf(element), reasons, { ...marks, refinement: { element, ...(block === undefined ? {} : { block }) } });
  if (element.kind !== "unknown") return unknown(typeOf(element), reasons, marks);
  const { origin } = element;
  const isOwn = block !== undefined && origin !== undefined && `${origin.address}.`.startsWith(`${block}.`);
  return unknown(element.type, reasons, { ...marks, ...(isOwn ? { origin } : {}) });
}

/** An unknown made from operands of which at least one is not wholly known. */
export function unknownFrom(type: Type, operands: readonly Value[], refinement?: Refinement): UnknownValue {
  return unknown(type, reasonsOf(operands), { ...marksOf(operands), ...(refinement === undefined ? {} : { refinement }) });
}

export function sameReasons(a: readonly Reason[] | undefined, b: readonly Reason[] | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  return a.every((reason, at) => reason.kind === b[at]?.kind && reason.detail === b[at].detail);
}
