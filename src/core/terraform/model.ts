import type { Attribute, Block, Expression, TopLevel } from "../hcl/syntax.ts";
import type { FilePath, Location } from "../text/text.ts";
import type { ObjectValue, Path, Reason, Value } from "../values/value.ts";
import type { BlockSchema } from "./schema.ts";

/** What the host knows of a file. Binary or undecodable text is "unreadable", with the reason. */
export type FileContent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly message: string };

export type DirectoryContent =
  | {
      readonly kind: "listing";
      /** Base names of the regular files. */
      readonly files: readonly string[];
      /** Base names of the folders; not there when nobody looked. */
      readonly folders?: readonly string[];
    }
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly message: string };

/** Something the evaluation needs and the host has not delivered: until then the value is unknown("loading"). */
export interface ReadRequest {
  readonly kind: "file" | "directory";
  readonly path: FilePath;
}

/** One evaluation of a directory: the root module itself or one instance of a module call. */
export interface ModuleInstance {
  /** `""` for the root, else `module.a["x"].module.b[0]`. */
  readonly address: string;
  readonly directory: FilePath;
  readonly root: FilePath;
  readonly parent: ModuleInstance | undefined;
  /** The call in the parent. */
  readonly call: Declaration | undefined;
  readonly key: InstanceKey;
  /** Lies under `.terraform/modules`: never edited. */
  readonly downloaded: boolean;
  /** The call's count or for_each is unknown. */
  readonly maybe: readonly Reason[] | undefined;
}

/** `undefined`: no count or for_each. */
export type InstanceKey = string | number | undefined;

/** A top-level block or attribute of a module, merged over override files. */
export interface Declaration {
  readonly file: FilePath;
  readonly item: TopLevel;
}

/** The provider configuration that manages an instance. */
export interface ProviderConfiguration {
  /** Root-level name after following `providers`: `aws`, `aws.west`. Equal keys in one root are one configuration. */
  readonly key: string;
  /** Value of the configuration's `region`, null where not written. */
  readonly region: Value;
}

export type ResourceMode = "managed" | "data" | "provider" | "variable" | "output";

/** One instance of a resource, data source, provider, variable or output block, evaluated. */
export interface ResourceInstance {
  /** Full address. Providers: `provider.aws.west`; variables and outputs: `var.x`, `output.x`; with the module path in front. */
  readonly address: string;
  readonly mode: ResourceMode;
  /** Terraform's type for managed and data (`aws_ami`); for a provider its local name (`aws`); `variable`, `output`. */
  readonly type: string;
  readonly name: string;
  readonly key: InstanceKey;
  readonly module: ModuleInstance;
  readonly provider: ProviderConfiguration | undefined;
  /**
   * As a plan shows it, converted to the schema's types: every attribute and block of the schema is present; an omitted one is
   * the schema's default, unknown("computed") with itself as origin, or null. Repeated blocks are lists (or sets) of objects,
   * with a `rest` where a `dynamic` is unknown; a single block is a list of one. A provider, variable or output holds what is written.
   */
  readonly values: ObjectValue;
  /** Present: count or for_each (own or of a module on the way) is unknown. */
  readonly maybe: readonly Reason[] | undefined;
  readonly declaration: Declaration;
  readonly schema: BlockSchema | undefined;
  /** Present in states, and for what a plan does not make: what is absent is absent, whatever it would mean on creation. */
  readonly exists?: true;
}

/** One link of the chain from an instance's attribute to the text that decides its value. */
export interface Hop {
  readonly kind:
    | "attribute" // an argument of the resource's own block (or of a nested or dynamic block)
    | "element" // an element inside the argument's expression
    | "local"
    | "variable default"
    | "module argument"
    | "variable file" // a line in *.tfvars
    | "module output"
    | "file" // a file that an expression reads
    | "provider" // what the configuration of the instance's provider adds
    | "header"; // nothing is written: the header of the innermost block that could hold it
  /** The narrowest expression, or the header. */
  readonly location: Location;
  /** The expression at `location` and the offset its positions count from; undefined for "header", "file" and the key of a map. */
  readonly expression: { readonly node: Expression; readonly base: number } | undefined;
  /** The attribute (or tfvars line, or object item's attribute) that holds the expression. */
  readonly attribute: { readonly node: Attribute; readonly base: number } | undefined;
  /** The innermost block that holds it, or could. */
  readonly block: { readonly node: Block; readonly base: number } | undefined;
  readonly module: ModuleInstance;
  /** For people: `var.acl`, `local.rules`, `module.logs`. */
  readonly label: string;
}

/**
 * Where the value at a path of an instance was written. `hops[0]` is in the instance's own block; each further hop is what the one
 * before refers to. Empty only if the path's resource has no text (plan or state without files).
 */
export interface Provenance {
  readonly hops: readonly Hop[];
  /** True: nothing is written for the path; hop 0 is a header. */
  readonly omitted: boolean;
  /** The value passes through something that cannot be edited as text (a function, an operator, a count-dependent choice). */
  readonly computed: boolean;
}

/** A root module and everything under it. */
export interface Root {
  readonly directory: FilePath;
  /** A directory called by nobody whose variables have no defaults is a standalone module; only the label differs. */
  readonly module: ModuleInstance;
}

/** The unit of evaluation and of incremental work: one block in one module instance, all its count/for_each instances. */
export interface Unit {
  readonly module: ModuleInstance;
  /** `aws_s3_bucket.b`, `data.aws_ami.x`, `provider.aws.west`, `var.x`, `output.x`: unique in the module. */
  readonly symbol: string;
  readonly mode: ResourceMode;
  readonly type: string;
}

/** A path of an instance as the check language writes it; single blocks (`max: 1`) are selected without `[0]`. */
export type InstancePath = Path;
