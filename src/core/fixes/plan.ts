import { differences, tidied } from "../hcl/align.ts";
import { addItems, appendAttribute, appendBlock, removeAttribute, removeBlock, removeTopLevel } from "../hcl/edit.ts";
import type { Placed } from "../hcl/edit.ts";
import type { Attribute, Block, Body, SourceFile, TopLevel } from "../hcl/syntax.ts";
import type { BlockSchema, NestedBlockSchema } from "../terraform/schema.ts";
import type { FilePath, TextEdit, WorkspaceEdit } from "../text/text.ts";
import { renderBlock, renderBody, unmarked } from "./draft.ts";
import type { AskSpec, Draft } from "./draft.ts";
import type { Ask, FixHost } from "./model.ts";

interface Insertion {
  readonly file: FilePath;
  readonly body: Placed<Body>;
  readonly schema: BlockSchema | undefined;
  readonly attributes: Map<string, Draft>;
  /** Blocks that several edits may fill together. */
  readonly merged: Map<string, { draft: Draft; readonly schema: NestedBlockSchema }>;
  readonly blocks: { readonly name: string; readonly draft: Draft; readonly schema: BlockSchema | undefined }[];
}

/** Elements of one list that go, however many edits say so. */
export interface ListRemoval {
  readonly file: FilePath;
  readonly length: number;
  readonly remove: (source: SourceFile, indexes: ReadonlySet<number>) => readonly TextEdit[];
  /** What goes instead when nothing would stay; undefined: the list becomes empty. */
  readonly whenEmpty: (() => void) | undefined;
}

/**
 * What a fix does to files, collected over its edits, so that two edits of one construct become one change of text. Nothing is
 * applied here: `finish` gives the edit.
 */
export class EditPlan {
  readonly #host: FixHost;
  readonly #edits = new Map<FilePath, TextEdit[]>();
  readonly #insertions = new Map<Body, Insertion>();
  readonly #removals = new Map<object, { readonly removal: ListRemoval; readonly indexes: Set<number> }>();
  readonly #removedItems = new Set<object>();
  /** Names of variables that the fix adds. */
  readonly newVariables = new Set<string>();

  constructor(host: FixHost) {
    this.#host = host;
  }

  add(file: FilePath, edits: readonly TextEdit[]): void {
    const list = this.#edits.get(file);
    if (list) list.push(...edits);
    else this.#edits.set(file, [...edits]);
  }

  setNew(file: FilePath, body: Placed<Body>, schema: BlockSchema | undefined, name: string, draft: Draft): void {
    this.#insertion(file, body, schema).attributes.set(name, draft);
  }

  /** A nested block that is not there: further values for it go into the same one. */
  setInNewBlock(
    file: FilePath,
    body: Placed<Body>,
    schema: BlockSchema | undefined,
    name: string,
    nestedSchema: NestedBlockSchema,
    draft: Draft,
  ): void {
    const { merged } = this.#insertion(file, body, schema);
    const present = merged.get(name);
    merged.set(name, { draft: present ? mergedDraft(present.draft, draft) : draft, schema: nestedSchema });
  }

  addBlock(file: FilePath, body: Placed<Body>, schema: BlockSchema | undefined, name: string, draft: Draft): void {
    this.#insertion(file, body, schema).blocks.push({ name, draft, schema: schema?.blocks.get(name) });
  }

  /** `list` is the node that stands for the list. */
  removeElement(list: object, index: number, removal: ListRemoval): void {
    const present = this.#removals.get(list);
    if (present) present.indexes.add(index);
    else this.#removals.set(list, { removal, indexes: new Set([index]) });
  }

  removeAttribute(file: FilePath, source: SourceFile, body: Placed<Body>, attribute: Attribute): void {
    if (this.#once(attribute)) this.add(file, removeAttribute(source, body, attribute.name.name));
  }

  removeBlock(file: FilePath, source: SourceFile, body: Placed<Body>, block: Block): void {
    if (this.#once(block)) this.add(file, removeBlock(source, body, block));
  }

  removeTopLevel(file: FilePath, source: SourceFile, item: TopLevel): void {
    if (this.#once(item.node)) this.add(file, removeTopLevel(source, item));
  }

  appendBlock(file: FilePath, source: SourceFile, after: TopLevel | undefined, text: string): void {
    this.add(file, appendBlock(source, after, text));
  }

  appendAttribute(file: FilePath, source: SourceFile, name: string, text: string): void {
    this.add(file, appendAttribute(source, name, text));
  }

  #once(node: object): boolean {
    if (this.#removedItems.has(node)) return false;
    this.#removedItems.add(node);
    return true;
  }

  #insertion(file: FilePath, body: Placed<Body>, schema: BlockSchema | undefined): Insertion {
    let insertion = this.#insertions.get(body.node);
    if (insertion === undefined) {
      insertion = { file, body, schema, attributes: new Map(), merged: new Map(), blocks: [] };
      this.#insertions.set(body.node, insertion);
    }
    return insertion;
  }

  /** The edit, aligned, and the placeholders' ranges after it. Empty: nothing would change. */
  finish(asks: readonly AskSpec[]): { readonly edit: WorkspaceEdit; readonly asks: readonly Ask[] } {
    this.#emit();
    const edit = new Map<FilePath, readonly TextEdit[]>();
    const placed: Ask[] = [];
    for (const [file, marked] of this.#edits) {
      const source = this.#host.source(file);
      if (source === undefined) continue;
      const { edits, marks } = withoutMarks(withoutOverlaps(marked));
      const { text, map } = tidied(source, edits);
      const changes = differences(source.text, text);
      if (changes.length === 0) continue;
      edit.set(file, changes);
      for (const mark of marks) {
        const ask = asks[mark.ask];
        if (ask) placed.push({ ...ask, file, range: { start: map(mark.start), end: map(mark.end) } });
      }
    }
    return {
      edit,
      asks: placed.map(({ label, type, allowed, default: text, file, range }) => ({
        label,
        type,
        allowed,
        default: text,
        file,
        range,
      })),
    };
  }

  #emit(): void {
    for (const { removal, indexes } of this.#removals.values()) {
      const source = this.#host.source(removal.file);
      if (source === undefined) continue;
      if (indexes.size >= removal.length && removal.whenEmpty) removal.whenEmpty();
      else this.add(removal.file, removal.remove(source, indexes));
    }
    for (const insertion of this.#insertions.values()) {
      const source = this.#host.source(insertion.file);
      if (source === undefined) continue;
      const { lines, blocks } = renderBody(insertion.attributes, insertion.schema);
      const added = [
        ...blocks,
        ...[...insertion.merged].map(([name, { draft, schema }]) => renderBlock(name, draft, schema)),
        ...insertion.blocks.map(({ name, draft, schema }) => renderBlock(name, draft, schema)),
      ];
      this.add(insertion.file, addItems(source, insertion.body, lines, added));
    }
  }
}

function mergedDraft(a: Draft, b: Draft): Draft {
  if (a.kind !== "object" || b.kind !== "object") return b;
  const entries = new Map(a.entries);
  for (const [key, draft] of b.entries) {
    const present = entries.get(key);
    entries.set(key, present ? mergedDraft(present, draft) : draft);
  }
  return { kind: "object", entries };
}

/** Edits inside a removed range go with it; the same edit twice is one. */
function withoutOverlaps(edits: readonly TextEdit[]): readonly TextEdit[] {
  const sorted = edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.range.start - b.edit.range.start || b.edit.range.end - a.edit.range.end || a.index - b.index)
    .map(({ edit }) => edit);
  const kept: TextEdit[] = [];
  let covered = -1;
  for (const edit of sorted) {
    const insertion = edit.range.start === edit.range.end;
    if (insertion ? edit.range.start < covered : edit.range.start < covered || edit.range.end < covered) continue;
    kept.push(edit);
    covered = Math.max(covered, edit.range.end);
  }
  return kept;
}

/** `marks` are offsets in the text right after the edits, which are in order. */
function withoutMarks(edits: readonly TextEdit[]): {
  readonly edits: readonly TextEdit[];
  readonly marks: readonly { readonly ask: number; readonly start: number; readonly end: number }[];
} {
  const marks: { ask: number; start: number; end: number }[] = [];
  let shift = 0;
  const clean = edits.map((edit) => {
    const { text, marks: inner } = unmarked(edit.newText);
    const at = edit.range.start + shift;
    for (const mark of inner) marks.push({ ask: mark.ask, start: at + mark.start, end: at + mark.end });
    shift += text.length - (edit.range.end - edit.range.start);
    return { range: edit.range, newText: text };
  });
  return { edits: clean, marks };
}
