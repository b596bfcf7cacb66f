import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { ResourceInstance } from "../../../../src/core/terraform/model.ts";
import { Project, type ProjectOptions, type ProjectSettings } from "../../../../src/core/terraform/project.ts";
import { parseSchemas } from "../../../../src/core/terraform/schema-reader.ts";
import { parsePath } from "../../../../src/core/values/path.ts";
import type { Value } from "../../../../src/core/values/value.ts";

const repository = join(import.meta.dirname, "../../../..");

export const schemas = parseSchemas(
  ["aws", "alicloud", "tencentcloud"].map((name) => readFileSync(join(repository, `schemas/${name}.json`), "utf8")),
);

/** A project over files whose paths count from `/w`. */
export function projectOf(
  files: Readonly<Record<string, string>>,
  settings: ProjectSettings = {},
  budget?: ProjectOptions["budget"],
): Project {
  const project = new Project(budget === undefined ? { schemas } : { schemas, budget });
  project.setFolders(["/w"]);
  project.configure(settings);
  for (const [path, text] of Object.entries(files)) setText(project, path, text);
  return project;
}

export function setText(project: Project, path: string, text: string): void {
  project.setFile(`/w/${path}`, { kind: "text", text });
}

/** The files of a directory on disk, by relative path. */
export function filesOf(directory: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(directory, { recursive: true, encoding: "utf8" })) {
    const path = join(directory, entry);
    if (statSync(path).isFile()) files[relative(directory, path).replaceAll("\\", "/")] = readFileSync(path, "utf8");
  }
  return files;
}

/** Every instance of every root by address. */
export function instancesOf(project: Project): Map<string, ResourceInstance> {
  const found = new Map<string, ResourceInstance>();
  for (const root of project.roots()) {
    for (const unit of project.units(root.directory)) {
      for (const instance of project.instances(unit)) found.set(instance.address, instance);
    }
  }
  return found;
}

/** An instance's value at a path, without marks. */
export function valueOf(project: Project, address: string, path: string): Value {
  const instance = instancesOf(project).get(address);
  if (instance === undefined) throw new Error(`No ${address} among ${[...instancesOf(project).keys()].join(", ")}`);
  let value: Value | undefined = instance.values;
  for (const step of parsePath(path) ?? []) {
    if (value.kind === "object" || value.kind === "map") value = value.entries.get(String(step));
    else if (value.kind === "list" || value.kind === "set" || value.kind === "tuple") value = value.items[Number(step)];
    else value = undefined;
    if (value === undefined) throw new Error(`${address} has nothing at ${path}`);
  }
  return value;
}

/** The hops of a provenance as `kind: text`. */
export function hopsOf(project: Project, address: string, path: string): readonly string[] {
  const instance = instancesOf(project).get(address);
  if (instance === undefined) throw new Error(`No ${address}`);
  return project.provenance(instance, parsePath(path) ?? []).hops.map(({ kind, location }) => {
    const text = project.source(location.file)?.text ?? "";
    return `${kind}: ${text.slice(location.range.start, location.range.end)}`;
  });
}
