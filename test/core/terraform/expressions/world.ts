import { readdirSync, readFileSync } from "node:fs";
import { parseExpression } from "../../../../src/core/hcl/parse.ts";
import { evaluate } from "../../../../src/core/terraform/evaluate.ts";
import {
  type EvaluationScope,
  type FunctionFiles,
  newBudget,
  type ScopeEntry,
  type ScopeNamespace,
} from "../../../../src/core/terraform/scope.ts";
import { convert } from "../../../../src/core/values/convert.ts";
import {
  DYNAMIC,
  listOf,
  mapOf,
  NUMBER,
  number,
  object,
  objectOf,
  setOf,
  STRING,
  string,
  tuple,
  unknown,
} from "../../../../src/core/values/make.ts";
import type { Reason, Type, Value } from "../../../../src/core/values/value.ts";

/** The folder that terraform plans in, with the files that `file` and its kin read. */
export const worldFolder = new URL("../../../fixtures/expressions/files/", import.meta.url);

const computed: Reason = { kind: "computed", detail: "terraform_data.one.id" };

function sensitive(value: Value): Value {
  return { ...value, sensitive: true };
}

function typed(value: Value, type: Type): Value {
  const converted = convert(value, type);
  if ("error" in converted) throw new Error(converted.error);
  return converted.value;
}

function strings(...texts: readonly string[]): Value {
  return tuple(texts.map(string));
}

const id = unknown(STRING, computed, { origin: { address: "terraform_data.one", path: ["id"] }, refinement: { notNull: true } });
const any = unknown(DYNAMIC, computed);

function terraformData(output: Value): Value {
  return object([
    ["id", id],
    ["input", output.kind === "unknown" ? id : output],
    ["output", output],
    ["triggers_replace", { kind: "null", type: DYNAMIC }],
  ]);
}

const nothing: Value = { kind: "null", type: DYNAMIC };

const rule = objectOf(
  new Map<string, Type>([
    ["cidrs", listOf(STRING)],
    ["note", STRING],
    ["port", NUMBER],
  ]),
  new Set(["note"]),
);

const variables: Readonly<Record<string, Value>> = {
  text: string("Some text"),
  nothing: { kind: "null", type: STRING },
  secret_text: sensitive(string("s3cr3t")),
  secret_number: sensitive(number(42)),
  secret_list: sensitive(typed(strings("a", "b"), listOf(STRING))),
  secret_map: sensitive(
    typed(
      object([
        ["a", string("1")],
        ["b", string("2")],
      ]),
      mapOf(STRING),
    ),
  ),
  numbers: typed(tuple([number(3), number(1), number(2)]), listOf(NUMBER)),
  words: typed(strings("b", "a", "c", "a"), listOf(STRING)),
  names: typed(strings("y", "x"), setOf(STRING)),
  tags: typed(
    object([
      ["env", string("dev")],
      ["app", string("web")],
    ]),
    mapOf(STRING),
  ),
  rules: typed(
    tuple([
      object([
        ["port", number(22)],
        ["cidrs", strings("10.0.0.0/8")],
      ]),
      object([
        ["port", number(443)],
        ["cidrs", strings("0.0.0.0/0", "::/0")],
        ["note", string("web")],
      ]),
    ]),
    listOf(rule),
  ),
};

const locals: Readonly<Record<string, Value>> = {
  unknown_text: id,
  unknown_any: any,
  unknown_number: unknown(NUMBER, computed),
  unknown_bool: unknown({ kind: "bool" }, computed, { refinement: { notNull: true } }),
  unknown_list: unknown(listOf(STRING), computed, { refinement: { notNull: true } }),
  unknown_set: unknown(setOf(STRING), computed, { refinement: { notNull: true } }),
  unknown_map: unknown(mapOf(STRING), computed, { refinement: { notNull: true } }),
  half_known: tuple([string("a"), id]),
  half_map: object([
    ["a", string("x")],
    ["b", id],
  ]),
  secret_half: object([
    ["open", string("x")],
    ["hidden", sensitive(string("s3cr3t"))],
  ]),
};

const resources: Readonly<Record<string, Value>> = {
  one: terraformData(nothing),
  any: terraformData(unknown(STRING, computed)),
  many: tuple([terraformData(nothing), terraformData(nothing)]),
};

function namespace(label: string, values: Readonly<Record<string, Value>>): ScopeNamespace {
  return {
    kind: "namespace",
    label,
    member(name): ScopeEntry | undefined {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      return value === undefined ? undefined : { kind: "value", value };
    },
    value: () => object(Object.entries(values)),
  };
}

const roots: ReadonlyMap<string, ScopeEntry> = new Map([
  ["var", namespace("var", variables)],
  ["local", namespace("local", locals)],
  ["terraform_data", namespace("terraform_data", resources)],
  ["path", namespace("path", { module: string("."), root: string(".") })],
  ["terraform", namespace("terraform", { workspace: string("default") })],
]);

const files: FunctionFiles = {
  workingDirectory: "/world",
  read(path) {
    const name = path.replace(/^\/world\//, "").replace(/^\.\//, "");
    try {
      return { text: readFileSync(new URL(name, worldFolder), "utf8") };
    } catch {
      return { absent: true };
    }
  },
  list(directory) {
    const name = directory.replace(/^\/world\/?/, "").replace(/^\.\/?/, "");
    const folder = new URL(name === "" ? "./" : `${name}/`, worldFolder);
    const all = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return {
      files: all.map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll("//", "/").slice(folder.pathname.length)),
    };
  },
};

/** Evaluates one expression in the world; `refused` is what terraform would call an error. */
export function evaluateInWorld(text: string): { readonly value: Value; readonly refused: string | undefined } {
  const { expression, problems } = parseExpression(text);
  let refused: string | undefined = problems[0]?.message;
  const scope: EvaluationScope = {
    root: (name) => roots.get(name),
    problem(_range, _code, message) {
      refused ??= message;
    },
    budget: newBudget(),
    files,
  };
  return { value: evaluate(expression, scope), refused };
}
