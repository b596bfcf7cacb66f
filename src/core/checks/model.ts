import type { Program } from "../cel/program.ts";
import type { Cloud, Instance } from "../instances/model.ts";
import type { Path, Reason, Value } from "../values/value.ts";

export type Risk = "high" | "medium" | "low";
export type Dimension = "ciem" | "security" | "compliance";
export type Category = "identity" | "network" | "data" | "audit" | "protection" | "monitoring";
export type Tier = "free" | "advanced" | "enterprise" | "paid";

/** A loaded check item (format.md section 3). */
export interface CheckItem {
  /** From the file's place: `aws-s3-bucket-versioning`. */
  readonly id: string;
  readonly cloud: Cloud;
  readonly service: string;
  readonly title: string;
  readonly aliases: readonly string[];
  readonly deprecated: boolean;
  /** Instance type names. */
  readonly instance: readonly string[];
  readonly dimensions: readonly Dimension[];
  readonly category: Category;
  readonly risk: Risk;
  readonly tier: Tier;
  readonly in: "files" | "live" | "both";
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly when: Program | undefined;
  readonly assert: Program;
  readonly message: Message;
  readonly why: string;
  readonly advice: string;
  readonly benchmarks: readonly string[];
  readonly references: readonly string[];
  readonly fixes: readonly SourceFix[];
  /** Why there is no source fix; undefined where there is one. */
  readonly noFix: string | undefined;
  readonly live: LiveFix | undefined;
  /** Part of the product, or of a folder that plumbline.yaml names. */
  readonly builtIn: boolean;
  /** For jumping to the definition: the YAML file. */
  readonly file: string;
}

export interface Parameter {
  readonly type: "integer" | "number" | "boolean" | "string" | "list";
  readonly of: string | undefined;
  readonly default: Value;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly allowed: readonly Value[] | undefined;
  readonly title: string;
}

/** Text with CEL in braces. */
export type Message = readonly (string | Program)[];

export interface SourceFix {
  readonly title: Message;
  readonly when: Program | undefined;
  readonly safe: boolean;
  readonly edits: readonly FixEdit[];
}

export interface FixEdit {
  readonly op: "set" | "remove" | "replace" | "addBlock" | "addPart" | "addStatement" | "moveToVariable";
  readonly at: FixPath;
  readonly value: FixValue | undefined;
}

/** What a fix changes of a statement, by its canonical name: `policy#statements[failing].condition`. */
export const STATEMENT_PARTS = ["effect", "principals", "actions", "resources", "condition"] as const;
export type StatementPart = (typeof STATEMENT_PARTS)[number];

/** Steps of `at` (format.md section 4). */
export type FixStep =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "all" }
  | { readonly kind: "failing" }
  | { readonly kind: "key"; readonly name: string; readonly value: string }
  | { readonly kind: "document" };
export type FixPath = readonly FixStep[];

export type FixValue =
  | { readonly kind: "literal"; readonly value: Value }
  | { readonly kind: "cel"; readonly program: Program }
  | { readonly kind: "hcl"; readonly text: string }
  | {
      readonly kind: "ask";
      readonly label: string;
      readonly type: string;
      readonly allowed: readonly string[];
      /** What stands in the place until somebody answers, where there is no default. */
      readonly example: string | undefined;
      readonly default: FixValue | undefined;
    }
  | { readonly kind: "list"; readonly items: readonly FixValue[] }
  | { readonly kind: "object"; readonly entries: ReadonlyMap<string, FixValue> };

export interface LiveFix {
  readonly title: string;
  readonly risk: "none" | "traffic" | "restart" | "irreversible";
  readonly restores: "exact" | "partial" | "none";
  readonly restoresNote: string | undefined;
  readonly permissions: readonly string[];
  readonly parameters: ReadonlyMap<string, Parameter>;
}

/** One (check item, instance). design.md section 2. */
export type Outcome =
  | { readonly kind: "pass" }
  | { readonly kind: "fail" }
  | { readonly kind: "unknown"; readonly reasons: readonly Reason[] }
  | { readonly kind: "notApplicable" }
  | { readonly kind: "notChecked"; readonly reason: Reason };

export interface Result {
  readonly check: CheckItem;
  readonly instance: Instance;
  readonly outcome: Outcome;
  /** Not pass, not notApplicable: what decided, the primary first. */
  readonly evidence: readonly Path[];
  /** Fail only: deciding elements with their `path`; the first is `failing`. */
  readonly witnesses: readonly Value[];
  /** Rendered. Empty unless fail. */
  readonly message: string;
}
