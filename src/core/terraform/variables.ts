import { parseExpression } from "../hcl/parse.ts";
import type { Attribute, Block, Expression } from "../hcl/syntax.ts";
import { convert } from "../values/convert.ts";
import { string, unknown } from "../values/make.ts";
import type { Value } from "../values/value.ts";
import { plainText } from "./plain-text.ts";
import { attributeNamed } from "./symbols.ts";
import { ANY, applyDefaults, type ConstraintProblem, readTypeConstraint, type TypeConstraint } from "./type-constraints.ts";

export interface VariableDeclaration {
  readonly constraint: TypeConstraint;
  /** Whether a `type` is written. */
  readonly typed: boolean;
  readonly problems: readonly ConstraintProblem[];
  readonly default: Attribute | undefined;
  readonly nullable: boolean;
  readonly sensitive: boolean;
  readonly ephemeral: boolean;
}

/** Reads a `variable` block. */
export function readVariable(block: Block, constant: (expression: Expression) => Value): VariableDeclaration {
  const type = attributeNamed(block, "type");
  const constraint = type === undefined ? { ...ANY, problems: [] } : readTypeConstraint(type.value, constant);
  const flag = (name: string): boolean | undefined => {
    const attribute = attributeNamed(block, name);
    if (attribute === undefined) return undefined;
    const value = constant(attribute.value);
    return value.kind === "bool" ? value.value : undefined;
  };
  return {
    constraint,
    typed: type !== undefined,
    problems: constraint.problems,
    default: attributeNamed(block, "default"),
    nullable: flag("nullable") ?? true,
    sensitive: flag("sensitive") ?? false,
    ephemeral: flag("ephemeral") ?? false,
  };
}

/** What a variable is worth when nobody gives it a value. */
export function unsetVariable(name: string, declaration: VariableDeclaration): Value {
  const more = declaration.nullable ? {} : { refinement: { notNull: true } };
  return unknown(declaration.constraint.type, { kind: "variable", detail: `var.${name}` }, more);
}

/** Fits a given value to the declared type. The error is about the value and never quotes it. */
export function fitVariable(
  value: Value,
  declaration: VariableDeclaration,
): { readonly value: Value } | { readonly error: string } {
  return convert(applyDefaults(value, declaration.constraint.defaults), declaration.constraint.type);
}

export function markVariable(value: Value, declaration: VariableDeclaration): Value {
  if (!declaration.sensitive && !declaration.ephemeral) return value;
  return { ...value, ...(declaration.sensitive ? { sensitive: true } : {}), ...(declaration.ephemeral ? { ephemeral: true } : {}) };
}

/** The value of `-var name=text`: text itself where the type is primitive or not written, else an expression. */
export function variableFromText(
  text: string,
  { constraint, typed }: VariableDeclaration,
  constant: (expression: Expression) => Value,
): Value {
  const { type } = constraint;
  if (!typed || type.kind === "string" || type.kind === "number" || type.kind === "bool") return string(text);
  const { expression, problems } = parseExpression(text);
  if (problems.length > 0) return unknown(type, { kind: "invalid", detail: "value of the variable" });
  return constant(expression);
}

/** The type as it is written, for the `variable` instance. */
export function typeText(block: Block, text: string, base: number): string | undefined {
  const type = attributeNamed(block, "type");
  if (type === undefined) return undefined;
  return plainText(type) ?? text.slice(base + type.value.start, base + type.value.end);
}
