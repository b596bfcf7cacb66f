import type { CheckItem } from "./checks/model.ts";
import type { Finding, Report } from "./findings/model.ts";
import type { FixOffer } from "./fixes/model.ts";
import type { DirectoryContent, FileContent, ReadRequest } from "./terraform/model.ts";
import type { Schemas } from "./terraform/schema.ts";
import type { FilePath, WorkspaceEdit } from "./text/text.ts";

/** The one door to core for the language server, the command line and agents. Holds a workspace in memory; never reads or writes. */
export interface Service {
  /** Absolute workspace folders. Each may hold a plumbline.yaml. */
  setFolders(folders: readonly FilePath[]): void;
  /** Any file that matters: Terraform, variable files, plumbline.yaml, own check items, files that functions read. */
  setFile(path: FilePath, content: FileContent): void;
  setDirectory(path: FilePath, content: DirectoryContent): void;
  removeFile(path: FilePath): void;
  /** What evaluation asked for and has not got; the host delivers and checks again. */
  requests(): readonly ReadRequest[];
  /** Overrides on top of plumbline.yaml, from the command line or the editor's settings. */
  configure(options: ServiceSettings): void;
  /**
   * Everything, incrementally. `pause` is awaited every few milliseconds of work; when `signal` aborts, the promise rejects with
   * the signal's reason and the memo keeps what is done.
   */
  check(options?: { readonly signal?: AbortSignal; readonly pause?: () => Promise<void> | undefined }): Promise<Report>;
  /** Verified source fixes for a finding of the latest report, alternatives in the item's order. */
  fixes(finding: Finding): readonly FixOffer[];
  /** All safe fixes of a file (or of the workspace) as one verified edit. */
  fixAll(file?: FilePath): WorkspaceEdit;
  /** The edit that writes an ignore comment for a finding. */
  suppress(finding: Finding, reason: string): WorkspaceEdit;
  text(path: FilePath): string | undefined;
  /** Built-in and own items that loaded, by id. */
  checks(): ReadonlyMap<string, CheckItem>;
}

export interface ServiceSettings {
  readonly variableFiles?: readonly FilePath[];
  /** `TF_VAR_` environment and `-var`: name to text. */
  readonly variables?: ReadonlyMap<string, string>;
  readonly minimumRisk?: CheckItem["risk"];
  /** Restricted mode: own check items run with a step budget. */
  readonly trusted?: boolean;
}

export interface ServiceOptions {
  /** `dist/catalogue.json` (scripts/build-catalogue.ts), parsed. */
  readonly catalogue: unknown;
  readonly schemas: Schemas;
  /** Injected clock: ISO 8601. */
  readonly now: () => string;
}
