import { hasUnknown, withoutMarks } from "../values/convert.ts";
import { NULL } from "../values/make.ts";
import { typeOf } from "../values/type.ts";
import type { Reason, Type, Value } from "../values/value.ts";
import { encodeJson } from "./functions/encoding.ts";
import { reasonsOf } from "./unknowns.ts";

/** What an expression is worth, for a person or a program to read: nothing sensitive in it. */
export type Answer =
  | {
      readonly status: "value" | "unknown";
      readonly value: Value;
      readonly json: string;
      readonly type: Type;
      readonly sensitive: boolean;
      readonly reasons: readonly Reason[];
    }
  | { readonly status: "error"; readonly message: string };

export function answerOf(value: Value, problems: readonly { readonly message: string }[]): Answer {
  if (problems.length > 0) return { status: "error", message: [...new Set(problems.map(({ message }) => message))].join(" ") };
  const marks: { sensitive?: true; ephemeral?: true } = {};
  withoutMarks(value, marks);
  return {
    status: hasUnknown(value) ? "unknown" : "value",
    value,
    json: encodeJson(withoutSecrets(value)),
    type: typeOf(value),
    sensitive: marks.sensitive === true || marks.ephemeral === true,
    reasons: hasUnknown(value) ? reasonsOf([value]) : [],
  };
}

/** Null in place of what is sensitive or ephemeral, at every depth. */
function withoutSecrets(value: Value): Value {
  if (value.sensitive === true || value.ephemeral === true) return NULL;
  switch (value.kind) {
    case "list":
    case "set":
    case "tuple":
      return { ...value, items: value.items.map(withoutSecrets) };
    case "map":
    case "object":
      return { ...value, entries: new Map([...value.entries].map(([key, item]) => [key, withoutSecrets(item)] as const)) };
    default:
      return value;
  }
}
