import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Catalogue } from "../src/core/checks/catalogue.ts";
import { tableName } from "../src/core/checks/catalogue.ts";
import type { Example } from "../src/core/checks/examples.ts";
import { loadBenchmarks } from "../src/core/checks/benchmarks.ts";
import { checkPlace, loadChecks, loadTexts, type CheckFile } from "../src/core/checks/load.ts";
import { loadTables } from "../src/core/checks/tables.ts";
import { translatedFile } from "../src/core/checks/texts.ts";
import type { Language } from "../src/core/text/language.ts";
import { loadInstanceTypes } from "../src/core/instances/load.ts";
import type { InstanceFile } from "../src/core/instances/types.ts";
import { readYaml, type DataSource } from "../src/core/instances/yaml-text.ts";
import { parseSchemas } from "../src/core/terraform/schema-reader.ts";
import type { Schemas } from "../src/core/terraform/schema.ts";
import { LineIndex, type Problem } from "../src/core/text/text.ts";

export const root = join(import.meta.dirname, "..");

/** Everything under checks/, loaded with all problems: for scripts and for the tests of the bundled checks. */
export interface CheckTree extends Catalogue {
  readonly examples: ReadonlyMap<string, readonly Example[]>;
  /** Parsed YAML by path below checks/. */
  readonly sources: ReadonlyMap<string, DataSource>;
  readonly texts: ReadonlyMap<string, string>;
  /** Texts in other languages, by the path of what they translate. */
  readonly translations: ReadonlyMap<Language, ReadonlyMap<string, DataSource>>;
  readonly schemas: Schemas;
  readonly problems: readonly Problem[];
}

export async function loadCheckTree(directory = join(root, "checks")): Promise<CheckTree> {
  const schemas = await readSchemas();
  const problems: Problem[] = [];
  const sources = new Map<string, DataSource>();
  const texts = new Map<string, string>();
  const translated: DataSource[] = [];
  for (const path of await yamlFiles(directory)) {
    const text = await readFile(join(directory, path), "utf8");
    const read = readYaml(path, text);
    texts.set(path, text);
    if (translatedFile(path) === undefined) sources.set(path, read.source);
    else translated.push(read.source);
    problems.push(...read.problems);
  }
  const tableFiles = [...sources]
    .filter(([path]) => path.startsWith("data/"))
    .map(([path, source]) => ({ ...source, name: tableName(path) }));
  const tables = loadTables(tableFiles);
  const types = loadInstanceTypes(instanceFiles(sources), schemas, (name) => tables.tables.type(name));
  const checks = loadChecks(checkFiles(sources), types.types);
  const wrongTexts = loadTexts(translated, sources, types.types);
  const benchmarks = loadBenchmarks([...sources].flatMap(([path, source]) => (path.startsWith("benchmarks/") ? [source] : [])));
  return {
    types: types.types,
    checks: checks.checks,
    examples: checks.examples,
    tables: tables.tables,
    ids: new Set(checks.checks.flatMap((check) => [check.id, ...check.aliases])),
    sources,
    texts,
    translations: byLanguage(translated),
    benchmarks: benchmarks.benchmarks,
    schemas,
    problems: [...problems, ...tables.problems, ...types.problems, ...checks.problems, ...wrongTexts, ...benchmarks.problems],
  };
}

export async function readSchemas(): Promise<Schemas> {
  const directory = join(root, "schemas");
  const names = (await readdir(directory)).filter((name) => name.endsWith(".json"));
  return parseSchemas(await Promise.all(names.map((name) => readFile(join(directory, name), "utf8"))));
}

/** `checks/aws/s3/x.yaml:3:5 message`, for people. */
export function printProblem(problem: Problem, texts: ReadonlyMap<string, string>): string {
  const { line, character } = new LineIndex(texts.get(problem.file) ?? "").positionAt(problem.range.start);
  return `checks/${problem.file}:${line + 1}:${character + 1} ${problem.message}`;
}

function instanceFiles(sources: ReadonlyMap<string, DataSource>): InstanceFile[] {
  return [...sources].flatMap(([path, source]) => {
    const place = path.endsWith("/instances.yaml") ? checkPlace(path.replace(/instances\.yaml$/, "x.yaml")) : undefined;
    return place === undefined ? [] : [{ ...source, cloud: place.cloud, service: place.service }];
  });
}

function checkFiles(sources: ReadonlyMap<string, DataSource>): CheckFile[] {
  return [...sources].flatMap(([path, source]) => {
    const place = checkPlace(path);
    return place === undefined ? [] : [{ ...source, ...place, builtIn: true }];
  });
}

function byLanguage(files: readonly DataSource[]): ReadonlyMap<Language, ReadonlyMap<string, DataSource>> {
  const languages = new Map<Language, Map<string, DataSource>>();
  for (const file of files) {
    const its = translatedFile(file.path);
    if (its === undefined) continue;
    const found = languages.get(its.language) ?? new Map<string, DataSource>();
    languages.set(its.language, found.set(its.of, file));
  }
  return languages;
}

async function yamlFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** What is wrong with items, by the item's id; what is wrong with its texts counts as well. */
export function problemsByItem(problems: readonly Problem[]): ReadonlyMap<string, readonly Problem[]> {
  const byItem = new Map<string, Problem[]>();
  for (const problem of problems) {
    const place = checkPlace(translatedFile(problem.file)?.of ?? problem.file);
    const id = place === undefined ? problem.file : `${place.cloud}-${place.service}-${place.name}`;
    byItem.set(id, [...(byItem.get(id) ?? []), problem]);
  }
  return byItem;
}
