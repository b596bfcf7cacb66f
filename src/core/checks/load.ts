import type { Environment, StaticType } from "../cel/program.ts";
import { environmentOf } from "../instances/environment.ts";
import { complain, Fields, isData, type Complaints } from "../instances/fields.ts";
import { LazyProgram } from "../instances/lazy-program.ts";
import type { Cloud } from "../instances/model.ts";
import type { InstanceTypes } from "../instances/types.ts";
import type { DataSource } from "../instances/yaml-text.ts";
import { didYouMean } from "../text/nearest.ts";
import type { FilePath, Problem } from "../text/text.ts";
import { readExamples, type Example } from "./examples.ts";
import { readLiveFix, readSourceFixes, unknownName, type Compilable } from "./fix-items.ts";
import { LazyMessage } from "./lazy-message.ts";
import type { CheckItem } from "./model.ts";
import { parametersType, readParameters } from "./parameters.ts";
import { checkInstanceTexts, checkTexts, translatedFile } from "./texts.ts";

/** One file with a check item. */
export interface CheckFile extends DataSource {
  readonly cloud: Cloud;
  readonly service: string;
  /** Base name without `.yaml`. */
  readonly name: string;
  readonly builtIn: boolean;
}

export interface LoadedChecks {
  readonly checks: readonly CheckItem[];
  /** By check id; empty for the precompiled catalogue. */
  readonly examples: ReadonlyMap<string, readonly Example[]>;
  readonly problems: readonly Problem[];
}

const CHECK_FIELDS = [
  "title",
  "instance",
  "dimensions",
  "category",
  "risk",
  "tier",
  "in",
  "when",
  "parameters",
  "assert",
  "message",
  "why",
  "advice",
  "benchmarks",
  "fix",
  "noFix",
  "references",
  "examples",
  "aliases",
  "deprecated",
] as const;

const CLOUDS = ["aws", "alibaba", "tencent"] as const;
const LONGEST_WHY = 400;

/** Cloud, service and name from the end of a path: `…/alibaba/oss/bucket-acl-private.yaml`. undefined: not in such a place. */
export function checkPlace(path: FilePath): { readonly cloud: Cloud; readonly service: string; readonly name: string } | undefined {
  const [cloudName, service, file] = path.split("/").slice(-3);
  const cloud = CLOUDS.find((known) => known === cloudName);
  const name = /^([a-z0-9-]+)\.ya?ml$/.exec(file ?? "")?.[1];
  return cloud === undefined || service === undefined || name === undefined || name === "instances"
    ? undefined
    : { cloud, service, name };
}

/**
 * Loads check items, compiles everything in them, and says everything that is wrong. An item with an error is left out; ids in
 * `reserved` (built-in ones, former ids included) can't be taken.
 */
export function loadChecks(
  files: readonly CheckFile[],
  types: InstanceTypes,
  reserved: ReadonlySet<string> = new Set(),
): LoadedChecks {
  const checks: CheckItem[] = [];
  const examples = new Map<string, readonly Example[]>();
  const problems: Problem[] = [];
  const taken = new Map<string, FilePath>();
  for (const file of files) {
    const own: Problem[] = [];
    const complaints = { source: file, problems: own };
    const loaded = readCheck(file, types, complaints);
    if (loaded !== undefined) {
      const its = checkFixes(file, loaded);
      compileAll(loaded, complaints);
      refuseTakenIds(loaded.check, reserved, taken, complaints);
      if (!own.some(({ severity }) => severity === "error")) {
        checks.push(loaded.check);
        examples.set(loaded.check.id, its);
      }
    }
    problems.push(...own);
  }
  return { checks, examples, problems };
}

/** For the precompiled catalogue, whose items were loaded with `loadChecks` when it was built. Fixes are read when somebody asks. */
export function trustChecks(files: readonly CheckFile[], types: InstanceTypes): readonly CheckItem[] {
  return files.flatMap((file) => readCheck(file, types, { source: file, problems: [] })?.check ?? []);
}

/**
 * Says everything that is wrong with the texts of items and of instance types in another language. `english` holds the files of items and
 * the instances.yaml files by their paths.
 */
export function loadTexts(
  files: readonly DataSource[],
  english: ReadonlyMap<FilePath, DataSource>,
  types: InstanceTypes,
): readonly Problem[] {
  return files.flatMap((file) => {
    const problems: Problem[] = [];
    const complaints = { source: file, problems };
    const source = english.get(translatedFile(file.path)?.of ?? "");
    const place = checkPlace(source?.path ?? "");
    if (source === undefined) {
      complain(complaints, [], "no-item", "There is nothing beside these texts that they translate: name the file as the item.");
    } else if (!isData(source.data)) {
      return [];
    } else if (place === undefined) {
      checkInstanceTexts(file, source.data, complaints);
    } else {
      const read = readCheck({ ...source, ...place, builtIn: true }, types, { source, problems: [] });
      if (read !== undefined) checkTexts(file, source.data, read.environment(), complaints);
    }
    return problems;
  });
}

interface ReadCheck {
  readonly check: CheckItem;
  readonly compilables: readonly Compilable[];
  readonly environment: () => Environment;
  readonly fields: Fields;
}

function readCheck(file: CheckFile, types: InstanceTypes, complaints: Complaints): ReadCheck | undefined {
  if (!isData(file.data)) {
    if (file.data !== undefined)
      complain(complaints, [], "wrong-type", "A check item is a mapping with `title`, `instance`, `assert` …");
    return undefined;
  }
  const fields = new Fields(complaints, [], file.data).only(CHECK_FIELDS, "A check item");
  const instance = readInstance(fields, types);
  const parameters = readParameters(fields.fields("parameters"), true);
  const parameterType = parametersType(parameters);
  const compilables: Compilable[] = [];

  const plain = memo(() => environmentOf(types, instance, parameterType));
  const condition = fields.textOr("when", undefined);
  const when = condition === undefined ? undefined : new LazyProgram(condition, plain);
  const assert = new LazyProgram(fields.text("assert"), plain);
  // `failing` means the first deciding element of the assertion, so its type is known once that is compiled.
  const withFailing = memo(() => environmentOf(types, instance, parameterType, assert.failingType));
  const message = new LazyMessage(fields.text("message"), withFailing);
  if (when !== undefined) compilables.push({ at: ["when"], compiled: when });
  compilables.push({ at: ["assert"], compiled: assert }, { at: ["message"], compiled: message });

  const fix = memo(() => fields.fields("fix")?.only(["source", "live"], "`fix`"));
  const fixes = memo(() => readSourceFixes(fix(), withFailing, compilables));
  const live = memo(() => readLiveFix(fix()?.fields("live")));

  const why = fields.text("why");
  if (why.length > LONGEST_WHY) {
    fields.complain("why", "too-long", `\`why\` is ${why.length} characters long; the limit is ${LONGEST_WHY}.`);
  }
  const dimensions = fields.texts("dimensions").flatMap((name, index) => {
    const known = (["ciem", "security", "compliance"] as const).find((dimension) => dimension === name);
    if (known === undefined) {
      complain(complaints, ["dimensions", index], "wrong-choice", "A dimension is one of ciem, security, compliance.");
    }
    return known ?? [];
  });
  const category = fields.oneOf("category", ["identity", "network", "data", "audit", "protection", "monitoring"]);
  const risk = fields.oneOf("risk", ["high", "medium", "low"]);
  const tier = fields.oneOf("tier", ["free", "advanced", "enterprise", "paid"]);
  for (const name of ["dimensions", "category", "risk", "tier"]) {
    if (!fields.has(name)) complain(complaints, [], "missing-field", `Add the field \`${name}\`.`);
  }
  const check: CheckItem = {
    id: `${file.cloud}-${file.service}-${file.name}`,
    cloud: file.cloud,
    service: file.service,
    title: fields.text("title"),
    aliases: fields.texts("aliases"),
    deprecated: fields.flag("deprecated"),
    instance,
    dimensions,
    category: category ?? "protection",
    risk: risk ?? "low",
    tier: tier ?? "free",
    in: readWorld(fields, instance, types, `${assert.source} ${when?.source ?? ""}`),
    parameters,
    when,
    assert,
    get message() {
      return message.message;
    },
    why,
    advice: fields.text("advice"),
    benchmarks: fields.texts("benchmarks"),
    references: fields.texts("references"),
    get fixes() {
      return fixes();
    },
    noFix: fields.textOr("noFix", undefined),
    get live() {
      return live();
    },
    builtIn: file.builtIn,
    file: file.path,
  };
  return { check, compilables, environment: withFailing, fields };
}

/** What is wrong with an item's fixes and examples. */
function checkFixes(file: CheckFile, { check, fields }: ReadCheck): readonly Example[] {
  const { fixes, live, noFix } = check;
  if (live !== undefined && !file.builtIn) {
    fields.fields("fix")?.complain("live", "not-allowed", "A workspace's own check items carry no remedies.", "key");
  }
  if (noFix !== undefined && fixes.length > 0) {
    fields.complain(
      "noFix",
      "not-allowed",
      "`noFix` says why there is no source fix, and this item has one: remove one of the two.",
      "key",
    );
  }
  const examples = readExamples(fields, fixes.length);
  demandExamples(fields, examples, file.builtIn);
  return examples;
}

function readInstance(fields: Fields, types: InstanceTypes): readonly string[] {
  const names = fields.textOrTexts("instance");
  if (names.length === 0) complain(fields.complaints, [], "missing-field", "Name what the check assesses in `instance`.");
  for (const [index, name] of names.entries()) {
    if (types.has(name)) continue;
    const at = Array.isArray(fields.data["instance"]) ? ["instance", index] : ["instance"];
    const near = didYouMean(name, types.declared());
    complain(fields.complaints, at, "unknown-type", `No instances.yaml and no provider schema has a type \`${name}\`.${near}`);
  }
  return [...new Set(names.flatMap((name) => types.family(name)))];
}

/** Blocks of configuration, and constants in them, exist in files only. */
function readWorld(fields: Fields, instance: readonly string[], types: InstanceTypes, expressions: string): CheckItem["in"] {
  const given = fields.oneOf("in", ["files", "live"]);
  const filesOnly =
    instance.some((name) => /^(data|provider)\.|^(variable|output)$/.test(types.family(name)[0] ?? name)) ||
    /\bliteral\s*\(/.test(expressions);
  if (given === "live" && filesOnly) {
    fields.complain("in", "wrong-choice", "This can be assessed in files only: blocks and literals are not in an account.");
  }
  return filesOnly ? "files" : (given ?? "both");
}

function demandExamples(fields: Fields, examples: readonly Example[], builtIn: boolean): void {
  const missing = (["pass", "fail"] as const).filter((verdict) => !examples.some((example) => example.verdict === verdict));
  if (missing.length === 0) return;
  const message = `Add examples that show when the check holds and when not: \`examples\` lacks ${missing.join(" and ")}.`;
  complain(fields.complaints, ["examples"], "missing-example", message, "key", builtIn ? "error" : "information");
}

function compileAll({ check, compilables, environment, fields }: ReadCheck, complaints: Complaints): void {
  for (const { at, compiled } of compilables) {
    for (const { range, message } of compiled.problems) complain(complaints, at, "cel", message, range);
  }
  for (const [name, program] of [
    ["when", check.when],
    ["assert", check.assert],
  ] as const) {
    if (program !== undefined && !isBoolean(program.type)) {
      complain(complaints, [name], "wrong-type", `\`${name}\` must be true or false: write a condition.`);
    }
  }
  for (const [index, fix] of check.fixes.entries()) {
    for (const [edit, { at }] of fix.edits.entries()) {
      const wrong = unknownName(at, environment());
      if (wrong === undefined) continue;
      const place = ["fix", "source", index, "edits", edit, "at"];
      complain(fields.complaints, place, "unknown-attribute", `There is no attribute, part or view \`${wrong}\` here.`);
    }
  }
}

function isBoolean(type: StaticType): boolean {
  return type.kind === "bool" || type.kind === "dynamic";
}

function refuseTakenIds(
  check: CheckItem,
  reserved: ReadonlySet<string>,
  taken: Map<string, FilePath>,
  complaints: Complaints,
): void {
  for (const [index, id] of [check.id, ...check.aliases].entries()) {
    const place = index === 0 ? [] : ["aliases", index - 1];
    const other = taken.get(id);
    if (reserved.has(id)) complain(complaints, place, "reserved-id", `\`${id}\` is a built-in check: rename the file.`);
    else if (other !== undefined) complain(complaints, place, "duplicate-id", `\`${id}\` is taken by ${other} already.`);
    else taken.set(id, check.file);
  }
}

function memo<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
