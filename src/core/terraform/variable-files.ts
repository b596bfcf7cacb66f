import type { Attribute, Expression, SourceFile } from "../hcl/syntax.ts";
import type { FilePath, Problem, TextRange } from "../text/text.ts";
import { fileRole } from "./file-names.ts";
import type { Sources } from "./sources.ts";

/** Values given to roots from outside of their directories. */
export interface RootInputs {
  /** Later files win. */
  readonly variableFiles: readonly FilePath[];
  /** Name to text, as `-var` takes it: wins over files. */
  readonly variables: ReadonlyMap<string, string>;
  /** Name to text of `TF_VAR_name`: files win over it. */
  readonly environment: ReadonlyMap<string, string>;
}

/** A line of a variable file. */
export interface VariableFileEntry {
  readonly file: FilePath;
  readonly attribute: Attribute;
  readonly base: number;
}

/** Where a root variable's value comes from, if anybody gives it one. */
export type GivenToRoot =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly entry: VariableFileEntry }
  /** Something that is not evaluated may give it: its default says nothing. */
  | { readonly kind: "elsewhere" };

/** In Terraform's order: `-var` wins over files, files win over the environment, all win over the default. */
export function givenToRoot(sources: Sources, root: FilePath, inputs: RootInputs, name: string): GivenToRoot | undefined {
  const argument = inputs.variables.get(name);
  if (argument !== undefined) return { kind: "text", text: argument };
  const entry = variableFileEntry(sources, root, inputs, name);
  if (entry !== undefined) return { kind: "file", entry };
  // Terragrunt sets its inputs as environment variables.
  if (sources.variableGivers(root).terragrunt) return { kind: "elsewhere" };
  const text = inputs.environment.get(name);
  return text === undefined ? undefined : { kind: "text", text };
}

/** The line that gives a root variable its value: the last file wins. */
function variableFileEntry(sources: Sources, root: FilePath, inputs: RootInputs, name: string): VariableFileEntry | undefined {
  for (const file of [...sources.variableGivers(root).files, ...inputs.variableFiles].reverse()) {
    if (fileRole(file).kind !== "variables" && !inputs.variableFiles.includes(file)) continue;
    const source = sources.source(file);
    if (source === undefined) sources.content(file);
    for (const { node, base } of source?.items ?? []) {
      if (node.kind === "attribute" && node.name.name === name) return { file, attribute: node, base };
    }
  }
  return undefined;
}

/** What Terraform would refuse in a variable file, and names that its own root does not declare. */
export function variableFileProblems(source: SourceFile, isDeclared: (name: string) => boolean): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { node, base } of source.items) {
    const report = ({ start, end }: TextRange, severity: Problem["severity"], code: string, message: string): void => {
      problems.push({ file: source.path, range: { start: base + start, end: base + end }, severity, code, message });
    };
    if (node.kind === "block") {
      report(node.header, "error", "misplaced-block", "A variable file holds only lines such as `name = value`.");
      continue;
    }
    const { name } = node.name;
    const variable = firstNotConstant(node.value);
    if (variable !== undefined)
      report(variable, "error", "not-constant", "Values in a variable file stand for themselves: no references, no functions.");
    if (!isDeclared(name))
      report(
        node.name,
        "warning",
        "undeclared-variable",
        `No variable \`${name}\` is declared in this module: the line has no effect.`,
      );
  }
  return problems;
}

/** The first reference or call in an expression. */
function firstNotConstant(expression: Expression): TextRange | undefined {
  switch (expression.kind) {
    case "variable":
    case "getAttribute":
    case "index":
    case "splat":
    case "call":
    case "for":
      return expression;
    case "parentheses":
      return firstNotConstant(expression.inner);
    case "tuple":
      return firstOf(expression.elements);
    case "object":
      return firstOf(expression.items.flatMap(({ key, bareKey, value }) => (bareKey ? [value] : [key, value])));
    case "template":
      return firstOf(expression.parts.flatMap((part) => (part.kind === "interpolation" ? [part.expression] : [])));
    default:
      return undefined;
  }
}

function firstOf(expressions: readonly Expression[]): TextRange | undefined {
  for (const expression of expressions) {
    const found = firstNotConstant(expression);
    if (found !== undefined) return found;
  }
  return undefined;
}
