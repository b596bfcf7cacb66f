import type { FilePath, Problem, TextRange } from "../text/text.ts";

/*
 * The tree of one file, native syntax and JSON alike.
 *
 * Every node's `start` and `end` are UTF-16 offsets relative to the `base` of the top-level item that holds it (the item's
 * first character), so that text inserted above changes only `base`. A re-parse hands out the very same `TopLevel.node` object
 * for an item whose text is unchanged: object identity is the early cut-off of everything above.
 */

export interface SourceFile {
  readonly path: FilePath;
  readonly text: string;
  readonly syntax: "native" | "json";
  readonly items: readonly TopLevel[];
  /** All comments, absolute offsets, in order. JSON files: the values of `//` properties. */
  readonly comments: readonly Comment[];
  /** Absolute offsets. */
  readonly problems: readonly Problem[];
}

export interface TopLevel {
  readonly node: Attribute | Block;
  /** Absolute offset that the node's own offsets count from. */
  readonly base: number;
}

export interface Comment extends TextRange {
  /** With its markers (`#`, `//`, `/*`), without the line end. */
  readonly text: string;
}

export interface Name extends TextRange {
  readonly name: string;
}

export interface Attribute extends TextRange {
  readonly kind: "attribute";
  readonly name: Name;
  readonly value: Expression;
}

export interface Block extends TextRange {
  readonly kind: "block";
  readonly type: Name;
  readonly labels: readonly Name[];
  readonly body: Body;
  /** From the type to the last label. */
  readonly header: TextRange;
}

/** `start` is the offset of `{`, `end` behind `}`. In JSON: the object's. */
export interface Body extends TextRange {
  readonly items: readonly (Attribute | Block)[];
}

export type Expression =
  | Literal
  | Template
  | Variable
  | GetAttribute
  | Index
  | Splat
  | SplatElement
  | Call
  | Unary
  | Binary
  | Conditional
  | Parentheses
  | Tuple
  | ObjectExpression
  | ForExpression
  | Missing;

/** `null`, `true`, `false`, or a number, whose source text is kept since doubles lose digits. */
export interface Literal extends TextRange {
  readonly kind: "literal";
  readonly value: null | boolean | { readonly number: string };
}

/**
 * Quoted string, heredoc, or (JSON) a string. `"text"` is one text part; `""` has none.
 * A lone interpolation (`"${x}"`) is one interpolation part: it yields x with its own type.
 */
export interface Template extends TextRange {
  readonly kind: "template";
  readonly parts: readonly TemplatePart[];
  readonly heredoc?: { readonly marker: string; readonly indented: boolean };
}

export type TemplatePart = TemplateText | Interpolation | TemplateIf | TemplateFor;

export interface TemplateText extends TextRange {
  readonly kind: "text";
  /** Decoded: escapes resolved, `<<-` indentation and `~` strips applied. */
  readonly value: string;
}

export interface Interpolation extends TextRange {
  readonly kind: "interpolation";
  readonly expression: Expression;
}

export interface TemplateIf extends TextRange {
  readonly kind: "if";
  readonly condition: Expression;
  readonly then: readonly TemplatePart[];
  readonly else: readonly TemplatePart[];
}

export interface TemplateFor extends TextRange {
  readonly kind: "for";
  readonly keyName: Name | null;
  readonly valueName: Name;
  readonly collection: Expression;
  readonly body: readonly TemplatePart[];
}

/** The root of a traversal: `var`, `local`, `aws_s3_bucket`, `each`, a `for` name. */
export interface Variable extends TextRange {
  readonly kind: "variable";
  readonly name: string;
}

export interface GetAttribute extends TextRange {
  readonly kind: "getAttribute";
  readonly object: Expression;
  readonly name: Name;
}

/** `a[k]`, and the legacy `a.0`, whose key is a number literal. */
export interface Index extends TextRange {
  readonly kind: "index";
  readonly object: Expression;
  readonly key: Expression;
}

/** `a[*].b.c` (full) or `a.*.b.c` (attribute). `each` is evaluated once an element; its innermost object is a SplatElement. */
export interface Splat extends TextRange {
  readonly kind: "splat";
  readonly source: Expression;
  readonly full: boolean;
  readonly each: Expression;
}

/** Stands for the element inside the nearest Splat's `each`. */
export interface SplatElement extends TextRange {
  readonly kind: "splatElement";
}

export interface Call extends TextRange {
  readonly kind: "call";
  /** With namespaces: `core::max`, `provider::aws::arn_parse`. */
  readonly name: Name;
  readonly arguments: readonly Expression[];
  /** The last argument is followed by `...`. */
  readonly expand: boolean;
}

export interface Unary extends TextRange {
  readonly kind: "unary";
  readonly operator: "-" | "!";
  readonly operand: Expression;
}

export type BinaryOperator = "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%";

export interface Binary extends TextRange {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Conditional extends TextRange {
  readonly kind: "conditional";
  readonly condition: Expression;
  readonly then: Expression;
  readonly else: Expression;
}

export interface Parentheses extends TextRange {
  readonly kind: "parentheses";
  readonly inner: Expression;
}

export interface Tuple extends TextRange {
  readonly kind: "tuple";
  readonly elements: readonly Expression[];
}

export interface ObjectExpression extends TextRange {
  readonly kind: "object";
  readonly items: readonly ObjectItem[];
}

/** From the key to the value's end. A bare name is a key of kind "variable" with `bareKey` true: it means the string. */
export interface ObjectItem extends TextRange {
  readonly key: Expression;
  readonly bareKey: boolean;
  readonly value: Expression;
}

export interface ForExpression extends TextRange {
  readonly kind: "for";
  readonly keyName: Name | null;
  readonly valueName: Name;
  readonly collection: Expression;
  /** null: a tuple `[for …]`. */
  readonly key: Expression | null;
  readonly value: Expression;
  /** `...` behind the value of an object for. */
  readonly group: boolean;
  readonly condition: Expression | null;
}

/** Where an expression should stand and none could be read; a problem says so. Evaluates to unknown("syntax"). */
export interface Missing extends TextRange {
  readonly kind: "missing";
}
