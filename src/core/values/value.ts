import type { Decimal } from "decimal.js";

/*
 * One value model for both worlds: the Terraform evaluator makes these values, collectors of live accounts will too, and the
 * check language reads them. Values are immutable, hold no source ranges, and compare structurally (see equality.ts).
 */

export type Type =
  | { readonly kind: "bool" | "number" | "string" | "dynamic" }
  | { readonly kind: "list" | "set" | "map"; readonly element: Type }
  | { readonly kind: "tuple"; readonly elements: readonly Type[] }
  | { readonly kind: "object"; readonly attributes: ReadonlyMap<string, Type>; readonly optional?: ReadonlySet<string> };

/** A step into a value: attribute or map key, list index, or `"#"`, which enters a document held in a string (JSON policy). */
export type Step = string | number;
export type Path = readonly Step[];

export type ReasonKind =
  | "variable" // detail: `var.name`
  | "computed" // detail: `aws_s3_bucket.b.id`
  | "data source" // detail: `data.aws_ami.x.id`
  | "missing module" // detail: `module.x`
  | "unsupported" // detail: what
  | "syntax" // the text could not be parsed
  | "invalid" // terraform would refuse it; detail: why
  | "loading" // a file that the host has not delivered yet
  | "budget" // evaluation was cut short
  | "null operand" // an operator or function of the check language met null
  | "live only"
  | "elsewhere" // refers to something that is not in these files
  | "count" // exists only if an unknown count or for_each says so
  | "unknown" // `unknown(text)` of a view or `onCreate`; detail: the text
  | "denied" // detail: the action
  | "throttled"
  | "quota" // live scans: the plan's remaining scan times do not cover the check item
  | "plan" // live scans: no plan has been bought
  | "cancelled" // live scans
  | "error";

/** Why a value is not known. `detail` is short, shown to people, and never holds a sensitive value. */
export interface Reason {
  readonly kind: ReasonKind;
  readonly detail: string;
}

/** The attribute of a resource or data source instance that an unknown stands for. */
export interface Origin {
  /** Full address with module path and instance key: `module.a["x"].aws_s3_bucket.b[0]`. */
  readonly address: string;
  readonly path: Path;
}

/** What is known about an unknown value all the same. */
export interface Refinement {
  readonly notNull?: boolean;
  /** Strings: known beginning. */
  readonly prefix?: string;
  /** Strings made by a template: the known pieces and the holes, in order. */
  readonly pieces?: readonly (string | UnknownValue)[];
  /** Strings made by jsonencode and policy document data sources: the structure, with unknown leaves. */
  readonly document?: Value;
  /** Numbers, inclusive. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Collections: length, inclusive. */
  readonly minimumLength?: number;
  readonly maximumLength?: number;
  /**
   * Collections of nobody knows how many elements that are all alike: what each is, if there is one; of an object that may be null,
   * what it is if it is not. Made of a block whose count is
   * not known, so that what refers to "the one, if there is one" still says whom it means.
   */
  readonly element?: Value;
  /** With `element`: address of the block, resource or module call, that makes them. */
  readonly block?: string;
}

interface ValueBase {
  /** Terraform's marks. Collections carry their elements' marks on the elements. */
  readonly sensitive?: true;
  readonly ephemeral?: true;
  /**
   * Trace mode of the check language only: the path, relative to the instance under check, that wrote this value.
   * Never set on values of the evaluator.
   */
  readonly path?: Path;
}

export interface NullValue extends ValueBase {
  readonly kind: "null";
  readonly type: Type;
}

export interface UnknownValue extends ValueBase {
  readonly kind: "unknown";
  readonly type: Type;
  /** At least one. */
  readonly reasons: readonly Reason[];
  readonly origin?: Origin;
  readonly refinement?: Refinement;
}

export interface BooleanValue extends ValueBase {
  readonly kind: "bool";
  readonly value: boolean;
}

/** A safe integer is a JS number; everything else is a Decimal. So equal numbers have one form. */
export interface NumberValue extends ValueBase {
  readonly kind: "number";
  readonly value: number | Decimal;
}

/** NFC-normalised. */
export interface StringValue extends ValueBase {
  readonly kind: "string";
  readonly value: string;
}

export interface ListValue extends ValueBase {
  readonly kind: "list" | "set";
  readonly element: Type;
  /** Sets: distinct, in Terraform's order. */
  readonly items: readonly Value[];
  /**
   * Present: the elements are known in part only, and more may follow (format.md section 1 "rest").
   * Made for block lists with an unknown `dynamic`, for parts and for views; functions of Terraform treat such a list as unknown.
   */
  readonly rest?: readonly Reason[];
}

export interface TupleValue extends ValueBase {
  readonly kind: "tuple";
  readonly items: readonly Value[];
  readonly rest?: readonly Reason[];
}

export interface MapValue extends ValueBase {
  readonly kind: "map";
  readonly element: Type;
  /** Sorted by key. */
  readonly entries: ReadonlyMap<string, Value>;
}

export interface ObjectValue extends ValueBase {
  readonly kind: "object";
  /** Sorted by key. */
  readonly entries: ReadonlyMap<string, Value>;
}

/** An instance as the check language sees it: a part, or an element of a part. Never made by the Terraform evaluator. */
export interface InstanceValue extends ValueBase {
  readonly kind: "instance";
  readonly target: Selectable;
  /** Present: the instance may not exist (unknown count): its pass counts, its fail becomes unknown. */
  readonly maybe?: readonly Reason[];
}

/** What the check language selects names from: an instance with its attributes, parts and views. */
export interface Selectable {
  readonly type: string;
  readonly address: string;
  /** The value of an attribute, part or view. Names were checked at load: an unknown name is a defect and throws. */
  select(name: string): Value;
}

export type Value =
  | NullValue
  | UnknownValue
  | BooleanValue
  | NumberValue
  | StringValue
  | ListValue
  | TupleValue
  | MapValue
  | ObjectValue
  | InstanceValue;
