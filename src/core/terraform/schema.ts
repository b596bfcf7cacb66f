import type { Type } from "../values/value.ts";

/** One attribute of a provider schema (schemas/FORMAT.md names the source of each member). */
export interface AttributeSchema {
  readonly type: Type;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  /** A change replaces the resource: always, or under a condition of the provider's code. */
  readonly forcesReplacement: "always" | "sometimes" | "never";
  readonly sensitive: boolean;
  readonly writeOnly: boolean;
  readonly deprecated: string | undefined;
  /** What the provider sends when the attribute is absent: JSON. `undefined`: none. */
  readonly default: unknown;
  /** Default that only the documentation states: JSON. To be confirmed by a person before a check relies on it. */
  readonly documentedDefault: unknown;
  /** A DiffSuppressFunc exists: the planned default may be dropped. */
  readonly suppressesDiff: boolean;
  readonly allowed: readonly unknown[] | undefined;
}

/** An optional attribute of which nothing is known but its type. */
export function plainAttribute(type: Type): AttributeSchema {
  return {
    type,
    required: false,
    optional: true,
    computed: false,
    forcesReplacement: "never",
    sensitive: false,
    writeOnly: false,
    deprecated: undefined,
    default: undefined,
    documentedDefault: undefined,
    suppressesDiff: false,
    allowed: undefined,
  };
}

export interface BlockSchema {
  readonly attributes: ReadonlyMap<string, AttributeSchema>;
  readonly blocks: ReadonlyMap<string, NestedBlockSchema>;
}

export interface NestedBlockSchema extends BlockSchema {
  readonly nesting: "list" | "set" | "map" | "single" | "group";
  readonly minimum: number;
  /** Infinity without a limit. */
  readonly maximum: number;
  /** Omitted: the provider reads it back, so it is unknown in a file. */
  readonly computed: boolean;
  readonly forcesReplacement: "always" | "sometimes" | "never";
}

/** Parsed on first use of a type: memory holds only the types in use. */
export interface Schemas {
  resource(type: string): BlockSchema | undefined;
  data(type: string): BlockSchema | undefined;
  /** Every type as instances.yaml names it (`aws_vpc`, `data.aws_ami`), for suggestions. */
  names?(): readonly string[];
}
