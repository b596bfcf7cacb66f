import { parseFile } from "../hcl/parse.ts";
import type { Attribute, Block, SourceFile, TopLevel } from "../hcl/syntax.ts";
import { ifUndone, Input, lasting, Query, type QueryKind } from "../memo/memo.ts";
import { baseName, directoryOf, joinPath } from "../text/path.ts";
import type { FilePath, Problem } from "../text/text.ts";
import { mergeBlocks } from "./bodies.ts";
import { automaticVariableFiles, fileRole } from "./file-names.ts";
import type { Declaration, DirectoryContent, FileContent, ReadRequest } from "./model.ts";
import { variableFileProblems } from "./variable-files.ts";
import { structureProblems, symbolsOf, type SymbolKind, type SymbolUse } from "./symbols.ts";

/** What one symbol of a module is declared as, over all files of its directory. */
export interface Declared {
  readonly symbol: string;
  readonly kind: SymbolKind;
  /** The block merged over its overrides, or the attribute of a `locals` block that counts. */
  readonly node: Block | Attribute;
  /** Where `node` was written first, then the overrides. A `terraform` symbol has every `terraform` block here. */
  readonly parts: readonly DeclaredPart[];
  readonly declaration: Declaration;
}

export interface DeclaredPart {
  readonly declaration: Declaration;
  readonly node: Block | Attribute;
}

export type DirectoryState = "present" | "loading" | "missing";

export interface SymbolEntry {
  readonly symbol: string;
  readonly kind: SymbolKind;
}

interface FileEntry {
  readonly path: FilePath;
  readonly content: Input<FileContent | undefined>;
  readonly source: Input<SourceFile | undefined>;
  /** What the file adds to its directory now. */
  symbols: readonly SymbolUse[];
}

interface DirectoryIndex {
  readonly path: FilePath;
  /** Every delivered file, by base name. */
  readonly names: Set<string>;
  readonly uses: Map<string, readonly { readonly file: FilePath; readonly use: SymbolUse }[]>;
  readonly declared: Map<string, Input<Declared | undefined>>;
  /** Counts up when a symbol comes, goes or moves, or a file comes or goes. */
  readonly shape: Input<number>;
  readonly listing: Input<DirectoryContent | undefined>;
  readonly symbols: Query<readonly SymbolEntry[]>;
  readonly givers: Query<VariableGivers>;
}

/** What beside the configuration gives a root's variables their values. */
export interface VariableGivers {
  /** Variable files that nobody has to name, later ones win. */
  readonly files: readonly FilePath[];
  readonly terragrunt: boolean;
}

/**
 * The files of the workspace as inputs of the memo. A change is parsed at once and reaches only the symbols whose syntax nodes it
 * replaced, so that nothing else in the directory is even looked at again.
 */
export class Sources {
  readonly #files = new Map<FilePath, FileEntry>();
  readonly #directories = new Map<FilePath, DirectoryIndex>();
  readonly #wanted = new Map<FilePath, ReadRequest["kind"]>();
  readonly #declarations = new WeakMap<TopLevel["node"], Declaration>();
  /** Counts up when a directory gets its first or loses its last configuration file, or a file comes or goes. */
  readonly #layout = new Input(0);
  readonly #delivered = new Query(() => this.#listDelivered());

  set(path: FilePath, content: FileContent | undefined): void {
    const entry = this.#entry(path);
    const before = entry.content.get();
    if (before?.kind === "text" && content?.kind === "text" && before.text === content.text) return;
    if (content !== undefined) this.#wanted.delete(path);
    const role = fileRole(path);
    const delivered = content !== undefined && content.kind !== "absent";
    const wasDelivered = before !== undefined && before.kind !== "absent";
    const parsed = role.kind === "configuration" || role.kind === "variables";
    const source = parsed && content?.kind === "text" ? parseFile(path, content.text, entry.source.get()) : undefined;
    const index = this.#directory(directoryOf(path));
    const present = index.names.has(baseName(path));
    if (delivered !== present) ifUndone(() => setMember(index.names, baseName(path), present));
    setMember(index.names, baseName(path), delivered);
    entry.source.set(source);
    entry.content.set(content);
    if (role.kind === "configuration") {
      this.#reindex(index, entry);
      if (delivered !== wasDelivered && role.shadows !== undefined) {
        const shadowed = this.#files.get(joinPath(index.path, role.shadows));
        if (shadowed !== undefined) this.#reindex(index, shadowed);
      }
    }
    if (delivered !== wasDelivered) {
      index.shape.set(index.shape.get() + 1);
      this.#layout.set(this.#layout.get() + 1);
    }
  }

  setDirectory(path: FilePath, content: DirectoryContent): void {
    this.#wanted.delete(path);
    this.#directory(path).listing.set(content);
  }

  /** undefined: the host has not delivered it; it is requested. */
  content(path: FilePath): FileContent | undefined {
    const content = this.#entry(path).content.get();
    if (content === undefined) this.#wanted.set(path, "file");
    return content;
  }

  /** A directory's listing, for functions that list files. */
  listing(path: FilePath): DirectoryContent | undefined {
    const content = this.#directory(path).listing.get();
    if (content === undefined) this.#wanted.set(path, "directory");
    return content;
  }

  /** A parsed file, without asking the host for it. */
  source(path: FilePath): SourceFile | undefined {
    return this.#entry(path).source.get();
  }

  requests(): readonly ReadRequest[] {
    return [...this.#wanted].map(([path, kind]) => ({ kind, path })).sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Every file that the host has delivered, in order. */
  files(): readonly FilePath[] {
    return this.#delivered.get();
  }

  /** Every directory with configuration files, in order. */
  directories(): readonly FilePath[] {
    this.#layout.get();
    const found: FilePath[] = [];
    for (const index of this.#directories.values()) if (hasConfiguration(index)) found.push(index.path);
    return found.sort();
  }

  /** Asked for every variable of a root, and by whoever follows a value to where it was written. */
  variableGivers(directory: FilePath): VariableGivers {
    return this.#directory(directory).givers.get();
  }

  /** Whether a module's files are here; what is missing is requested. */
  state(directory: FilePath): DirectoryState {
    const index = this.#directory(directory);
    index.shape.get();
    const present = hasConfiguration(index);
    const listing = index.listing.get();
    if (listing === undefined) {
      if (present) return "present";
      this.#wanted.set(directory, "directory");
      return "loading";
    }
    if (listing.kind !== "listing") return present ? "present" : "missing";
    let loading = false;
    let any = present;
    for (const name of listing.files) {
      if (fileRole(`/${name}`).kind !== "configuration") continue;
      any = true;
      if (this.content(joinPath(directory, name)) === undefined) loading = true;
    }
    if (loading) return "loading";
    return any ? "present" : "missing";
  }

  /** Symbols in order of file name and place. */
  symbols(directory: FilePath): readonly SymbolEntry[] {
    return this.#directory(directory).symbols.get();
  }

  declared(directory: FilePath, symbol: string): Declared | undefined {
    const index = this.#directory(directory);
    let input = index.declared.get(symbol);
    if (input === undefined) {
      input = new Input<Declared | undefined>(undefined, sameDeclared);
      index.declared.set(symbol, input);
    }
    return input.get();
  }

  /** Problems of one file alone, and its clashes with the others of its directory. */
  problems(path: FilePath): readonly Problem[] {
    const entry = this.#entry(path);
    const content = entry.content.get();
    const source = entry.source.get();
    if (source === undefined) {
      const role = fileRole(path).kind;
      if (content?.kind !== "unreadable" || (role !== "configuration" && role !== "variables")) return [];
      const message = `The file can't be read (${content.message}): nothing in it is assessed.`;
      return [{ file: path, range: { start: 0, end: 0 }, severity: "error", code: "unreadable-file", message }];
    }
    const role = fileRole(path);
    if (role.kind === "variables") {
      const directory = directoryOf(path);
      // A file that is named from elsewhere may be meant for another root.
      const own = role.automatic && hasConfiguration(this.#directory(directory));
      const isDeclared = (name: string): boolean => !own || this.declared(directory, `var.${name}`) !== undefined;
      return [...source.problems, ...variableFileProblems(source, isDeclared)];
    }
    if (role.kind !== "configuration") return source.problems;
    return [...source.problems, ...structureProblems(source), ...this.#duplicates(entry, source)];
  }

  /** Drops inputs that nothing reads and that hold nothing. */
  sweep(): void {
    for (const index of this.#directories.values()) {
      for (const [symbol, input] of index.declared) {
        if (input.observerCount === 0 && !index.uses.has(symbol)) index.declared.delete(symbol);
      }
    }
    for (const [path, entry] of this.#files) {
      const unused = entry.content.observerCount === 0 && entry.source.observerCount === 0;
      if (unused && (entry.content.get() === undefined || entry.content.get()?.kind === "absent")) {
        this.#files.delete(path);
        this.#wanted.delete(path);
      }
    }
  }

  #entry(path: FilePath): FileEntry {
    let entry = this.#files.get(path);
    if (entry === undefined) {
      entry = {
        path,
        content: new Input<FileContent | undefined>(undefined),
        source: new Input<SourceFile | undefined>(undefined),
        symbols: [],
      };
      this.#files.set(path, entry);
    }
    return entry;
  }

  /** What a file holds changes nothing about it: `#layout` says when one comes or goes. */
  #listDelivered(): readonly FilePath[] {
    this.#layout.get();
    const paths: FilePath[] = [];
    for (const [path, entry] of this.#files) {
      const content = entry.content.peek();
      if (content !== undefined && content.kind !== "absent") paths.push(path);
    }
    return paths.sort();
  }

  #directory(path: FilePath): DirectoryIndex {
    const known = this.#directories.get(path);
    if (known !== undefined) return known;
    const shape = new Input(0);
    const index: DirectoryIndex = {
      path,
      names: new Set(),
      uses: new Map(),
      declared: new Map(),
      shape,
      listing: new Input<DirectoryContent | undefined>(undefined),
      // Whoever evaluates a root for once may be the first to ask for a directory; what is known of it stays all the same.
      symbols: lasting(() => new Query(() => (shape.get(), this.#listSymbols(index)), { equal: sameSymbols })),
      givers: lasting(() => new Query(() => (shape.get(), giversAmong(index)), { equal: sameGivers })),
    };
    this.#directories.set(path, index);
    return index;
  }

  #listSymbols(index: DirectoryIndex): readonly SymbolEntry[] {
    const found = new Map<string, SymbolEntry>();
    for (const name of [...index.names].sort()) {
      for (const { symbol, kind } of this.#files.get(joinPath(index.path, name))?.symbols ?? []) {
        if (!found.has(symbol)) found.set(symbol, { symbol, kind });
      }
    }
    return [...found.values()];
  }

  #reindex(index: DirectoryIndex, entry: FileEntry): void {
    const source = entry.source.get();
    const before = entry.symbols;
    const after = source === undefined || this.#isShadowed(index, entry.path) ? [] : symbolsOf(source);
    entry.symbols = after;
    ifUndone(() => (entry.symbols = before));
    const touched = new Set<string>();
    const nodesBefore = new Set(before.map((use) => use.node));
    const nodesAfter = new Set(after.map((use) => use.node));
    for (const use of before) if (!nodesAfter.has(use.node)) touched.add(use.symbol);
    for (const use of after) if (!nodesBefore.has(use.node)) touched.add(use.symbol);
    if (before.length !== after.length || before.some((use, at) => use.symbol !== after[at]?.symbol)) {
      index.shape.set(index.shape.get() + 1);
    }
    if (touched.size === 0) return;
    const mine = new Map<string, SymbolUse[]>();
    for (const use of after) {
      if (!touched.has(use.symbol)) continue;
      const list = mine.get(use.symbol);
      if (list === undefined) mine.set(use.symbol, [use]);
      else list.push(use);
    }
    for (const symbol of touched) {
      const others = (index.uses.get(symbol) ?? []).filter(({ file }) => file !== entry.path);
      const uses = [...others, ...(mine.get(symbol) ?? []).map((use) => ({ file: entry.path, use }))];
      if (others.length > 0) uses.sort((a, b) => rank(a.file) - rank(b.file) || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
      const usesBefore = index.uses.get(symbol);
      setUses(index, symbol, uses);
      ifUndone(() => setUses(index, symbol, usesBefore ?? []));
      const declared = this.#merge(uses);
      const input = index.declared.get(symbol);
      if (input !== undefined) input.set(declared);
      else if (declared !== undefined) index.declared.set(symbol, new Input<Declared | undefined>(declared, sameDeclared));
    }
  }

  #isShadowed(index: DirectoryIndex, path: FilePath): boolean {
    const match = /^(.*)\.tf(\.json)?$/.exec(baseName(path));
    return match !== null && index.names.has(`${match[1] ?? ""}.tofu${match[2] ?? ""}`);
  }

  #merge(uses: readonly { readonly file: FilePath; readonly use: SymbolUse }[]): Declared | undefined {
    const [first] = uses;
    if (first === undefined) return undefined;
    const { symbol, kind } = first.use;
    const part = ({ file, use }: { readonly file: FilePath; readonly use: SymbolUse }): DeclaredPart => ({
      declaration: this.#declaration(file, use.item),
      node: use.node,
    });
    const base = part(first);
    if (uses.length === 1) return { symbol, kind, node: base.node, parts: [base], declaration: base.declaration };
    if (kind === "terraform") return { symbol, kind, node: base.node, parts: uses.map(part), declaration: base.declaration };
    const overrides = uses
      .slice(1)
      .filter(({ file }) => rank(file) === 1)
      .map(part);
    const parts = [base, ...overrides];
    let node = base.node;
    if (node.kind === "attribute") node = overrides.at(-1)?.node ?? node;
    else
      node = mergeBlocks(
        node,
        overrides.flatMap((override) => (override.node.kind === "block" ? [override.node] : [])),
      );
    return { symbol, kind, node, parts, declaration: base.declaration };
  }

  #declaration(file: FilePath, node: TopLevel["node"]): Declaration {
    let declaration = this.#declarations.get(node);
    if (declaration?.file !== file) {
      declaration = new LiveDeclaration(file, node, this.#entry(file).source);
      this.#declarations.set(node, declaration);
    }
    return declaration;
  }

  #duplicates(entry: FileEntry, source: SourceFile): readonly Problem[] {
    const index = this.#directory(directoryOf(entry.path));
    index.shape.get();
    const problems: Problem[] = [];
    for (const use of entry.symbols) {
      const uses = index.uses.get(use.symbol) ?? [];
      const [first] = uses;
      if (uses.length < 2 || first === undefined || first.use.node === use.node || use.kind === "terraform") continue;
      if (rank(entry.path) === 1) continue;
      const base = itemsByNode(source).get(use.item)?.base ?? 0;
      const range = use.node.kind === "block" ? use.node.header : use.node.name;
      const message = `\`${use.symbol}\` is declared twice in this module: the first is in ${baseName(first.file)}. Rename or remove one.`;
      problems.push({
        file: entry.path,
        range: { start: base + range.start, end: base + range.end },
        severity: "error",
        code: "duplicate-declaration",
        message,
      });
    }
    return problems;
  }
}

/** Text above a block moves it and nothing else: whoever reads the position depends on it, whoever does not is left alone. */
class LiveDeclaration implements Declaration {
  static readonly #position: QueryKind<TopLevel> = {
    compute: (declaration) => (declaration as LiveDeclaration).#find(),
    options: { equal: (a, b) => a.base === b.base },
    owner: undefined,
  };
  readonly file: FilePath;
  readonly #source: Input<SourceFile | undefined>;
  readonly #item: Query<TopLevel>;
  /** A declaration that outlives its text keeps its last position. */
  #last: TopLevel;

  constructor(file: FilePath, node: TopLevel["node"], source: Input<SourceFile | undefined>) {
    this.file = file;
    this.#source = source;
    this.#last = { node, base: 0 };
    this.#item = lasting(() => new Query(LiveDeclaration.#position, undefined, this));
  }

  get item(): TopLevel {
    return this.#item.get();
  }

  #find(): TopLevel {
    const found = itemsByNode(this.#source.get()).get(this.#last.node);
    if (found !== undefined) this.#last = found;
    return this.#last;
  }
}

const itemMaps = new WeakMap<SourceFile, ReadonlyMap<TopLevel["node"], TopLevel>>();
const NO_ITEMS: ReadonlyMap<TopLevel["node"], TopLevel> = new Map();

function itemsByNode(source: SourceFile | undefined): ReadonlyMap<TopLevel["node"], TopLevel> {
  if (source === undefined) return NO_ITEMS;
  let map = itemMaps.get(source);
  if (map === undefined) {
    map = new Map(source.items.map((item) => [item.node, item]));
    itemMaps.set(source, map);
  }
  return map;
}

function setMember(names: Set<string>, name: string, present: boolean): void {
  if (present) names.add(name);
  else names.delete(name);
}

function setUses(
  index: DirectoryIndex,
  symbol: string,
  uses: readonly { readonly file: FilePath; readonly use: SymbolUse }[],
): void {
  if (uses.length > 0) index.uses.set(symbol, uses);
  else index.uses.delete(symbol);
}

function hasConfiguration(index: DirectoryIndex): boolean {
  for (const name of index.names) if (fileRole(`/${name}`).kind === "configuration") return true;
  return false;
}

function rank(file: FilePath): number {
  const role = fileRole(file);
  return role.kind === "configuration" && role.override ? 1 : 0;
}

function giversAmong({ path, names }: DirectoryIndex): VariableGivers {
  const all = [...names];
  const files = automaticVariableFiles(all).map((file) => joinPath(path, file));
  return { files, terragrunt: all.some((file) => /^terragrunt\.hcl(\.json)?$/.test(file)) };
}

function sameGivers(a: VariableGivers, b: VariableGivers): boolean {
  return a.terragrunt === b.terragrunt && a.files.length === b.files.length && a.files.every((file, at) => file === b.files[at]);
}

function sameSymbols(a: readonly SymbolEntry[], b: readonly SymbolEntry[]): boolean {
  return a.length === b.length && a.every((entry, at) => entry.symbol === b[at]?.symbol && entry.kind === b[at].kind);
}

function sameDeclared(a: Declared | undefined, b: Declared | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.parts.length !== b.parts.length) return false;
  return a.parts.every((part, at) => part.node === b.parts[at]?.node && part.declaration === b.parts[at].declaration);
}
