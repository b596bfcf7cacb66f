import type { Decimal } from "decimal.js";
import { sameUnwritten, SparseEntries } from "./sparse.ts";
import type { Path, Reason, Refinement, Type, UnknownValue, Value } from "./value.ts";

/** Structural equality of everything that a reader can see, unknowns and marks included: the memo's early cut-off. */
export function equalValues(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a.sensitive !== b.sensitive || a.ephemeral !== b.ephemeral) return false;
  switch (a.kind) {
    case "null":
      return b.kind === "null" && equalTypes(a.type, b.type);
    case "unknown":
      return b.kind === "unknown" && equalUnknowns(a, b);
    case "bool":
    case "string":
      return b.kind === a.kind && a.value === b.value;
    case "number":
      return b.kind === "number" && equalNumbers(a.value, b.value);
    case "list":
    case "set":
      return b.kind === a.kind && equalTypes(a.element, b.element) && equalItems(a.items, b.items) && equalRests(a.rest, b.rest);
    case "tuple":
      return b.kind === "tuple" && equalItems(a.items, b.items) && equalRests(a.rest, b.rest);
    case "map":
      return b.kind === "map" && equalTypes(a.element, b.element) && equalEntries(a.entries, b.entries);
    case "object":
      return b.kind === "object" && equalEntries(a.entries, b.entries);
    case "instance":
      return b.kind === "instance" && a.target === b.target && equalRests(a.maybe, b.maybe);
  }
}

export function equalNumbers(a: number | Decimal, b: number | Decimal): boolean {
  if (typeof a === "number" || typeof b === "number") return a === b;
  return a.equals(b);
}

export function equalTypes(a: Type, b: Type): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case "bool":
    case "number":
    case "string":
    case "dynamic":
      return a.kind === b.kind;
    case "list":
    case "set":
    case "map":
      return b.kind === a.kind && equalTypes(a.element, b.element);
    case "tuple":
      return (
        b.kind === "tuple" &&
        a.elements.length === b.elements.length &&
        a.elements.every((type, index) => equalTypes(type, b.elements[index] ?? type))
      );
    case "object": {
      if (b.kind !== "object" || a.attributes.size !== b.attributes.size) return false;
      for (const [name, type] of a.attributes) {
        const other = b.attributes.get(name);
        if (other === undefined || !equalTypes(type, other)) return false;
        if ((a.optional?.has(name) ?? false) !== (b.optional?.has(name) ?? false)) return false;
      }
      return true;
    }
  }
}

export function equalPaths(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((step, index) => step === b[index]);
}

function equalItems(a: readonly Value[], b: readonly Value[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const x = a[i];
    const y = b[i];
    if (x === undefined || y === undefined || !equalValues(x, y)) return false;
  }
  return true;
}

function equalEntries(a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  if (a instanceof SparseEntries && b instanceof SparseEntries && sameUnwritten(a, b)) {
    if (a.written.size === b.written.size && [...a.written.keys()].every((name) => b.written.has(name)))
      return equalEntries(a.written, b.written);
  }
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined || !equalValues(value, other)) return false;
  }
  return true;
}

function equalRests(a: readonly Reason[] | undefined, b: readonly Reason[] | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && equalReasons(a, b);
}

function equalReasons(a: readonly Reason[], b: readonly Reason[]): boolean {
  return a.length === b.length && a.every((reason, index) => reason.kind === b[index]?.kind && reason.detail === b[index].detail);
}

function equalUnknowns(a: UnknownValue, b: UnknownValue): boolean {
  if (!equalTypes(a.type, b.type) || !equalReasons(a.reasons, b.reasons)) return false;
  if ((a.origin === undefined) !== (b.origin === undefined)) return false;
  if (a.origin !== undefined && b.origin !== undefined) {
    if (a.origin.address !== b.origin.address || !equalPaths(a.origin.path, b.origin.path)) return false;
  }
  return equalRefinements(a.refinement, b.refinement);
}

function equalRefinements(a: Refinement | undefined, b: Refinement | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  if (
    a.notNull !== b.notNull ||
    a.prefix !== b.prefix ||
    a.minimum !== b.minimum ||
    a.maximum !== b.maximum ||
    a.minimumLength !== b.minimumLength ||
    a.maximumLength !== b.maximumLength ||
    a.block !== b.block
  ) {
    return false;
  }
  if ((a.document === undefined) !== (b.document === undefined)) return false;
  if (a.document !== undefined && b.document !== undefined && !equalValues(a.document, b.document)) return false;
  if ((a.element === undefined) !== (b.element === undefined)) return false;
  if (a.element !== undefined && b.element !== undefined && !equalValues(a.element, b.element)) return false;
  const x = a.pieces;
  const y = b.pieces;
  if (x === undefined || y === undefined) return x === y;
  if (x.length !== y.length) return false;
  return x.every((piece, index) => {
    const other = y[index];
    if (typeof piece === "string" || typeof other === "string" || other === undefined) return piece === other;
    return equalValues(piece, other);
  });
}
