import type { Call } from "../../hcl/syntax.ts";
import { convert, hasUnknown, sameValue } from "../../values/convert.ts";
import { bool, BOOL, DYNAMIC, listOf, mapOf, NULL, NUMBER, setOf, string, STRING, unknown } from "../../values/make.ts";
import { typeName, typeOf } from "../../values/type.ts";
import type { Refinement, Type, Value } from "../../values/value.ts";
import type { Evaluate, EvaluationScope } from "../scope.ts";
import { applyDefaults, readTypeConstraint } from "../type-constraints.ts";
import { fail, type Failure, type FunctionDefinition, type FunctionTable } from "./definition.ts";
import { decodeBase64Bytes, utf8 } from "./encoding.ts";
import { gunzip } from "./inflate.ts";
import { prefixContains } from "./network.ts";
import { textOf } from "./string.ts";

/** A compressed text that is longer than this is not unpacked. */
const MOST_BYTES = 1_000_000;

const any = { type: DYNAMIC, null: true } as const;

/**
 * What OpenTofu has beside terraform's functions: https://opentofu.org/docs/language/functions/ and internal/lang/functions.go of
 * its source. A configuration is not asked which of the two applies it, so these are known everywhere. `convert` is beside them, for
 * its second argument is no expression.
 */
export const tofuFunctions: FunctionTable = {
  base64gunzip: {
    parameters: [{ type: STRING }],
    result: STRING,
    run: ([text]) => {
      const packed = decodeBase64Bytes(textOf(text));
      if (packed === undefined) return fail("the text is no base64");
      const unpacked = gunzip(packed, MOST_BYTES);
      if ("failure" in unpacked) return fail(unpacked.failure);
      if ("tooLarge" in unpacked) return unknown(STRING, { kind: "budget", detail: "size" });
      const decoded = utf8(unpacked.bytes);
      return decoded === undefined ? unknown(STRING, { kind: "unsupported", detail: "text that is no UTF-8" }) : string(decoded);
    },
  },
  cidrcontains: {
    parameters: [{ type: STRING }, { type: STRING }],
    result: BOOL,
    run: ([prefix, inner]) => {
      const contains = prefixContains(textOf(prefix), textOf(inner));
      return typeof contains === "boolean" ? bool(contains) : contains;
    },
  },
  urldecode: {
    parameters: [{ type: STRING }],
    result: STRING,
    run: ([text]) => {
      try {
        return string(decodeURIComponent(textOf(text).replaceAll("+", "%20")));
      } catch {
        return fail("the text is no URL encoding of UTF-8");
      }
    },
  },
  flip_sensitive: {
    parameters: [any],
    result: DYNAMIC,
    raw: true,
    maybeNull: true,
    run: ([value = NULL]) => {
      const { sensitive, ...rest } = value;
      return sensitive === true ? rest : { ...value, sensitive: true };
    },
  },
  // The second value stands for the first from here on, with its own marks.
  assumeequal: {
    parameters: [any, any],
    result: DYNAMIC,
    raw: true,
    maybeNull: true,
    run: ([actual = NULL, expected = NULL]) => {
      const type = typeOf(expected);
      const converted = convert(actual, type);
      if ("error" in converted)
        return fail(`the first value has another type than the second, ${typeName(type)}: ${converted.error}`);
      return sameValue(converted.value, expected) === false ? fail("the first value is not the second") : expected;
    },
  },
  assumenotnull: {
    parameters: [any],
    result: DYNAMIC,
    raw: true,
    run: ([value = NULL]) => (value.kind === "null" ? fail("the value is null") : assuming(value, { notNull: true })),
  },
  assumestringprefix: {
    parameters: [{ type: STRING, null: true }, { type: STRING }],
    result: STRING,
    raw: true,
    maybeNull: true,
    run: ([value = NULL, prefix = NULL]) => {
      if (prefix.kind !== "string") return value;
      if (value.kind === "string" && !value.value.startsWith(prefix.value)) return fail("the text begins with something else");
      const known = value.kind === "unknown" ? (value.refinement?.prefix ?? "") : "";
      if (!known.startsWith(prefix.value) && !prefix.value.startsWith(known)) return fail("the text begins with something else");
      return assuming(value, known.length > prefix.value.length ? {} : { prefix: prefix.value });
    },
  },
  ...lengthFunctions("assumelistlength", listOf(DYNAMIC)),
  ...lengthFunctions("assumesetlength", setOf(DYNAMIC)),
  ...lengthFunctions("assumemaplength", mapOf(DYNAMIC)),
};

/** What is said to be true of a value that is not known yet. */
function assuming(value: Value, refinement: Refinement): Value {
  return value.kind === "unknown" ? { ...value, refinement: { ...value.refinement, ...refinement } } : value;
}

function lengthFunctions(name: string, type: Type): FunctionTable {
  const either = (bounds: readonly ("minimum" | "maximum")[]): FunctionDefinition => ({
    parameters: [{ type, null: true }, ...bounds.map(() => ({ type: NUMBER }))],
    result: type,
    raw: true,
    maybeNull: true,
    run: ([value = NULL, ...numbers]): Value | Failure => {
      let minimum = 0;
      let maximum = Infinity;
      for (const [index, bound] of bounds.entries()) {
        const number = numbers[index];
        if (number?.kind !== "number") return value;
        const limit = Number(number.value);
        if (!Number.isInteger(limit) || limit < 0) return fail("a length is a whole number from 0 on");
        if (bound === "minimum") minimum = limit;
        else maximum = limit;
      }
      const length = lengthOf(value);
      const isOutside = length !== undefined && (length.minimum > maximum || length.maximum < minimum);
      if (isOutside || minimum > maximum) return fail("the length is another");
      if (value.kind !== "unknown") return value;
      const most = Math.min(maximum, length?.maximum ?? Infinity);
      return assuming(value, {
        minimumLength: Math.max(minimum, length?.minimum ?? 0),
        ...(most === Infinity ? {} : { maximumLength: most }),
      });
    },
  });
  return {
    [name]: either(["minimum", "maximum"]),
    [`${name}min`]: either(["minimum"]),
    [`${name}max`]: either(["maximum"]),
  };
}

/** Undefined: null, which has none. */
function lengthOf(value: Value): { readonly minimum: number; readonly maximum: number } | undefined {
  switch (value.kind) {
    case "unknown":
      return { minimum: value.refinement?.minimumLength ?? 0, maximum: value.refinement?.maximumLength ?? Infinity };
    case "map":
      return { minimum: value.entries.size, maximum: value.entries.size };
    case "list":
    case "set": {
      // Unknown elements of a set may turn out to be the same.
      const isOpen = value.kind === "set" && value.items.some(hasUnknown);
      return {
        minimum: isOpen ? Math.min(1, value.items.length) : value.items.length,
        maximum: value.rest === undefined ? value.items.length : Infinity,
      };
    }
    default:
      return undefined;
  }
}

/** `convert(value, type)`, whose type is written as a variable's is. */
export function convertTo(call: Call, scope: EvaluationScope, evaluate: Evaluate): Value | Failure {
  const [argument, type] = call.arguments;
  if (argument === undefined || type === undefined || call.arguments.length > 2 || call.expand)
    return fail(`it takes 2 arguments, not ${call.arguments.length}`);
  const value = evaluate(argument, scope);
  // A default in the type is a constant.
  const constraint = readTypeConstraint(type, (expression) => evaluate(expression, { ...scope, root: () => undefined }));
  const [problem] = constraint.problems;
  if (problem !== undefined) return fail(problem.message.replace(/\.$/, ""));
  const converted = convert(applyDefaults(value, constraint.defaults), constraint.type);
  return "error" in converted ? fail(converted.error) : converted.value;
}
