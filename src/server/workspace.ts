import { isInside, directoryOf } from "../core/text/path.ts";
import { LineIndex, type FilePath } from "../core/text/text.ts";
import type { Finding, Report } from "../core/findings/model.ts";
import type { Service } from "../core/service.ts";
import type { DirectoryContent, FileContent } from "../core/terraform/model.ts";

/** What the server reads of the disk. All of it is told as data: nothing throws on what is found. */
export interface Disk {
  walk(folder: FilePath): {
    readonly files: readonly FilePath[];
    readonly problems: readonly { readonly path: FilePath; readonly message: string }[];
  };
  file(path: FilePath): FileContent;
  directory(path: FilePath): DirectoryContent;
}

/** A document as the editor holds it. */
export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
}

/** A report with the texts and versions that it speaks about. */
export interface Snapshot {
  readonly report: Report;
  /** Of the documents that were open. */
  readonly documents: ReadonlyMap<FilePath, OpenDocument>;
  /** undefined: there is no such file. */
  text(path: FilePath): string | undefined;
  /** The same object as in the snapshot before while the text is the same. */
  lines(path: FilePath): LineIndex;
  finding(id: string): Finding | undefined;
}

export interface WorkspaceOptions {
  readonly service: Service;
  readonly disk: Disk;
  readonly debounce: () => number;
  readonly log: (message: string) => void;
  readonly onChecking: () => void;
  /** The next check waits until it is done. */
  readonly onReport: (snapshot: Snapshot, pause: Pause) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
  /** Files that evaluation asked for: they are to be watched. */
  readonly onRead: (paths: readonly FilePath[]) => void;
}

/** Asked after each small piece of work; what it gives is to be awaited. */
export type Pause = () => Promise<void> | undefined;

/** Milliseconds that work may go on before messages are let in: a newer version of a document, a cancellation. */
const LONGEST_TURN = 6;

/** How often evaluation may ask for more files before the report is published as it is. */
const READ_ROUNDS = 20;

/**
 * The folders and open documents of one editor and the check that runs over them: one at a time, started again when something
 * changes. Changes wait until the running check has let go, so that a report never mixes two versions.
 */
export class Workspace {
  readonly #options: WorkspaceOptions;
  readonly #service: Service;
  #folders: readonly FilePath[] = [];
  /** Files that come from walking a folder. */
  readonly #walked = new Map<FilePath, Set<FilePath>>();
  /** Directories of open documents that lie in no folder. */
  readonly #loose = new Set<FilePath>();
  readonly #open = new Map<FilePath, OpenDocument>();
  readonly #requested = new Set<string>();
  #changes: ((pause: Pause) => void | Promise<void>)[] = [];
  #controller: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  #waiting: (() => void)[] = [];
  #snapshot: Snapshot | undefined;
  readonly #lineCache = new Map<FilePath, { readonly text: string; readonly lines: LineIndex }>();
  #settled = false;
  #closed = false;

  constructor(options: WorkspaceOptions) {
    this.#options = options;
    this.#service = options.service;
  }

  /** The latest report; it may be older than the documents. */
  get latest(): Snapshot | undefined {
    return this.#snapshot;
  }

  /** Whether the latest report speaks about what the service holds now: nothing has changed since, and no check failed. */
  get isSettled(): boolean {
    return this.#settled;
  }

  get folders(): readonly FilePath[] {
    return this.#folders;
  }

  setFolders(folders: readonly FilePath[]): void {
    this.#folders = folders;
    this.#change(async (pause) => {
      for (const [folder, files] of this.#walked) {
        if (folders.includes(folder)) continue;
        this.#walked.delete(folder);
        this.#forget(files);
      }
      this.#applyFolders();
      for (const folder of folders) if (!this.#walked.has(folder)) await this.#walk(folder, pause);
    });
  }

  /** Reads all folders again. */
  reload(): void {
    this.#change(async (pause) => {
      const before = [...this.#walked.values()];
      this.#walked.clear();
      this.#requested.clear();
      for (const files of before) this.#forget(files);
      this.#applyFolders();
      for (const folder of this.#folders) await this.#walk(folder, pause);
    });
  }

  /** For settings: anything that the service is to be told between two checks. */
  change(apply: (service: Service) => void): void {
    this.#change(() => apply(this.#service));
  }

  open(path: FilePath, document: OpenDocument): void {
    this.#change(() => {
      this.#open.set(path, document);
      this.#service.setFile(path, { kind: "text", text: document.text });
      const directory = directoryOf(path);
      if (this.#folders.some((folder) => isInside(path, folder)) || this.#loose.has(directory)) return;
      this.#loose.add(directory);
      this.#readLoose(directory);
      this.#applyFolders();
    });
  }

  close(path: FilePath): void {
    this.#change(() => {
      if (!this.#open.delete(path)) return;
      this.#service.setFile(path, this.#options.disk.file(path));
      const directory = directoryOf(path);
      if (!this.#loose.has(directory) || [...this.#open.keys()].some((other) => directoryOf(other) === directory)) return;
      this.#loose.delete(directory);
      this.#forget(this.#looseFiles(directory));
      this.#applyFolders();
    });
  }

  /** What a watcher said. */
  changedOnDisk(changes: readonly { readonly path: FilePath; readonly deleted: boolean }[]): void {
    this.#change(() => {
      for (const { path, deleted } of changes) {
        const directory = directoryOf(path);
        if (this.#requested.has(`directory ${directory}`))
          this.#service.setDirectory(directory, this.#options.disk.directory(directory));
        if (deleted) this.#forgetBelow(path);
        if (this.#open.has(path)) continue;
        const folder = this.#folders.find((candidate) => isInside(path, candidate));
        const walked = folder === undefined ? undefined : this.#walked.get(folder);
        if (deleted && walked?.has(path) !== true && !this.#requested.has(`file ${path}`)) continue;
        const content = deleted ? { kind: "absent" as const } : this.#options.disk.file(path);
        if (content.kind === "absent") {
          walked?.delete(path);
          // A requested file stays known as absent: asking for it again would only be answered the same.
          if (this.#requested.has(`file ${path}`)) this.#service.setFile(path, content);
          else this.#service.removeFile(path);
        } else {
          walked?.add(path);
          this.#service.setFile(path, content);
        }
      }
    });
  }

  /** The report for the documents as they are now; checks at once when one is due. undefined: the check failed. */
  async current(): Promise<Snapshot | undefined> {
    if (this.#timer === undefined && this.#running === undefined && this.#changes.length === 0) return this.#snapshot;
    const done = new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#timer !== undefined) this.#start();
    await done;
    return this.#snapshot;
  }

  /** Stops for good; a running check is cancelled. */
  dispose(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#controller?.abort();
    this.#release();
  }

  #change(apply: (pause: Pause) => void | Promise<void>): void {
    if (this.#closed) return;
    this.#settled = false;
    this.#changes.push(apply);
    this.#controller?.abort();
    clearTimeout(this.#timer);
    // Somebody waits for an answer: no debounce for them.
    if (this.#waiting.length > 0) this.#start();
    else this.#timer = setTimeout(() => this.#start(), this.#options.debounce());
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#running !== undefined) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      if (this.#closed) return;
      if (this.#changes.length === 0) this.#release();
      else if (this.#waiting.length > 0 || this.#timer === undefined) this.#start();
    });
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #run(): Promise<void> {
    const controller = new AbortController();
    this.#controller = controller;
    try {
      const changes = this.#changes;
      this.#changes = [];
      // Changes are always made as a whole: only the check is given up for a newer one.
      const turns = shortTurns();
      for (const apply of changes) await apply(turns);
      this.#options.onChecking();
      const documents = new Map(this.#open);
      const report = await this.#check(controller.signal, turns);
      if (controller.signal.aborted) return;
      this.#snapshot = this.#snapshotOf(report, documents);
      this.#settled = true;
      await this.#options.onReport(this.#snapshot, turns);
    } catch (error) {
      if (!controller.signal.aborted) this.#options.onFailure(error);
    } finally {
      this.#controller = undefined;
    }
  }

  async #check(signal: AbortSignal, pause: Pause): Promise<Report> {
    for (let round = 0; ; round++) {
      const report = await this.#service.check({ signal, pause });
      if (!this.#deliver() || round >= READ_ROUNDS) return report;
    }
  }

  /** Reads what evaluation asked for. False: nothing new. */
  #deliver(): boolean {
    const read: FilePath[] = [];
    let any = false;
    for (const { kind, path } of this.#service.requests()) {
      const key = `${kind} ${path}`;
      if (this.#requested.has(key)) continue;
      this.#requested.add(key);
      any = true;
      if (kind === "directory") {
        this.#service.setDirectory(path, this.#options.disk.directory(path));
      } else if (!this.#open.has(path)) {
        this.#service.setFile(path, this.#options.disk.file(path));
        read.push(path);
      }
    }
    if (read.length > 0) this.#options.onRead(read);
    return any;
  }

  async #walk(folder: FilePath, pause: Pause): Promise<void> {
    const { files, problems } = this.#options.disk.walk(folder);
    for (const { path, message } of problems) this.#options.log(`${path}: ${message}`);
    this.#walked.set(folder, new Set(files));
    for (const path of files) {
      if (this.#open.has(path)) continue;
      this.#service.setFile(path, this.#options.disk.file(path));
      await pause();
    }
  }

  #readLoose(directory: FilePath): void {
    for (const path of this.#looseFiles(directory)) {
      if (!this.#open.has(path)) this.#service.setFile(path, this.#options.disk.file(path));
    }
  }

  /** Terraform files beside a document that was opened without a folder. Nothing below: that might be a home directory. */
  #looseFiles(directory: FilePath): Set<FilePath> {
    const listing = this.#options.disk.directory(directory);
    if (listing.kind !== "listing") return new Set();
    const names = listing.files.filter((name) => /\.(?:tf|tofu|tfvars)(?:\.json)?$/.test(name) || name === "plumbline.yaml");
    return new Set(names.map((name) => `${directory === "/" ? "" : directory}/${name}`));
  }

  #forget(files: ReadonlySet<FilePath>): void {
    for (const path of files) {
      const kept = this.#open.has(path) || [...this.#walked.values()].some((others) => others.has(path));
      if (!kept) this.#service.removeFile(path);
    }
  }

  /** A deleted folder is told as one path. */
  #forgetBelow(path: FilePath): void {
    for (const files of this.#walked.values()) {
      for (const file of files) {
        if (file === path || !isInside(file, path)) continue;
        files.delete(file);
        if (!this.#open.has(file)) this.#service.removeFile(file);
      }
    }
  }

  #applyFolders(): void {
    this.#service.setFolders([...this.#folders, ...this.#loose]);
  }

  #snapshotOf(report: Report, documents: ReadonlyMap<FilePath, OpenDocument>): Snapshot {
    const cache = this.#lineCache;
    const textOf = (path: FilePath): string | undefined => documents.get(path)?.text ?? this.#service.text(path);
    let byId: Map<string, Finding> | undefined;
    return {
      report,
      documents,
      text: textOf,
      lines: (path) => {
        const text = textOf(path) ?? "";
        const known = cache.get(path);
        if (known?.text === text) return known.lines;
        const lines = new LineIndex(text);
        cache.set(path, { text, lines });
        return lines;
      },
      finding: (id) => {
        byId ??= new Map(report.findings.map((finding) => [finding.id, finding]));
        return byId.get(id);
      },
    };
  }
}

/** Lets messages in when a turn of the event loop has gone on for long enough. */
function shortTurns(): Pause {
  let since = performance.now();
  return () => {
    if (performance.now() - since < LONGEST_TURN) return undefined;
    return new Promise((resolve) =>
      setImmediate(() => {
        since = performance.now();
        resolve();
      }),
    );
  };
}
