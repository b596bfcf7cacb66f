import { loadCheckTree, type CheckTree } from "../../scripts/check-files.ts";
import { evaluateCheck, type EvaluationContext } from "../../src/core/checks/evaluate.ts";
import type { Example } from "../../src/core/checks/examples.ts";
import { literalIn } from "../../src/core/checks/literal.ts";
import type { CheckItem, Result } from "../../src/core/checks/model.ts";
import { InstanceWorld } from "../../src/core/instances/instances.ts";
import { liveInstance } from "../../src/core/instances/live-shape.ts";
import { Project } from "../../src/core/terraform/project.ts";
import { object } from "../../src/core/values/make.ts";

/*
 * What the product does with check items, without files and hosts: the bundled checks over Terraform texts and live-shaped
 * instances.
 */

export const someDay = "2026-06-15T12:00:00Z";

let loaded: Promise<CheckTree> | undefined;

/** Everything under checks/, loaded once. */
export function bundled(): Promise<CheckTree> {
  loaded ??= loadCheckTree();
  return loaded;
}

export interface FileWorld {
  readonly project: Project;
  readonly world: InstanceWorld;
  readonly root: string;
  results(check: CheckItem): readonly Result[];
}

/** A workspace `/w` of files by relative path. */
export function fileWorld(tree: CheckTree, files: Readonly<Record<string, string>>, now = someDay): FileWorld {
  const project = new Project({ schemas: tree.schemas });
  const root = "/w";
  project.setFolders([root]);
  const directories = new Map<string, string[]>([[root, []]]);
  for (const [name, text] of Object.entries(files)) {
    const path = `${root}/${name}`;
    const directory = path.slice(0, path.lastIndexOf("/"));
    directories.set(directory, [...(directories.get(directory) ?? []), path.slice(directory.length + 1)]);
    project.setFile(path, { kind: "text", text });
  }
  for (const [directory, names] of directories) project.setDirectory(directory, { kind: "listing", files: names });
  const world = new InstanceWorld(project, tree.types, surroundings(tree, now));
  const literal = literalIn((instance, path) => project.provenance(instance, path));
  return {
    project,
    world,
    root,
    results: (check) =>
      world
        .subjects(root, check.instance, [check.when, check.assert])
        .map((instance) => evaluateCheck(check, instance, context(tree, check, now, literal)))
        .filter(({ instance, outcome }) => !instance.orphan || outcome.kind === "fail"),
  };
}

/** The results of a check over one of its examples, and what was wrong with the example itself. */
export function exampleResults(
  tree: CheckTree,
  check: CheckItem,
  example: Example,
): { readonly results: readonly Result[]; readonly problems: readonly string[] } {
  const now = example.now ?? someDay;
  if (example.terraform !== undefined) {
    const world = fileWorld(tree, { "main.tf": example.terraform }, now);
    const results = world.results(check);
    return { results, problems: world.project.problems().map(({ message }) => message) };
  }
  const definition = tree.types.get(check.instance[0] ?? "");
  if (definition === undefined) return { results: [], problems: ["no instance type"] };
  const { instance, problems } = liveInstance(definition, example.instance, tree.types, surroundings(tree, now));
  const literal: EvaluationContext["literal"] = () => ({
    kind: "unknown",
    type: { kind: "bool" },
    reasons: [{ kind: "live only", detail: "" }],
  });
  return { results: [evaluateCheck(check, instance, context(tree, check, now, literal))], problems };
}

function surroundings(tree: CheckTree, now: string): { now(): string; table: EvaluationContext["table"] } {
  return { now: () => now, table: (name, key) => tree.tables.lookup(name, key, now) };
}

function context(tree: CheckTree, check: CheckItem, now: string, literal: EvaluationContext["literal"]): EvaluationContext {
  return {
    parameters: object([...check.parameters].map(([name, parameter]) => [name, parameter.default])),
    now,
    table: (name, key) => tree.tables.lookup(name, key, now),
    literal,
  };
}
