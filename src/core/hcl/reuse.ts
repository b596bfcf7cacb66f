import type { Attribute, Block, Comment, SourceFile, TopLevel } from "./syntax.ts";

/** What a new reading may take over from the one before. */
export interface Reuse {
  /** Items and comments of the unchanged beginning. */
  readonly items: readonly TopLevel[];
  readonly comments: readonly Comment[];
  /** Where reading begins. */
  readonly from: number;
  /** At an item of the unchanged end: takes over everything from there and returns the end's offset, else `start`. */
  jump(start: number, items: TopLevel[], comments: Comment[]): number;
  /** Replaces freshly read nodes by earlier ones with the same text. */
  adopt(items: TopLevel[]): void;
}

/**
 * The beginning and the end that both texts share are not read again, if the earlier text had no problems: then how an item
 * reads depends on nothing but its own text. What was read freshly is compared by text, so moved items keep their nodes too.
 */
export function reuseOf(text: string, previous: SourceFile | undefined): Reuse {
  if (previous === undefined) return { items: [], comments: [], from: 0, jump: (start) => start, adopt: () => undefined };
  const old = previous.text;
  const clean = previous.problems.length === 0;
  const prefix = clean ? commonPrefix(old, text) : 0;
  const kept = keptItems(previous.items, prefix);
  const last = kept.at(-1);
  const from = last === undefined ? 0 : last.base + last.node.end;
  const suffix = clean ? commonSuffix(old, text, prefix) : 0;
  const shift = text.length - old.length;
  const tail = clean ? indexOfBase(previous.items, old.length - suffix + 1) : previous.items.length;
  const tails = new Map<number, number>();
  for (let i = Math.max(tail, kept.length); i < previous.items.length; i++) tails.set((previous.items[i]?.base ?? 0) + shift, i);
  let adoptTo = previous.items.length;
  let taken = 0;
  return {
    items: kept,
    comments: previous.comments.filter((comment) => comment.start < from),
    from,
    jump(start, items, comments) {
      const first = tails.get(start);
      if (first === undefined) return start;
      for (let i = first; i < previous.items.length; i++) {
        const item = previous.items[i];
        if (item) items.push({ node: item.node, base: item.base + shift });
      }
      for (const comment of previous.comments) {
        if (comment.start + shift >= start)
          comments.push({ start: comment.start + shift, end: comment.end + shift, text: comment.text });
      }
      adoptTo = first;
      taken = previous.items.length - first;
      return text.length;
    },
    adopt(items) {
      adoptNodes(text, items, previous, kept.length, adoptTo, kept.length, items.length - taken);
    },
  };
}

/** Replaces nodes of `items[from..to]` by those of the earlier file's `items[oldFrom..oldTo]` with the same text. */
export function adoptNodes(
  text: string,
  items: TopLevel[],
  previous: SourceFile,
  oldFrom: number,
  oldTo: number,
  from: number,
  to: number,
): void {
  const earlier = new Map<string, (Attribute | Block)[]>();
  for (const item of previous.items.slice(oldFrom, oldTo)) {
    const key = keyOf(previous.text, item);
    const same = earlier.get(key);
    if (same) same.push(item.node);
    else earlier.set(key, [item.node]);
  }
  if (earlier.size === 0) return;
  for (let i = from; i < to; i++) {
    const item = items[i];
    if (item === undefined) continue;
    const node = earlier.get(keyOf(text, item))?.shift();
    if (node !== undefined) items[i] = { node, base: item.base };
  }
}

/** In JSON the type and the labels stand outside the item's text. */
function keyOf(text: string, item: TopLevel): string {
  const slice = text.slice(item.base, item.base + item.node.end);
  return item.node.kind === "block"
    ? `${item.node.type.name} ${item.node.labels.map((label) => label.name).join(" ")} ${slice}`
    : slice;
}
/** Items whose successor begins in the unchanged beginning too: nothing that was changed can have become part of them. */
function keptItems(items: readonly TopLevel[], prefix: number): readonly TopLevel[] {
  let count = 0;
  while (count + 1 < items.length && (items[count + 1]?.base ?? Infinity) < prefix) count++;
  return items.slice(0, count);
}

function indexOfBase(items: readonly TopLevel[], base: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.base ?? 0) < base) low = middle + 1;
    else high = middle;
  }
  return low;
}

function commonPrefix(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i + 1024 <= length && a.slice(i, i + 1024) === b.slice(i, i + 1024)) i += 1024;
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  return i;
}

function commonSuffix(a: string, b: string, prefix: number): number {
  const length = Math.min(a.length, b.length) - prefix;
  let i = 0;
  while (i + 1024 <= length && a.slice(a.length - i - 1024, a.length - i) === b.slice(b.length - i - 1024, b.length - i)) i += 1024;
  while (i < length && a.charCodeAt(a.length - 1 - i) === b.charCodeAt(b.length - 1 - i)) i++;
  return i;
}
