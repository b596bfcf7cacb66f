import type { Scope } from "../cel/program.ts";
import type { CheckItem, Result } from "../checks/model.ts";
import type { SourceFile } from "../hcl/syntax.ts";
import type { Instance, InstanceType } from "../instances/model.ts";
import type { Provenance, ResourceInstance } from "../terraform/model.ts";
import type { FilePath, Problem, WorkspaceEdit } from "../text/text.ts";
import type { Path } from "../values/value.ts";

/** A source fix worked out for one finding, verified: the finding goes and nothing new comes. */
export type FixOffer =
  | {
      readonly kind: "available";
      /** Says so when the change forces replacement, and where the edit lands when not in the block itself. */
      readonly title: string;
      readonly safe: boolean;
      readonly edit: WorkspaceEdit;
      /** Snippet placeholders in `edit`: the ranges are in the text *after* the edit. */
      readonly asks: readonly Ask[];
    }
  | {
      readonly kind: "unavailable";
      readonly title: string;
      /** One sentence for people. */
      readonly why: string;
    };

export interface Ask {
  readonly label: string;
  readonly type: string;
  readonly allowed: readonly string[];
  readonly default: string;
  readonly file: string;
  readonly range: { readonly start: number; readonly end: number };
}

/** What fixes need of the service that offers them. */
export interface FixHost {
  source(path: FilePath): SourceFile | undefined;
  provenance(instance: ResourceInstance, path: Path): Provenance;
  /** For CEL in titles, conditions and values. */
  scope(check: CheckItem, instance: Instance): Scope;
  instanceType(name: string): InstanceType | undefined;
  /** Terraform files of a module's directory, so that new names are free and data sources are found. */
  files?(directory: FilePath): readonly FilePath[];
  /** Inside a workspace folder and not in a downloaded module. */
  writable(file: FilePath): boolean;
  /** Every result of the roots that the files of the edit touch, now. */
  results(edit: WorkspaceEdit): readonly Result[];
  /** The same after the edit; the workspace is as before on return. Problems: what terraform would refuse in edited files. */
  resultsAfter(edit: WorkspaceEdit): { readonly results: readonly Result[]; readonly problems: readonly Problem[] };
  /** As much of both as the edit may change, for hosts that can tell. */
  changes?(edit: WorkspaceEdit): Changes;
}

/** What an edit does. A result that is in neither list stays as it is. */
export interface Changes {
  readonly before: readonly Result[];
  readonly after: readonly Result[];
  /** After the edit, in edited files. */
  readonly problems: readonly Problem[];
}
