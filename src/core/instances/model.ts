import type { Program } from "../cel/program.ts";
import type { ProviderConfiguration, ResourceInstance } from "../terraform/model.ts";
import type { BlockSchema } from "../terraform/schema.ts";
import type { ObjectValue, Path, Reason, Selectable, Type, Value } from "../values/value.ts";

/** A type of instances.yaml, loaded and checked against the provider schema (format.md section 2). */
export interface InstanceType {
  /** `aws_s3_bucket`, `data.aws_ami`, `provider.aws`, `variable`, `output`, or virtual: `aws_account`. */
  readonly name: string;
  readonly cloud: Cloud;
  /** `s3`: the folder's name. */
  readonly service: string;
  readonly title: string;
  readonly identity: readonly IdentityForm[];
  readonly singleton: "account" | "region" | undefined;
  readonly collectedAs: string | undefined;
  /** Provider schema; for virtual and provider types made from `attributes`. */
  readonly schema: BlockSchema;
  readonly virtual: boolean;
  /** Attributes that the provider's schema lacks: live only on resource types. */
  readonly attributes: ReadonlyMap<string, { readonly type: Type; readonly read: readonly string[] }>;
  /** Action to the paths it serves; `["*"]`: every attribute of the type. */
  readonly read: ReadonlyMap<string, readonly string[]>;
  readonly onCreate: ReadonlyMap<string, OnCreate>;
  readonly parts: ReadonlyMap<string, Part>;
  readonly views: ReadonlyMap<string, View>;
  /** How many elements an expression of this type may go through. undefined: no limit; types of the product have none. */
  readonly steps?: number | undefined;
}

export type Cloud = "aws" | "alibaba" | "tencent";

/** A path, or a template over attributes: `{arn}:*`. */
export type IdentityForm =
  { readonly kind: "path"; readonly path: Path } | { readonly kind: "form"; readonly pieces: readonly (string | Path)[] };

export interface OnCreate {
  readonly path: Path;
  readonly meaning:
    | { readonly kind: "value"; readonly value: Value }
    | { readonly kind: "cel"; readonly program: Program }
    | { readonly kind: "unknown"; readonly reason: string };
  /** Documentation that says so. */
  readonly source: string | undefined;
}

export interface Part {
  readonly name: string;
  readonly types: readonly string[];
  readonly join:
    /** Alternatives; each a list of pairs that must all hold. `ours` undefined: any identity of ours. */
    | {
        readonly kind: "by";
        readonly alternatives: readonly (readonly { readonly theirs: Path; readonly ours: Path | undefined }[])[];
      }
    | { readonly kind: "to"; readonly paths: readonly Path[] }
    | { readonly kind: "scope"; readonly scope: "account" | "region" };
  readonly many: boolean;
  readonly open: boolean;
  readonly liveOnly: boolean;
  readonly orphans: boolean;
  readonly read: readonly string[];
}

export interface View {
  readonly name: string;
  readonly kind: "list" | "value";
  /** Element type of a list view, or the value's type. */
  readonly type: Type;
  readonly sources: readonly ViewSource[];
  /** Scalar views. */
  readonly value: Program | undefined;
}

export interface ViewSource {
  readonly each: Program;
  readonly when: Program | undefined;
  /** Sorted by field. undefined: the elements already have the schema. */
  readonly set: ReadonlyMap<string, Program> | undefined;
}

/** What is assessed: a resource instance with parts and views, or a virtual instance. */
export interface Instance extends Selectable {
  readonly definition: InstanceType;
  readonly address: string;
  readonly provider: ProviderConfiguration | undefined;
  /** Own attributes after onCreate, in instance shape (single blocks unwrapped). */
  readonly values: ObjectValue;
  readonly maybe: readonly Reason[] | undefined;
  /** The block that made it; undefined for virtual, orphan-made and live instances. */
  readonly resource: ResourceInstance | undefined;
  /** Known only by satellites (format.md 2.3 `orphans`). */
  readonly orphan: boolean;
  /** As `select`, for trace mode: every value carries its `path` relative to this instance. */
  trace(name: string): Value;
  /**
   * Follows an evidence path through parts to the instance that holds the attribute, and the path within it:
   * `ingressRules[0].cidr_ipv6` gives (that rule, `cidr_ipv6`). A missing part gives this instance and the part's name.
   */
  locate(path: Path): { readonly instance: Instance; readonly path: Path };
}
