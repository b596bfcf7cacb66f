import { readdirSync, readFileSync, statSync } from "node:fs";
import { parseExpression, parseFile } from "../../../../src/core/hcl/parse.ts";
import type { Expression } from "../../../../src/core/hcl/syntax.ts";
import { evaluate } from "../../../../src/core/terraform/evaluate.ts";
import {
  type EvaluationScope,
  type FunctionFiles,
  newBudget,
  type ScopeEntry,
  type ScopeNamespace,
} from "../../../../src/core/terraform/scope.ts";
import { fitVariable, markVariable, readVariable } from "../../../../src/core/terraform/variables.ts";
import { bool, DYNAMIC, NULL, object, STRING, string, tuple, unknown } from "../../../../src/core/values/make.ts";
import type { Reason, Value } from "../../../../src/core/values/value.ts";

/** The folder that terraform plans in, with the files that `file` and its kin read. */
export const worldFolder = new URL("../../../fixtures/expressions/files/", import.meta.url);

const computed: Reason = { kind: "computed", detail: "terraform_data.one.id" };

const id = unknown(STRING, computed, { origin: { address: "terraform_data.one", path: ["id"] }, refinement: { notNull: true } });

function terraformData(input: Value, output = input): Value {
  return object([
    ["id", id],
    ["input", input],
    ["output", output],
    ["triggers_replace", { kind: "null", type: DYNAMIC }],
  ]);
}

const each = object([
  ["x", terraformData(NULL)],
  ["y", terraformData(NULL)],
]);

const resources: Readonly<Record<string, ScopeEntry>> = {
  one: { kind: "value", value: terraformData(NULL), single: true },
  any: { kind: "value", value: terraformData(id, unknown(STRING, computed)), single: true },
  many: { kind: "value", value: tuple([terraformData(NULL), terraformData(NULL)]) },
  each: {
    kind: "namespace",
    label: "terraform_data.each",
    member: () => undefined,
    index: (key) => {
      const value = each.entries.get(String(key));
      return value && { kind: "value", value };
    },
    value: () => each,
  },
};

function namespace(label: string, members: ReadonlyMap<string, ScopeEntry>): ScopeNamespace {
  return { kind: "namespace", label, member: (name) => members.get(name), value: () => undefined };
}

function entriesOf(values: Readonly<Record<string, Value>>): ReadonlyMap<string, ScopeEntry> {
  return new Map(Object.entries(values).map(([name, value]) => [name, { kind: "value", value }]));
}

const files: FunctionFiles = {
  workingDirectory: "/world",
  read(path) {
    const name = path.replace(/^\/world\/?/, "").replace(/^\.\//, "");
    try {
      return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(new URL(name, worldFolder))) };
    } catch (error) {
      // A folder, or bytes that are no text.
      const isThere = error instanceof TypeError || ((error as NodeJS.ErrnoException).code === "EISDIR" && name !== "");
      return isThere ? { unknown: { kind: "unsupported", detail: "a file that is no text" } } : { absent: true };
    }
  },
  list(directory) {
    const name = directory.replace(/^\/world\/?/, "").replace(/^\.\/?/, "");
    const folder = new URL(name === "" ? "./" : `${name}/`, worldFolder);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return { files: [] };
    const all = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return {
      files: all.map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll("//", "/").slice(folder.pathname.length)),
    };
  },
};

type Report = (message: string) => void;

function scopeOf(root: (name: string) => ScopeEntry | undefined, report: Report): EvaluationScope {
  return { root, problem: (_range, _code, message) => report(message), budget: newBudget(), files };
}

function failing(subject: string): Report {
  return (message) => {
    throw new Error(`${subject}: ${message}`);
  };
}

/** Of no reference. */
function constant(expression: Expression): Value {
  return evaluate(
    expression,
    scopeOf(() => undefined, failing("a constant")),
  );
}

const world = parseFile("world.tf", readFileSync(new URL("world.tf", worldFolder), "utf8"));

/** The variables as our reading of their declarations has them. */
const variables: Readonly<Record<string, Value>> = Object.fromEntries(
  world.items.flatMap(({ node }): [string, Value][] => {
    if (node.kind !== "block" || node.type.name !== "variable") return [];
    const name = node.labels[0]?.name ?? "";
    const declaration = readVariable(node, constant);
    const fitted = fitVariable(declaration.default === undefined ? NULL : constant(declaration.default.value), declaration);
    if ("error" in fitted) throw new Error(`var.${name}: ${fitted.error}`);
    return [[name, markVariable(fitted.value, declaration)]];
  }),
);

const locals = new Map(
  world.items.flatMap(({ node }) =>
    node.kind === "block" && node.type.name === "locals"
      ? node.body.items.flatMap((item) => (item.kind === "attribute" ? [[item.name.name, item.value] as const] : []))
      : [],
  ),
);

const localNamespace: ScopeNamespace = {
  kind: "namespace",
  label: "local",
  member(name) {
    const expression = locals.get(name);
    return expression && { kind: "value", value: evaluate(expression, scopeOf(rootOf, failing(`local.${name}`))) };
  },
  value: () => undefined,
};

const roots: ReadonlyMap<string, ScopeEntry> = new Map([
  ["var", namespace("var", entriesOf(variables))],
  ["local", localNamespace],
  ["terraform_data", namespace("terraform_data", new Map(Object.entries(resources)))],
  ["path", namespace("path", entriesOf({ module: string("."), root: string(".") }))],
  ["terraform", namespace("terraform", entriesOf({ workspace: string("default"), applying: { ...bool(false), ephemeral: true } }))],
]);

function rootOf(name: string): ScopeEntry | undefined {
  return roots.get(name);
}

/** Evaluates one expression in the world; `refused` is what terraform would call an error. */
export function evaluateInWorld(text: string): { readonly value: Value; readonly refused: string | undefined } {
  const { expression, problems } = parseExpression(text);
  let refused: string | undefined = problems[0]?.message;
  const scope = scopeOf(rootOf, (message) => {
    refused ??= message;
  });
  return { value: evaluate(expression, scope), refused };
}
