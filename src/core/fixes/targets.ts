import type { FixPath, Result } from "../checks/model.ts";
import type { Instance } from "../instances/model.ts";
import type { Path, Value } from "../values/value.ts";

/** One place that an edit is for. */
export interface Target {
  /** In evidence coordinates: from the instance through its parts to the construct. */
  readonly path: Path;
  readonly value: Value | undefined;
  /** The list element to add: none of the list at `path` has this key yet. `rest` is what is set in it. */
  readonly newElement?: { readonly key: string; readonly value: string; readonly rest: readonly string[] };
  /** The view element, and the list in it, that the target is an element of. */
  readonly holder?: { readonly element: Value; readonly list: Value };
}

interface Cursor {
  readonly path: Path | undefined;
  readonly value: Value | undefined;
  readonly newElement?: Target["newElement"];
  readonly holder?: Target["holder"];
  /** The nearest view element on the way. */
  readonly element?: Value;
}

/** The targets of an edit, or why there are none. `witnesses` are those that this alternative is about. */
export function targetsOf(at: FixPath, result: Result, witnesses: readonly Value[]): readonly Target[] | string {
  const { instance } = result;
  const [first, ...others] = at;
  if (first?.kind === "failing" && others.length === 0) return result.evidence.map((path) => ({ path, value: undefined }));
  const own = first?.kind === "name" && first.name === "self" && !isOwnName(instance, "self");
  const steps = own ? others : at;
  const [name] = steps;
  if (name?.kind !== "name") return "The fix does not say which attribute it is for.";
  const start = instance.trace(name.name);
  let cursors: readonly Cursor[] = [{ path: start.path ?? viewPath(instance, name.name) ?? [name.name], value: start }];
  for (const step of steps.slice(1)) {
    cursors = cursors.flatMap((cursor) => advance(cursor, step, result, witnesses));
  }
  const targets = cursors.flatMap(({ path, value, newElement, holder }): readonly Target[] =>
    path === undefined ? [] : [{ path, value, ...(newElement ? { newElement } : {}), ...(holder ? { holder } : {}) }],
  );
  return targets.length > 0 ? targets : "What decides is not written where it could be edited.";
}

function isOwnName(instance: Instance, name: string): boolean {
  return instance.definition.schema.attributes.has(name) || instance.definition.schema.blocks.has(name);
}

/** A scalar view whose expression is one path stands for that path. */
function viewPath(instance: Instance, name: string): Path | undefined {
  const program = instance.definition.views.get(name)?.value;
  if (program === undefined || !/^[a-zA-Z_]\w*(?:\.[a-zA-Z_]\w*|\[\d+\])*$/.test(program.source.trim())) return undefined;
  return program.source
    .trim()
    .split(/[.[\]]+/)
    .filter((part) => part !== "")
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function advance(cursor: Cursor, step: FixPath[number], result: Result, witnesses: readonly Value[]): readonly Cursor[] {
  const { path, value } = cursor;
  if (cursor.newElement) {
    if (step.kind !== "name") return [];
    return [{ ...cursor, newElement: { ...cursor.newElement, rest: [...cursor.newElement.rest, step.name] } }];
  }
  switch (step.kind) {
    case "name":
      return [named(cursor, step.name)];
    case "document":
      return [{ path: path && [...path, "#"], value: undefined }];
    case "index": {
      const item = elementsOf(value)[step.index];
      return [{ ...cursor, path: item?.path ?? (path && [...path, step.index]), value: item }];
    }
    case "all":
      return elementsOf(value).map((item, index) => elementCursor(cursor, item, index));
    case "failing":
      return path?.includes("#") === true ? failingStatements(path, result) : failingElements(cursor, result, witnesses);
    case "key": {
      const index = elementsOf(value).findIndex((item) => textOf(fieldOf(item, step.name)) === step.value);
      if (index >= 0) return [elementCursor(cursor, elementsOf(value)[index], index)];
      return [{ path, value: undefined, newElement: { key: step.name, value: step.value, rest: [] } }];
    }
  }
}

function named(cursor: Cursor, name: string): Cursor {
  const child = fieldOf(cursor.value, name);
  const inherited = cursor.path && [...cursor.path, name];
  // A field of a view's element is where its value came from; one that nothing wrote has no place.
  const fromView = cursor.element !== undefined && cursor.element === cursor.value && child?.path === undefined;
  const path = child?.path ?? (fromView ? undefined : inherited);
  return { path, value: child, ...(cursor.value && isList(child) && cursor.element ? { element: cursor.element } : {}) };
}

function elementCursor(cursor: Cursor, item: Value | undefined, index: number): Cursor {
  const path = item?.path ?? (cursor.path && [...cursor.path, index]);
  const holder = cursor.element && cursor.value ? { holder: { element: cursor.element, list: cursor.value } } : {};
  return { path, value: item, ...holder, ...(item?.kind === "object" ? { element: item } : {}) };
}

function failingElements(cursor: Cursor, result: Result, witnesses: readonly Value[]): readonly Cursor[] {
  const elements = elementsOf(cursor.value);
  const cursors = elements.map((item, index) => elementCursor(cursor, item, index));
  const among = (paths: readonly Path[], inside: boolean): readonly Cursor[] =>
    cursors.filter(
      ({ path }) => path !== undefined && paths.some((other) => (inside ? isPrefix(path, other) : samePath(path, other))),
    );
  const paths = witnesses.flatMap((witness) => (witness.path ? [witness.path] : []));
  if (cursor.element === undefined) {
    const exact = among(paths, false);
    if (exact.length > 0) return exact;
    const holding = among([...paths, ...result.evidence], true);
    return holding.length > 0 ? holding : cursors;
  }
  // Inside a view's element: what decided, and every range that admits everyone.
  const everyone = cursors.filter(({ value }) => textOf(value)?.endsWith("/0") === true);
  const decided = among([...result.evidence, ...paths], false);
  const found = cursors.filter((one) => everyone.includes(one) || decided.includes(one));
  return found.length > 0 ? found : elements.length === 1 ? cursors : [];
}

/** The statements of the document that the evidence names. */
function failingStatements(path: Path, result: Result): readonly Cursor[] {
  const found: Cursor[] = [];
  const seen = new Set<number>();
  for (const evidence of [...result.evidence, ...result.witnesses.flatMap((witness) => (witness.path ? [witness.path] : []))]) {
    const at = path.lastIndexOf("#");
    const index = evidence[at + 2];
    if (!isPrefix(path.slice(0, at + 1), evidence) || typeof index !== "number" || seen.has(index)) continue;
    seen.add(index);
    found.push({ path: [...path, index], value: undefined });
  }
  return found;
}

function isList(value: Value | undefined): boolean {
  return value?.kind === "list" || value?.kind === "set" || value?.kind === "tuple";
}

function elementsOf(value: Value | undefined): readonly Value[] {
  if (value === undefined) return [];
  if (value.kind === "list" || value.kind === "set" || value.kind === "tuple") return value.items;
  return value.kind === "null" || value.kind === "unknown" ? [] : [value];
}

function fieldOf(value: Value | undefined, name: string): Value | undefined {
  if (value?.kind === "object" || value?.kind === "map") return value.entries.get(name);
  if (value?.kind === "instance") return value.target.select(name);
  return undefined;
}

function textOf(value: Value | undefined): string | undefined {
  return value?.kind === "string" ? value.value : value?.kind === "number" ? String(value.value) : undefined;
}

export function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && isPrefix(a, b);
}

export function isPrefix(a: Path, b: Path): boolean {
  return a.length <= b.length && a.every((step, i) => step === b[i]);
}
