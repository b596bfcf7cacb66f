import type { Schemas } from "../terraform/schema.ts";
import { isData } from "../instances/fields.ts";
import { trustInstanceTypes } from "../instances/load.ts";
import type { InstanceTypes } from "../instances/types.ts";
import { loadBenchmarks, type Benchmark } from "./benchmarks.ts";
import { checkPlace, trustChecks, type CheckFile } from "./load.ts";
import type { CheckItem } from "./model.ts";
import { loadTables, type Tables } from "./tables.ts";
import { withInstanceTexts, withTexts } from "./texts.ts";

/** Everything under checks/, ready to use. */
export interface Catalogue {
  readonly types: InstanceTypes;
  readonly checks: readonly CheckItem[];
  readonly tables: Tables;
  /** By name. */
  readonly benchmarks: ReadonlyMap<string, Benchmark>;
  /** Ids and former ids: nobody else may take them. */
  readonly ids: ReadonlySet<string>;
}

/** Parsed files by path below checks/, as scripts/build-catalogue.ts writes them. */
export interface CompiledCatalogue {
  readonly format: 1;
  /** `aws/s3/instances.yaml`, `aws/s3/bucket-versioning.yaml` (without examples), `data/aws-lambda-runtimes.yaml`. */
  readonly files: Readonly<Record<string, unknown>>;
}

/**
 * Reads `dist/catalogue.json`. Its files were validated when it was built, so nothing is compiled before it is used. `texts` is
 * `dist/catalogue.<language>.json`: texts by the paths of the items.
 */
export function loadCatalogue(compiled: unknown, schemas: Schemas, texts?: unknown): Catalogue {
  const files = filesOf(compiled, texts);
  const { tables } = loadTables(
    files.flatMap(([path, data]) => (path.startsWith("data/") ? [{ path, data, name: tableName(path) }] : [])),
  );
  const types = trustInstanceTypes(
    files.flatMap(([path, data]) => {
      const place = checkPlace(path.replace(/instances\.yaml$/, "x.yaml"));
      return place !== undefined && path.endsWith("/instances.yaml") ? [{ path, data, ...place }] : [];
    }),
    schemas,
    (name) => tables.type(name),
  );
  const items = files.flatMap(([path, data]): CheckFile[] => {
    const place = checkPlace(path);
    return place === undefined ? [] : [{ path, data, ...place, builtIn: true }];
  });
  const checks = trustChecks(items, types);
  const { benchmarks } = loadBenchmarks(files.flatMap(([path, data]) => (path.startsWith("benchmarks/") ? [{ path, data }] : [])));
  return { types, checks, tables, benchmarks, ids: new Set(checks.flatMap((check) => [check.id, ...check.aliases])) };
}

function filesOf(compiled: unknown, texts: unknown): readonly (readonly [string, unknown])[] {
  const files = isData(compiled) && isData(compiled["files"]) ? Object.entries(compiled["files"]) : [];
  const translations = isData(texts) && isData(texts["files"]) ? texts["files"] : undefined;
  if (translations === undefined) return files;
  return files.map(([path, data]) => {
    const translate = path.endsWith("/instances.yaml") ? withInstanceTexts : withTexts;
    return [path, translate(data, translations[path])];
  });
}

/** `data/x.yaml` gives `x`. */
export function tableName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.ya?ml$/, "");
}
