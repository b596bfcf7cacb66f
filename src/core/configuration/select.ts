import type { CheckItem, Parameter, Risk } from "../checks/model.ts";
import { didYouMean } from "../text/nearest.ts";
import type { Problem, TextRange } from "../text/text.ts";
import type { ObjectValue, Type, Value } from "../values/value.ts";
import { matchesName } from "./glob.ts";
import type { Configuration, ParameterSetting, Selector } from "./model.ts";

/** A check item that takes part, with its parameters' values: the defaults, or what plumbline.yaml sets. */
export interface SelectedCheck {
  readonly check: CheckItem;
  readonly parameters: ObjectValue;
}

export interface Selection {
  readonly checks: readonly SelectedCheck[];
  /** Ids of items that could look at files and are turned off, by plumbline.yaml or the minimum risk. Sorted. */
  readonly off: readonly string[];
  readonly problems: readonly Problem[];
}

const nowhere: TextRange = { start: 0, end: 0 };

const riskRank: Readonly<Record<Risk, number>> = { high: 2, medium: 1, low: 0 };

export function isAtLeast(risk: Risk, minimum: Risk | undefined): boolean {
  return minimum === undefined || riskRank[risk] >= riskRank[minimum];
}

/** Ids and former ids to the item. */
export function checksByName(checks: Iterable<CheckItem>): ReadonlyMap<string, CheckItem> {
  const names = new Map<string, CheckItem>();
  for (const check of checks) {
    names.set(check.id, check);
    for (const alias of check.aliases) if (!names.has(alias)) names.set(alias, check);
  }
  return names;
}

/**
 * The items that take part in assessing a folder's files, or an account. A setting of an item of the other world is no mistake: one
 * plumbline.yaml serves both. A deprecated item takes part only if a selection names its id.
 * `minimumRisk` of the caller wins over the file's when it is stricter; `only` are ids and patterns, empty for all.
 */
export function selectChecks(
  checks: Iterable<CheckItem>,
  configuration: Configuration,
  minimumRisk: Risk | undefined,
  only: readonly string[] = [],
  world: "files" | "live" = "files",
): Selection {
  const elsewhere = world === "files" ? "live" : "files";
  const written = [...checks];
  const problems: Problem[] = [];
  const report = (range: TextRange, severity: "error" | "warning", message: string): void => {
    if (configuration.file !== undefined)
      problems.push({ file: configuration.file, range, severity, code: "configuration", message });
  };
  const risks = new Map<CheckItem, Risk>();
  for (const { id, range, risk } of configuration.risks) {
    const chosen = written.filter((check) => matches({ id, range }, check));
    for (const check of chosen) risks.set(check, risk);
    const near = didYouMean(id, checksByName(written).keys());
    if (chosen.length === 0)
      report(range, "warning", `There is no check item \`${id}\`.${near || " `plumbline checks list` prints them all."}`);
  }
  const all = written.map((check) => {
    const risk = risks.get(check) ?? check.risk;
    return risk === check.risk ? check : { ...check, risk };
  });
  const names = checksByName(all);
  for (const selector of [...configuration.include, ...configuration.exclude]) {
    if (all.some((check) => matches(selector, check))) continue;
    const near = selector.id === undefined ? "" : didYouMean(selector.id, names.keys());
    report(selector.range, "warning", `No check item is chosen by this.${near || " `plumbline checks list` prints them all."}`);
  }

  const settings = readParameters(configuration.parameters, names, report);
  const selected: SelectedCheck[] = [];
  const off: string[] = [];
  for (const check of all) {
    if (check.in === elsewhere) continue;
    const named = configuration.include.some((selector) => selector.id === check.id);
    const chosen =
      (configuration.include.length === 0
        ? !check.deprecated
        : configuration.include.some((selector) => matches(selector, check))) &&
      (!check.deprecated || named) &&
      !configuration.exclude.some((selector) => matches(selector, check)) &&
      (only.length === 0 || only.some((id) => matches({ id, range: nowhere }, check))) &&
      isAtLeast(check.risk, configuration.minimumRisk) &&
      isAtLeast(check.risk, minimumRisk);
    if (chosen) selected.push({ check, parameters: parametersOf(check, settings.get(check.id)) });
    else if (!check.deprecated) off.push(check.id);
  }
  return { checks: selected, off: off.sort(), problems };
}

function matches(selector: Selector, check: CheckItem): boolean {
  return (
    (selector.id === undefined || [check.id, ...check.aliases].some((id) => matchesName(selector.id ?? "", id))) &&
    (selector.cloud === undefined || selector.cloud === check.cloud) &&
    (selector.service === undefined || selector.service === check.service) &&
    (selector.dimension === undefined || check.dimensions.includes(selector.dimension)) &&
    (selector.category === undefined || selector.category === check.category) &&
    (selector.risk === undefined || selector.risk === check.risk)
  );
}

function parametersOf(check: CheckItem, set: ReadonlyMap<string, Value> | undefined): ObjectValue {
  const entries = [...check.parameters].map(([name, parameter]) => [name, set?.get(name) ?? parameter.default] as const);
  return { kind: "object", entries: new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function readParameters(
  settings: readonly ParameterSetting[],
  names: ReadonlyMap<string, CheckItem>,
  report: (range: TextRange, severity: "error" | "warning", message: string) => void,
): ReadonlyMap<string, ReadonlyMap<string, Value>> {
  const found = new Map<string, Map<string, Value>>();
  for (const setting of settings) {
    const check = names.get(setting.check);
    if (check === undefined) {
      report(
        setting.checkRange,
        "warning",
        `There is no check item \`${setting.check}\`.${didYouMean(setting.check, names.keys())}`,
      );
      continue;
    }
    const parameter = check.parameters.get(setting.name);
    if (parameter === undefined) {
      const known = [...check.parameters.keys()];
      const has = known.length === 0 ? " It has none." : ` It has ${known.map((name) => `\`${name}\``).join(", ")}.`;
      report(
        setting.nameRange,
        "error",
        `\`${check.id}\` has no parameter \`${setting.name}\`.${didYouMean(setting.name, known) || has}`,
      );
      continue;
    }
    const value = parameterValue(parameter, setting.value);
    if (typeof value === "string")
      report(setting.valueRange, "error", `\`${setting.name}\` of \`${check.id}\` ${value} The default stays in force.`);
    else {
      const values = found.get(check.id) ?? new Map<string, Value>();
      found.set(check.id, values.set(setting.name, value));
    }
  }
  return found;
}

/** The value, or what is wrong with it. */
function parameterValue(parameter: Parameter, data: unknown): Value | string {
  const value = plainValue(parameter.type, parameter.of, data);
  if (typeof value === "string") return value;
  if (value.kind === "number") {
    const number = Number(value.value);
    if (parameter.minimum !== undefined && number < parameter.minimum) return `must be at least ${parameter.minimum}.`;
    if (parameter.maximum !== undefined && number > parameter.maximum) return `must be at most ${parameter.maximum}.`;
  }
  const allowed = parameter.allowed?.map(plainText);
  const given = value.kind === "list" ? value.items : [value];
  if (allowed !== undefined && given.some((item) => !allowed.includes(plainText(item)))) {
    return `must be one of ${allowed.map((item) => `\`${item}\``).join(", ")}.`;
  }
  return value;
}

function plainValue(type: Parameter["type"], of: string | undefined, data: unknown): Value | string {
  switch (type) {
    case "integer":
      return Number.isSafeInteger(data) ? { kind: "number", value: data as number } : "must be a whole number.";
    case "number":
      return typeof data === "number" && Number.isFinite(data) ? { kind: "number", value: data } : "must be a number.";
    case "boolean":
      return typeof data === "boolean" ? { kind: "bool", value: data } : "must be true or false.";
    case "string":
      return typeof data === "string" ? { kind: "string", value: data.normalize("NFC") } : "must be a text.";
    case "list": {
      if (!Array.isArray(data)) return "must be a list.";
      const element = elementKind(of);
      const items = data.map((item: unknown) => plainValue(element, undefined, item));
      const wrong = items.find((item) => typeof item === "string");
      if (wrong !== undefined) return `has an element that ${wrong}`;
      return { kind: "list", element: typeOf(element), items: items.filter((item) => typeof item !== "string") };
    }
  }
}

function elementKind(of: string | undefined): Exclude<Parameter["type"], "list"> {
  return of === "integer" || of === "number" || of === "boolean" ? of : "string";
}

function typeOf(kind: Exclude<Parameter["type"], "list">): Type {
  if (kind === "integer" || kind === "number") return { kind: "number" };
  return { kind: kind === "boolean" ? "bool" : "string" };
}

function plainText(value: Value): string {
  return value.kind === "string" || value.kind === "bool" || value.kind === "number" ? String(value.value) : "";
}

/** Literals, providers and data sources are things of files. */
export function isOfAccounts({ in: world, instance }: CheckItem): boolean {
  return world !== "files" && instance.some((type) => !/^(?:data|provider)\.|^(?:variable|output)$/.test(type));
}
