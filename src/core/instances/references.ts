import { maybeElement } from "../terraform/unknowns.ts";
import type { Origin, Path, Reason, Value } from "../values/value.ts";
import type { IdentityForm, Instance, InstanceType } from "./model.ts";

/*
 * Joins are not `==`. A reference and an identity are compared by keys: a known text, or an unknown with its origin (the attribute
 * of the resource that it stands for), or a template of both. Unknowns without an origin have no key and equal nothing.
 */

/** What one reference value says about whom it names. */
export type Reference =
  | { readonly kind: "none" }
  | { readonly kind: "keys"; readonly keys: readonly string[]; readonly value: Value }
  | { readonly kind: "unresolved"; readonly reasons: readonly Reason[] };

export function readReference(value: Value): Reference {
  if (value.kind === "null") return { kind: "none" };
  const keys = keysOf(value);
  if (keys.length > 0) return { kind: "keys", keys, value };
  return {
    kind: "unresolved",
    reasons: value.kind === "unknown" ? value.reasons : [{ kind: "unsupported", detail: "a reference" }],
  };
}

/** The values that a path selects, each list and set on the way visited element by element. */
export function visit(value: Value, path: Path): readonly Value[] {
  if (value.kind === "list" || value.kind === "set" || value.kind === "tuple") {
    const found = value.items.flatMap((item) => visit(item, path));
    return value.rest === undefined ? found : [...found, { kind: "unknown", type: { kind: "dynamic" }, reasons: value.rest }];
  }
  const [name, ...rest] = path;
  // None or one, or more that are all alike: they name the same.
  if (value.kind === "unknown" && value.refinement?.element !== undefined) {
    const alike = value;
    return visit(value.refinement.element, path).map((element) => maybeElement(element, alike));
  }
  if (name === undefined) return [value];
  if (value.kind === "unknown") return [value];
  if (value.kind === "object" || value.kind === "map") {
    const member = value.entries.get(String(name));
    return member === undefined ? [] : visit(member, rest);
  }
  return [];
}

/** All keys by which others may name an instance. */
export function identityKeys(definition: InstanceType, instance: Instance): readonly string[] {
  return definition.identity.flatMap((form) => formKeys(form, instance));
}

/** Whether a path (from an origin) is one of the type's identities. */
export function isIdentity(definition: InstanceType, path: Path): boolean {
  return definition.identity.some((form) => form.kind === "path" && samePath(form.path, path));
}

export function originOf(value: Value): Origin | undefined {
  return value.kind === "unknown" ? value.origin : undefined;
}

/** Key of a known text. */
export function textKey(text: string): string {
  return keyOf([text]);
}

export function originKey(address: string, path: Path): string {
  return keyOf([{ address, path }]);
}

/** `module.a["x"].data.aws_vpc.b[0]` gives `data.aws_vpc`; undefined for what is no resource. */
export function typeOfAddress(address: string): string | undefined {
  const segments = segmentsOf(address);
  let at = 0;
  while (segments[at] === "module") at += 2;
  const first = segments[at];
  if (first === "data") return segments[at + 1] === undefined ? undefined : `data.${segments[at + 1]}`;
  return segments[at + 1] === undefined ? undefined : first;
}

/** Dotted segments without instance keys. */
function segmentsOf(address: string): readonly string[] {
  let plain = "";
  let quoted = false;
  let depth = 0;
  for (let i = 0; i < address.length; i++) {
    const character = address[i] ?? "";
    if (quoted && character === "\\") i++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === "[") depth++;
    else if (!quoted && character === "]") depth--;
    else if (!quoted && depth === 0) plain += character;
  }
  return plain.split(".");
}

type Piece = string | Origin;

function keysOf(value: Value): readonly string[] {
  const pieces = piecesOf(value);
  const own = value.kind === "unknown" && value.origin !== undefined ? [keyOf([value.origin])] : [];
  if (pieces === undefined) return own;
  const key = keyOf(pieces);
  return own.length === 0 || own[0] === key ? [key] : [...own, key];
}

function piecesOf(value: Value): readonly Piece[] | undefined {
  if (value.kind === "string") return [value.value];
  if (value.kind === "number" || value.kind === "bool") return [String(value.value)];
  if (value.kind !== "unknown") return undefined;
  if (value.refinement?.pieces === undefined) return value.origin === undefined ? undefined : [value.origin];
  const pieces: Piece[] = [];
  for (const piece of value.refinement.pieces) {
    const inner = typeof piece === "string" ? [piece] : piecesOf(piece);
    if (inner === undefined) return undefined;
    pieces.push(...inner);
  }
  return pieces;
}

function formKeys(form: IdentityForm, instance: Instance): readonly string[] {
  if (form.kind === "path") {
    return visit(instance.values, form.path).flatMap((value) =>
      value.kind === "unknown"
        ? [...keysOf(value), ...originPaths(form.path, instance).map((path) => originKey(instance.address, path))]
        : keysOf(value),
    );
  }
  let variants: Piece[][] = [[]];
  for (const piece of form.pieces) {
    const options: (readonly Piece[])[] = typeof piece === "string" ? [[piece]] : placeholders(instance, piece);
    variants = variants.flatMap((variant) => options.map((option) => [...variant, ...option]));
  }
  return variants.map(keyOf);
}

/** Of what a data source has found it is the first that others take: `data.alicloud_images.a.images[0].id` for `images.id`. */
function originPaths(path: Path, { definition }: Instance): readonly Path[] {
  const [list, ...rest] = path;
  return list !== undefined && definition.name.startsWith("data.") ? [path, [list, 0, ...rest]] : [path];
}

function placeholders(instance: Instance, path: Path): (readonly Piece[])[] {
  const [value] = visit(instance.values, path);
  const pieces = value === undefined ? undefined : piecesOf(value);
  const own: readonly Piece[] = [{ address: instance.address, path }];
  if (value?.kind !== "unknown") return pieces === undefined ? [] : [pieces];
  return pieces === undefined ? [own] : [pieces, own];
}

/** Neighbouring texts are one; texts and origins never mix. */
function keyOf(pieces: readonly Piece[]): string {
  const only = pieces[0];
  if (pieces.length === 1 && typeof only === "string") return JSON.stringify(only);
  let key = "";
  let text = "";
  for (const piece of pieces) {
    if (typeof piece === "string") {
      text += piece;
      continue;
    }
    key += `${text === "" ? "" : JSON.stringify(text)}<${piece.address}|${piece.path.join(".")}>`;
    text = "";
  }
  return text === "" && key !== "" ? key : key + JSON.stringify(text);
}

function samePath(a: Path, b: Path): boolean {
  const names = b.filter((step) => typeof step === "string");
  return a.length === names.length && a.every((step, index) => step === names[index]);
}

/** Reasons without repeats, in order. */
export function mergeReasons(...groups: readonly (readonly Reason[] | undefined)[]): readonly Reason[] {
  const merged = new Map<string, Reason>();
  for (const reason of groups.flatMap((group) => group ?? [])) merged.set(`${reason.kind}:${reason.detail}`, reason);
  return [...merged.values()];
}
