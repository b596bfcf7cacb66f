import { checkPlace, loadChecks, loadTexts, type CheckFile } from "../checks/load.ts";
import { translatedFile, withTexts } from "../checks/texts.ts";
import type { Language } from "../text/language.ts";
import type { Catalogue } from "../checks/catalogue.ts";
import type { CheckItem } from "../checks/model.ts";
import { loadInstanceTypes } from "../instances/load.ts";
import type { InstanceType } from "../instances/model.ts";
import type { InstanceFile, InstanceTypes } from "../instances/types.ts";
import { readYaml, type DataSource } from "../instances/yaml-text.ts";
import type { Schemas } from "../terraform/schema.ts";
import type { FilePath, Problem } from "../text/text.ts";

/** A workspace's own check items, and the instance types with its own beside the built-in ones. */
export interface OwnChecks {
  readonly types: InstanceTypes;
  readonly checks: readonly CheckItem[];
  /** The types that the workspace declares itself, as they are written. */
  readonly declared: ReadonlyMap<string, unknown>;
  readonly problems: readonly Problem[];
}

export function noOwnChecks({ types }: Pick<Catalogue, "types">): OwnChecks {
  return { types, checks: [], declared: new Map(), problems: [] };
}

/** Loads the YAML files of the folders that plumbline.yaml names. Built-in ids and types can't be taken. */
export function loadOwnChecks(
  files: readonly { readonly path: FilePath; readonly text: string }[],
  catalogue: Catalogue,
  schemas: Schemas,
  language: Language = "en",
): OwnChecks {
  if (files.length === 0) return noOwnChecks(catalogue);
  const problems: Problem[] = [];
  const instanceFiles: InstanceFile[] = [];
  const checkFiles: CheckFile[] = [];
  const english = new Map<FilePath, DataSource>();
  const texts: DataSource[] = [];
  for (const { path, text } of files) {
    const read = readYaml(path, text);
    if (translatedFile(path) !== undefined) {
      problems.push(...read.problems);
      texts.push(read.source);
      continue;
    }
    const place = checkPlace(path.replace(/\/instances\.ya?ml$/, "/x.yaml"));
    if (place === undefined) {
      const message = "An own check item lies at <cloud>/<service>/<name>.yaml below its folder; cloud is aws, alibaba or tencent.";
      problems.push({ file: path, range: { start: 0, end: 0 }, severity: "warning", code: "own-check-place", message });
      continue;
    }
    problems.push(...read.problems);
    english.set(path, read.source);
    if (/\/instances\.ya?ml$/.test(path)) instanceFiles.push({ ...read.source, ...place });
    else checkFiles.push({ ...read.source, ...place, builtIn: false });
  }
  const { types, declared } = withOwnTypes(instanceFiles, catalogue, schemas, problems);
  const wrongTexts = loadTexts(texts, english, types);
  const wrong = new Set(wrongTexts.map(({ file }) => file));
  const translations = new Map(
    texts.flatMap((file) => {
      const its = translatedFile(file.path);
      // An item never breaks because of its texts in another language.
      return its?.language === language && !wrong.has(file.path) ? [[its.of, file.data] as const] : [];
    }),
  );
  const loaded = loadChecks(
    checkFiles.map((file) => ({ ...file, data: withTexts(file.data, translations.get(file.path)) })),
    types,
    catalogue.ids,
  );
  return { types, checks: loaded.checks, declared, problems: [...problems, ...wrongTexts, ...loaded.problems] };
}

/** Elements that a view of a workspace's own type may go through: far more than one that means well needs. */
const viewSteps = 100_000;

function withOwnTypes(
  files: readonly InstanceFile[],
  catalogue: Catalogue,
  schemas: Schemas,
  problems: Problem[],
): Pick<OwnChecks, "types" | "declared"> {
  const builtIn = catalogue.types;
  const declared = new Map<string, unknown>();
  if (files.length === 0) return { types: builtIn, declared };
  const loaded = loadInstanceTypes(files, schemas, (name) => catalogue.tables.type(name));
  problems.push(...loaded.problems);
  const taken = new Set(builtIn.declared());
  const own = new Set(loaded.types.declared().filter((name) => !taken.has(name)));
  for (const file of files) {
    for (const name of loaded.types.declared()) {
      const types = (file.data as { types?: Record<string, unknown> } | undefined)?.types ?? {};
      if (!Object.hasOwn(types, name)) continue;
      if (!taken.has(name)) {
        declared.set(name, types[name]);
        continue;
      }
      const range = file.locate?.(["types", name], "key") ?? { start: 0, end: 0 };
      const message = `\`${name}\` is a built-in instance type: your check items use that one. Remove it here.`;
      problems.push({ file: file.path, range, severity: "error", code: "reserved-type", message });
    }
  }
  const limited = new Map<string, InstanceType>();
  const ownType = (name: string): InstanceType | undefined => {
    const type = loaded.types.get(name);
    if (type === undefined || limited.has(name)) return limited.get(name);
    limited.set(name, { ...type, steps: viewSteps });
    return limited.get(name);
  };
  const choose = (name: string): InstanceTypes => (own.has(name) ? loaded.types : builtIn);
  const types: InstanceTypes = {
    get: (name) => (own.has(name) ? ownType(name) : builtIn.get(name)),
    table: (name) => builtIn.table(name),
    declared: () => [...builtIn.declared(), ...own],
    has: (name) => choose(name).has(name),
    family: (name) => choose(name).family(name),
    adopters: (satellite) => [
      ...builtIn.adopters(satellite),
      ...loaded.types.adopters(satellite).filter(({ type }) => own.has(type)),
    ],
  };
  return { types, declared };
}
