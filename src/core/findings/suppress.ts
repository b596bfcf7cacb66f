import type { CheckItem } from "../checks/model.ts";
import type { Attribute, Block, Comment, SourceFile, TopLevel } from "../hcl/syntax.ts";
import type { ModuleInstance, ResourceInstance } from "../terraform/model.ts";
import { didYouMean } from "../text/nearest.ts";
import type { FilePath, Location, Problem, TextEdit, TextRange, WorkspaceEdit } from "../text/text.ts";
import { addressOption, coversAddress } from "./inner-address.ts";
import type { PlacedResult, Suppression } from "./model.ts";

/*
 * Ignore comments:
 *
 *   # plumbline:ignore <check-id>[, <check-id>…] [until=YYYY-MM-DD] [address=<inner address>] <reason>
 *   # plumbline:ignore-file <check-id>[, <check-id>…] [until=YYYY-MM-DD] [address=<inner address>] <reason>
 *
 * The first belongs to the block or argument on the lines directly below it or on its own line; on a module call it reaches every
 * resource inside that call, and no other call of the same module. The second holds for its file, wherever it stands. An address
 * narrows a comment to instances: on a module call it counts from inside the module (`module.logs.aws_s3_bucket.this["a"]`), on a
 * resource from the resource (`["a"]`).
 */

/** One ignore comment, read. */
export interface Directive {
  readonly file: FilePath;
  /** The comment. */
  readonly range: TextRange;
  readonly ids: readonly { readonly id: string; readonly range: TextRange }[];
  readonly until: string | undefined;
  /** Only for instances that this covers. */
  readonly address: string | undefined;
  readonly reason: string;
  readonly target: Target;
  /** What is wrong with the comment itself. */
  readonly defect: { readonly range: TextRange; readonly message: string } | undefined;
}

type Target =
  | { readonly kind: "file" }
  /** A whole top-level block. */
  | { readonly kind: "block"; readonly item: TopLevel }
  /** Part of a block: findings that show inside it. */
  | { readonly kind: "range"; readonly range: TextRange }
  | { readonly kind: "nothing" };

const marker = /^plumbline:([a-z-]*)\s*/i;

/** All ignore comments of a file. Depends on the tree alone: cache it by the tree's identity. */
export function readDirectives(source: SourceFile): readonly Directive[] {
  if (!source.text.includes("plumbline:")) return [];
  return source.comments.flatMap((comment) => {
    const directive = readDirective(source, comment);
    return directive === undefined ? [] : [directive];
  });
}

function readDirective(source: SourceFile, comment: Comment): Directive | undefined {
  const opening = /^(?:#|\/\/|\/\*)?[\s*]*/.exec(comment.text)?.[0].length ?? 0;
  const body = comment.text.slice(opening).replace(/\s*\*\/\s*$/, "");
  const found = marker.exec(body);
  if (found === null) return undefined;
  const range = { start: comment.start, end: comment.end };
  const at = (offset: number, length: number): TextRange => {
    const start = comment.start + opening + offset;
    return { start, end: Math.min(start + length, comment.end) };
  };
  const word = (found[1] ?? "").toLowerCase();
  const base = {
    file: source.path,
    range,
    ids: [],
    until: undefined,
    address: undefined,
    reason: "",
    target: { kind: "nothing" },
  } as const;
  if (word !== "ignore" && word !== "ignore-file") {
    const message = `\`plumbline:${word}\` means nothing. Write \`plumbline:ignore <check-id> <reason>\` or \`plumbline:ignore-file <check-id> <reason>\`.`;
    return { ...base, defect: { range: at(0, found[0].trimEnd().length), message } };
  }

  let rest = found[0].length;
  const ids: { id: string; range: TextRange }[] = [];
  const idPattern = /\s*([A-Za-z0-9_*-]+)\s*(,)?/y;
  for (;;) {
    idPattern.lastIndex = rest;
    const match = idPattern.exec(body);
    const id = match?.[1];
    if (match === null || id === undefined || body[rest + match[0].trimEnd().length] === "=") break;
    ids.push({ id, range: at(rest + match[0].indexOf(id), id.length) });
    rest += match[0].length;
    if (match[2] === undefined) break;
  }
  let tail = body.slice(rest);
  let until: string | undefined;
  let defect: Directive["defect"];
  const date = /(?:^|\s)until=(\S*)/.exec(tail);
  if (date !== null) {
    const text = date[1] ?? "";
    if (isDate(text)) until = text;
    else {
      defect = {
        range: at(rest + date.index, date[0].length),
        message: `\`until=${text}\` is no date, so nothing is ignored. Write \`until=YYYY-MM-DD\`.`,
      };
    }
    tail = tail.slice(0, date.index) + tail.slice(date.index + date[0].length);
  }
  let address: string | undefined;
  const inner = addressOption.exec(tail);
  if (inner !== null) {
    address = inner[1] ?? "";
    if (address === "") {
      const message =
        '`address=` names no instance, so nothing is ignored. Write an address from inside the block, such as `address=aws_s3_bucket.logs["a"]`.';
      defect = { range, message };
    }
    tail = tail.slice(0, inner.index) + tail.slice(inner.index + inner[0].length);
  }
  if (ids.length === 0) defect = { range, message: "Say which check to ignore: `plumbline:ignore <check-id> <reason>`." };
  const reason = tail
    .replaceAll(/\s*\n\s*\**\s*/g, " ")
    .trim()
    .replace(/^[:–—-]\s+/, "");
  const target: Target = word === "ignore-file" ? { kind: "file" } : targetOf(source, comment);
  return { file: source.path, range, ids, until, address, reason, target, defect };
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function targetOf(source: SourceFile, comment: Comment): Target {
  const around = source.items.find(({ node, base }) => base + node.start <= comment.start && comment.start < base + node.end);
  if (around === undefined) {
    const neighbour = neighbourOf(
      source,
      comment,
      source.items.map((item) => ({ item, start: item.base + item.node.start, end: item.base + item.node.end })),
    );
    return neighbour === undefined ? { kind: "nothing" } : whole(neighbour.item);
  }
  if (around.node.kind === "attribute") return { kind: "range", range: absolute(around.node, around.base) };

  let block: Block = around.node;
  for (;;) {
    const inner = block.body.items.find((item) => contains(item, comment, around.base));
    if (inner === undefined) break;
    if (inner.kind === "attribute") return { kind: "range", range: absolute(inner, around.base) };
    block = inner;
  }
  const enclosing: Target = block === around.node ? whole(around) : { kind: "range", range: absolute(block, around.base) };
  // Behind the opening brace, the comment speaks of the block.
  const open = around.base + block.body.start;
  if (source.syntax === "json" || !source.text.slice(open, comment.start).includes("\n")) return enclosing;
  const neighbour = neighbourOf(
    source,
    comment,
    block.body.items.map((item) => ({ item, ...absolute(item, around.base) })),
  );
  return neighbour === undefined ? enclosing : { kind: "range", range: { start: neighbour.start, end: neighbour.end } };
}

function whole(item: TopLevel): Target {
  return item.node.kind === "block" ? { kind: "block", item } : { kind: "range", range: absolute(item.node, item.base) };
}

/** What ends on the comment's line, else what begins on the lines directly below it, with only comments between. */
function neighbourOf<T extends TextRange>(source: SourceFile, comment: Comment, items: readonly T[]): T | undefined {
  const before = items.findLast((item) => item.end <= comment.start);
  if (before !== undefined && !source.text.slice(before.end, comment.start).includes("\n")) return before;
  const after = items.find((item) => item.start >= comment.end);
  if (after === undefined) return undefined;
  let between = "";
  let at = comment.end;
  for (const other of source.comments) {
    if (other.start < at || other.start >= after.start) continue;
    between += source.text.slice(at, other.start);
    between += "x";
    at = other.end;
  }
  between += source.text.slice(at, after.start);
  return /\n[^\S\n]*\r?\n/.test(between) ? undefined : after;
}

function contains(node: TextRange, comment: Comment, base: number): boolean {
  return base + node.start <= comment.start && comment.start < base + node.end;
}

function absolute(node: Attribute | Block, base: number): TextRange {
  return { start: base + node.start, end: base + node.end };
}

/** The ignore comments of a project, for looking up by result. */
export class Directives {
  readonly #of: (file: FilePath) => readonly Directive[];
  readonly #canonical: (id: string) => string;
  readonly #today: string;

  /** `of` has the comments of a file; `canonical` maps former ids to today's; `today` is an ISO date. */
  constructor(of: (file: FilePath) => readonly Directive[], canonical: (id: string) => string, today: string) {
    this.#of = of;
    this.#canonical = canonical;
    this.#today = today;
  }

  /** The result with the comment that excuses it, if it failed and one does. Comments that speak of it go to `used`. */
  excuse(item: PlacedResult, used: Set<Directive>): PlacedResult {
    if (item.result.outcome.kind !== "fail" || !this.#haveAny(item.result.instance.resource, item.location)) return item;
    const suppression = this.#find(item.result.instance.resource, item.result.check, item.location, used);
    return suppression === undefined ? item : { ...item, suppression };
  }

  #find(
    resource: ResourceInstance | undefined,
    check: CheckItem,
    location: Location | undefined,
    used: Set<Directive>,
  ): Suppression | undefined {
    let found: Directive | undefined;
    for (const { directive, inner } of this.#candidates(resource, location)) {
      if (directive.address !== undefined && !coversAddress(directive.address, inner)) continue;
      if (directive.defect !== undefined || !directive.ids.some(({ id }) => this.#canonical(id) === check.id)) continue;
      // An expired comment is spoken of as expired, not as unused.
      used.add(directive);
      if (!this.#isExpired(directive)) found ??= directive;
    }
    if (found === undefined) return undefined;
    return { by: "comment", reason: found.reason, until: found.until, location: { file: found.file, range: found.range } };
  }

  /** Most files have no comment that could speak of anything. */
  #haveAny(resource: ResourceInstance | undefined, location: Location | undefined): boolean {
    const own = resource?.declaration.file;
    let any = own !== undefined && this.#of(own).length > 0;
    for (let module = resource?.module; module?.call !== undefined; module = module.parent) {
      if (this.#of(module.call.file).length > 0) any = true;
    }
    if (location !== undefined && location.file !== own && this.#of(location.file).length > 0) any = true;
    return any;
  }

  *#candidates(resource: ResourceInstance | undefined, location: Location | undefined): Generator<Candidate> {
    const own = resource === undefined ? "" : addressWithin(resource, resource.module);
    const key = resource?.key === undefined ? "" : own.slice(own.lastIndexOf(`.${resource.name}[`) + resource.name.length + 1);
    const found = new Set<Directive>();
    if (resource !== undefined) {
      for (const directive of this.#on(resource.declaration.file, resource.declaration.item)) {
        found.add(directive);
        yield { directive, inner: directive.address?.startsWith("[") === true ? key : own };
      }
      for (let module: ModuleInstance | undefined = resource.module; module !== undefined; module = module.parent) {
        if (module.call === undefined) continue;
        for (const directive of this.#on(module.call.file, module.call.item)) {
          found.add(directive);
          yield { directive, inner: addressWithin(resource, module) };
        }
      }
    }
    if (location === undefined) return;
    for (const directive of this.#of(location.file)) {
      const range = rangeOf(directive.target);
      const speaks = directive.target.kind === "file" || (range !== undefined && holds(range, location.range));
      if (speaks && !found.has(directive)) yield { directive, inner: directive.address?.startsWith("[") === true ? key : own };
    }
  }

  *#on(file: FilePath, item: TopLevel): Generator<Directive> {
    for (const directive of this.#of(file)) {
      const { target } = directive;
      if (target.kind === "file" || (target.kind === "block" && target.item.node === item.node)) yield directive;
    }
  }

  #isExpired(directive: Directive): boolean {
    return directive.until !== undefined && directive.until < this.#today;
  }

  /**
   * What is wrong with comments, file by file, after every result was looked up. `known` are all ids and former ids; `off` were not
   * evaluated.
   */
  problems(
    comments: Iterable<readonly Directive[]>,
    known: readonly string[],
    off: ReadonlySet<string>,
    used: ReadonlySet<Directive>,
  ): readonly Problem[] {
    const problems: Problem[] = [];
    const ids = new Set(known);
    const report = (file: FilePath, range: TextRange, severity: Problem["severity"], code: string, message: string): void => {
      problems.push({ file, range, severity, code, message });
    };
    for (const directives of comments) {
      for (const directive of directives) {
        const { file, range } = directive;
        if (directive.defect !== undefined) {
          report(file, directive.defect.range, "warning", "ignore-malformed", directive.defect.message);
          continue;
        }
        const unknown = directive.ids.filter(({ id }) => !ids.has(id));
        for (const { id, range: place } of unknown) {
          report(file, place, "warning", "ignore-unknown-check", `There is no check item \`${id}\`.${didYouMean(id, known)}`);
        }
        if (this.#isExpired(directive)) {
          const message = `This ignore comment expired on ${directive.until ?? ""}, so the finding stands. Fix it, or set a later date.`;
          report(file, range, "warning", "ignore-expired", message);
        } else if (directive.target.kind === "nothing") {
          const message =
            "This ignore comment belongs to nothing. Put it on the line above a block, or write `plumbline:ignore-file`.";
          report(file, range, "warning", "ignore-unattached", message);
        } else if (!used.has(directive) && unknown.length === 0 && !directive.ids.every(({ id }) => off.has(this.#canonical(id)))) {
          report(file, range, "information", "ignore-unused", "Nothing is found here any more: this ignore comment can go.");
        }
        if (directive.reason === "" && unknown.length < directive.ids.length) {
          report(
            file,
            range,
            "information",
            "ignore-without-reason",
            "Say why this is ignored: text behind the check's id is the reason.",
          );
        }
      }
    }
    return problems;
  }
}

interface Candidate {
  readonly directive: Directive;
  /** The instance's address as seen from where the comment stands. */
  readonly inner: string;
}

function addressWithin(resource: ResourceInstance, module: ModuleInstance): string {
  return module.address === "" ? resource.address : resource.address.slice(module.address.length + 1);
}

function rangeOf(target: Target): TextRange | undefined {
  if (target.kind === "range") return target.range;
  return target.kind === "block" ? absolute(target.item.node, target.item.base) : undefined;
}

function holds(outer: TextRange, inner: TextRange): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Writes the ignore comment above the top-level block that holds the place. Nothing where no comment can stand. */
export function ignoreEdit(
  source: SourceFile | undefined,
  location: Location,
  checks: readonly string[],
  reason: string,
): WorkspaceEdit {
  const item = source?.items.find(
    ({ node, base }) => base + node.start <= location.range.start && location.range.start < base + node.end,
  );
  if (source === undefined || item === undefined) return new Map();
  const text = `plumbline:ignore ${checks.join(", ")} ${reason.replaceAll(/\s+/g, " ").trim()}`.trimEnd();
  const newline = source.text.includes("\r\n") ? "\r\n" : "\n";
  const edit = source.syntax === "json" ? jsonEdit(source, item, text, newline) : lineEdit(source, item, `# ${text}`, newline);
  return edit === undefined ? new Map() : new Map([[source.path, [edit]]]);
}

function lineEdit(source: SourceFile, item: TopLevel, comment: string, newline: string): TextEdit {
  const start = item.base + item.node.start;
  const lineStart = source.text.lastIndexOf("\n", start - 1) + 1;
  const indent = /^[ \t]*/.exec(source.text.slice(lineStart, start))?.[0] ?? "";
  return { range: { start: lineStart, end: lineStart }, newText: `${indent}${comment}${newline}` };
}

/** JSON has no comments; Terraform reads past a property named `//`. One that is there already is left alone. */
function jsonEdit(source: SourceFile, { node, base }: TopLevel, comment: string, newline: string): TextEdit | undefined {
  if (node.kind !== "block") return undefined;
  const open = base + node.body.start + 1;
  const body = source.text.slice(open, base + node.body.end);
  if (body.includes('"//"')) return undefined;
  const indent = /^\s*?\n([ \t]*)/.exec(body)?.[1];
  const comma = /^\s*\}/.test(body) ? "" : ",";
  const property = `"//": ${JSON.stringify(comment)}${comma}`;
  const newText = indent === undefined ? ` ${property}` : `${newline}${indent}${property}`;
  return { range: { start: open, end: open }, newText };
}
