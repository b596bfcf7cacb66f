import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Found } from "../collector.ts";
import { CallFailure } from "../failure.ts";
import { thing } from "./shape.ts";

/*
 * A function's policy is written by AddPermission alone, a statement each time; the provider has each as a permission. What a statement
 * demands beyond what a permission can say leaves open whom it lets in.
 */

type Fields = Readonly<Record<string, unknown>>;

const asked = "lambda:GetPolicy";
const fields = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});

/** Arguments of a permission, by the operator and key of the condition that says the same, in lower case. */
const arguments_: Readonly<Record<string, string>> = {
  "arnlike aws:sourcearn": "source_arn",
  "stringlike aws:sourcearn": "source_arn",
  "arnequals aws:sourcearn": "source_arn",
  "stringequals aws:sourcearn": "source_arn",
  "stringequals aws:sourceaccount": "source_account",
  "stringequals aws:principalorgid": "principal_org_id",
  "stringequals lambda:eventsourcetoken": "event_source_token",
  "stringequals lambda:functionurlauthtype": "function_url_auth_type",
  "bool lambda:invokedviafunctionurl": "invoked_via_function_url",
};

/** Those without which a permission would be for everyone: where a condition is not understood they are unknown. */
const narrowing = ["source_arn", "source_account", "principal_org_id"];

export function permissionsOf(policy: string, functionName: string, qualifier: string | undefined): readonly Found[] {
  let document: Fields;
  try {
    document = fields(JSON.parse(policy));
  } catch {
    throw new CallFailure({
      kind: "answer",
      action: asked,
      code: "Unreadable",
      message: "The policy of the function is not JSON.",
    });
  }
  const { Statement } = document;
  const statements = Array.isArray(Statement) ? Statement : Statement === undefined ? [] : [Statement];
  return statements.flatMap((statement, index) => permission(fields(statement), index, functionName, qualifier));
}

function permission(statement: Fields, index: number, functionName: string, qualifier: string | undefined): readonly Found[] {
  // Nothing writes one that denies.
  if (statement.Effect !== "Allow") return [];
  const sid = typeof statement.Sid === "string" ? statement.Sid : String(index);
  const conditions = conditionsOf(statement.Condition);
  const action = one(statement.Action);
  return principals(statement.Principal).map((principal, each) =>
    thing(
      "aws_lambda_permission",
      [functionName, ...(qualifier === undefined ? [] : [qualifier]), sid, ...(each === 0 ? [] : [String(each)])].join("/"),
      { name: sid },
      {
        id: sid,
        statement_id: sid,
        function_name: functionName,
        qualifier: qualifier ?? null,
        principal,
        ...(action === undefined ? {} : { action }),
        ...conditions,
      },
    ),
  );
}

function conditionsOf(condition: unknown): JsonObject {
  const read: Record<string, string | boolean | null> = Object.fromEntries(
    Object.values(arguments_).map((argument) => [argument, null]),
  );
  let understood = true;
  for (const [operator, keys] of Object.entries(fields(condition))) {
    for (const [key, wanted] of Object.entries(fields(keys))) {
      const argument = arguments_[`${operator} ${key}`.toLowerCase()];
      const value = one(wanted);
      if (argument === undefined || value === undefined) understood = false;
      else read[argument] = argument === "invoked_via_function_url" ? value === "true" : value;
    }
  }
  if (understood) return read;
  return Object.fromEntries(Object.entries(read).filter(([argument, value]) => value !== null || !narrowing.includes(argument)));
}

/** `"*"`, `{ "AWS": … }`, `{ "Service": … }`, as the provider writes them. */
function principals(principal: unknown): readonly string[] {
  if (typeof principal === "string") return [principal];
  return Object.values(fields(principal))
    .flatMap((value): readonly unknown[] => (Array.isArray(value) ? value : [value]))
    .filter((value) => typeof value === "string");
}

function one(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  return Array.isArray(value) && value.length === 1 ? one(value[0]) : undefined;
}
