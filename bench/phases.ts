/**
 * `node bench/phases.ts [FILES] [ITEMS] [--json]`: CPU of each phase of a check, and what the heap holds after it. With ITEMS the
 * catalogue grows to so many check items, by copies of its own under other names.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildCatalogue } from "../scripts/build-catalogue.ts";
import { loadCatalogue, type CompiledCatalogue } from "../src/core/checks/catalogue.ts";
import { evaluateCheck } from "../src/core/checks/evaluate.ts";
import { literalIn } from "../src/core/checks/literal.ts";
import { checkPlace } from "../src/core/checks/load.ts";
import { emptyConfiguration } from "../src/core/configuration/load.ts";
import { selectChecks, type SelectedCheck } from "../src/core/configuration/select.ts";
import { Assessment } from "../src/core/findings/assessment.ts";
import { placeWords } from "../src/core/findings/place-words.ts";
import { InstanceWorld } from "../src/core/instances/instances.ts";
import type { Instance } from "../src/core/instances/model.ts";
import type { Unit } from "../src/core/terraform/model.ts";
import { Project } from "../src/core/terraform/project.ts";
import { parseSchemas } from "../src/core/terraform/schema-reader.ts";
import { corpus } from "./corpus.ts";

export interface Phase {
  readonly name: string;
  readonly cpuMilliseconds: number;
  /** 0 where the garbage collector can't be called (`--expose-gc`). */
  readonly heapMegabytes: number;
}

const root = join(import.meta.dirname, "..");
const json = (path: string): unknown => JSON.parse(readFileSync(join(root, path), "utf8"));

/** The catalogue with copies of its check items until there are `items`; none is left out. */
export function grown(catalogue: CompiledCatalogue, items: number): CompiledCatalogue {
  const files = { ...catalogue.files };
  const own = Object.keys(files).filter((path) => checkPlace(path) !== undefined);
  for (let made = own.length, round = 2; made < items; round++) {
    for (const path of own.slice(0, items - made)) {
      files[path.replace(/\.yaml$/, `-${String(round)}.yaml`)] = catalogue.files[path];
      made++;
    }
  }
  return { format: 1, files };
}

export async function measurePhases(fileCount: number, items: number): Promise<readonly Phase[]> {
  mkdirSync(join(root, ".cache/bench"), { recursive: true });
  await buildCatalogue(join(root, "checks"), join(root, ".cache/bench/catalogue.json"));
  const compiled = grown(json(".cache/bench/catalogue.json") as CompiledCatalogue, items);
  const raw = ["aws", "alicloud", "tencentcloud"].map((name) => readFileSync(join(root, `schemas/${name}.json`), "utf8"));
  const files = corpus(fileCount);

  const phases: Phase[] = [];
  const phase = <T>(name: string, run: () => T): T => {
    globalThis.gc?.();
    const before = process.cpuUsage();
    const result = run();
    const { user, system } = process.cpuUsage(before);
    globalThis.gc?.();
    const heap = globalThis.gc === undefined ? 0 : process.memoryUsage().heapUsed / 1e6;
    phases.push({ name, cpuMilliseconds: (user + system) / 1000, heapMegabytes: heap });
    return result;
  };

  const schemas = parseSchemas(raw);
  const catalogue = phase("load the catalogue", () => loadCatalogue(compiled, schemas));
  const project = new Project({ schemas });
  project.setFolders(["/w"]);
  phase("parse", () => {
    for (const [path, text] of files) project.setFile(`/w/${path}`, { kind: "text", text });
  });
  const units = phase("values", () => {
    const all = project.roots().flatMap(({ directory }) => project.units(directory));
    for (const unit of all) project.instances(unit);
    return all;
  });
  const now = new Date().toISOString();
  const table = (name: string, key: string) => catalogue.tables.lookup(name, key, now);
  const world = new InstanceWorld(project, catalogue.types, { now: () => now, table });
  phase("instances", () => {
    for (const unit of units) world.of(unit);
  });

  const { checks } = selectChecks(catalogue.checks, emptyConfiguration, undefined);
  const literal = literalIn((instance, path) => project.provenance(instance, path));
  const assessment = (): Assessment<SelectedCheck> => {
    const host = {
      units: (directory: string) => project.units(directory),
      instances: (unit: Unit) => project.instances(unit),
      provenance: project.provenance.bind(project),
      providerBlock: () => undefined,
      rootLocation: () => undefined,
      words: placeWords("en"),
    };
    const evaluate = ({ check, parameters }: SelectedCheck, instance: Instance) =>
      evaluateCheck(check, instance, { parameters, now, table, literal });
    const made = new Assessment(host, world, catalogue.types, evaluate);
    made.setChecks(checks);
    return made;
  };
  const assess = (of: Assessment<SelectedCheck>): number => {
    let results = 0;
    for (const unit of units) results += of.ofUnit(unit).length;
    for (const { directory } of project.roots()) results += of.ofNoUnit(directory).length;
    return results;
  };
  phase("checks, parts and views", () => assess(assessment()));
  const again = assessment();
  const results = phase(`checks alone (${String(checks.length)} items)`, () => assess(again));
  phase(`place ${String(results)} results`, () => {
    for (const unit of units) again.placedOfUnit(unit);
    for (const { directory } of project.roots()) again.placedOfNoUnit(directory);
  });
  return phases;
}

const [, script, fileCount, items] = process.argv;
if (script !== undefined && import.meta.url === pathToFileURL(script).href) {
  const phases = await measurePhases(Number(fileCount ?? 1000), Number(items ?? 0));
  if (process.argv.includes("--json")) console.log(JSON.stringify(phases));
  else {
    for (const { name, cpuMilliseconds, heapMegabytes } of phases) {
      const heap = heapMegabytes === 0 ? "" : `${heapMegabytes.toFixed(0).padStart(5)} MB`;
      console.log(`${cpuMilliseconds.toFixed(0).padStart(6)} ms CPU ${heap}  ${name}`);
    }
  }
}
