import { checkPlace, loadChecks, type CheckFile } from "../checks/load.ts";
import type { Catalogue } from "../checks/catalogue.ts";
import type { CheckItem } from "../checks/model.ts";
import { loadInstanceTypes } from "../instances/load.ts";
import type { InstanceFile, InstanceTypes } from "../instances/types.ts";
import { readYaml } from "../instances/yaml-text.ts";
import type { Schemas } from "../terraform/schema.ts";
import type { FilePath, Problem } from "../text/text.ts";

/** A workspace's own check items, and the instance types with its own beside the built-in ones. */
export interface OwnChecks {
  readonly types: InstanceTypes;
  readonly checks: readonly CheckItem[];
  readonly problems: readonly Problem[];
}

/** Loads the YAML files of the folders that plumbline.yaml names. Built-in ids and types can't be taken. */
export function loadOwnChecks(
  files: readonly { readonly path: FilePath; readonly text: string }[],
  catalogue: Catalogue,
  schemas: Schemas,
): OwnChecks {
  if (files.length === 0) return { types: catalogue.types, checks: [], problems: [] };
  const problems: Problem[] = [];
  const instanceFiles: InstanceFile[] = [];
  const checkFiles: CheckFile[] = [];
  for (const { path, text } of files) {
    const place = checkPlace(path.replace(/\/instances\.ya?ml$/, "/x.yaml"));
    if (place === undefined) {
      const message = "An own check item lies at <cloud>/<service>/<name>.yaml below its folder; cloud is aws, alibaba or tencent.";
      problems.push({ file: path, range: { start: 0, end: 0 }, severity: "warning", code: "own-check-place", message });
      continue;
    }
    const read = readYaml(path, text);
    problems.push(...read.problems);
    if (/\/instances\.ya?ml$/.test(path)) instanceFiles.push({ ...read.source, ...place });
    else checkFiles.push({ ...read.source, ...place, builtIn: false });
  }
  const types = withOwnTypes(instanceFiles, catalogue, schemas, problems);
  const loaded = loadChecks(checkFiles, types, catalogue.ids);
  return { types, checks: loaded.checks, problems: [...problems, ...loaded.problems] };
}

function withOwnTypes(files: readonly InstanceFile[], catalogue: Catalogue, schemas: Schemas, problems: Problem[]): InstanceTypes {
  const builtIn = catalogue.types;
  if (files.length === 0) return builtIn;
  const loaded = loadInstanceTypes(files, schemas, (name) => catalogue.tables.type(name));
  problems.push(...loaded.problems);
  const taken = new Set(builtIn.declared());
  const own = new Set(loaded.types.declared().filter((name) => !taken.has(name)));
  for (const file of files) {
    for (const name of loaded.types.declared()) {
      const types = file.data as { types?: Record<string, unknown> } | undefined;
      if (!taken.has(name) || !Object.hasOwn(types?.types ?? {}, name)) continue;
      const range = file.locate?.(["types", name], "key") ?? { start: 0, end: 0 };
      const message = `\`${name}\` is a built-in instance type: your check items use that one. Remove it here.`;
      problems.push({ file: file.path, range, severity: "error", code: "reserved-type", message });
    }
  }
  const choose = (name: string): InstanceTypes => (own.has(name) ? loaded.types : builtIn);
  return {
    get: (name) => choose(name).get(name),
    table: (name) => builtIn.table(name),
    declared: () => [...builtIn.declared(), ...own],
    has: (name) => choose(name).has(name),
    family: (name) => choose(name).family(name),
    adopters: (satellite) => [
      ...builtIn.adopters(satellite),
      ...loaded.types.adopters(satellite).filter(({ type }) => own.has(type)),
    ],
  };
}
