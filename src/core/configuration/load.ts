import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from "yaml";
import type { Risk } from "../checks/model.ts";
import { didYouMean } from "../text/nearest.ts";
import { isInside, joinPath } from "../text/path.ts";
import type { FilePath, Problem, TextRange } from "../text/text.ts";
import type { Configuration, Environment, ParameterSetting, RiskSetting, ScanScope, Selector } from "./model.ts";

export const emptyConfiguration: Configuration = {
  file: undefined,
  include: [],
  exclude: [],
  parameters: [],
  variableFiles: [],
  excludedPaths: [],
  checkFolders: [],
  minimumRisk: undefined,
  risks: [],
  environments: [],
  environment: undefined,
  baseline: undefined,
  scan: { accounts: undefined, regions: undefined, services: undefined, tags: undefined },
  problems: [],
};

const selectorValues = {
  cloud: ["aws", "alibaba", "tencent"],
  dimension: ["ciem", "security", "compliance"],
  category: ["identity", "network", "data", "audit", "protection", "monitoring"],
  risk: ["high", "medium", "low"],
} as const;

/** Reads `<folder>/plumbline.yaml` (checks/schema/plumbline.schema.json). Never throws; what it can't use it reports. */
export function loadConfiguration(folder: FilePath, file: FilePath, text: string): Configuration {
  const problems: Problem[] = [];
  const report = (range: TextRange, message: string): void => {
    problems.push({ file, range, severity: "error", code: "configuration", message });
  };
  const document = parseDocument(text, { lineCounter: new LineCounter(), uniqueKeys: true, prettyErrors: false });
  for (const error of [...document.errors, ...document.warnings]) {
    report(
      { start: error.pos[0], end: Math.max(error.pos[0] + 1, error.pos[1]) },
      `This is not valid YAML: ${firstSentence(error.message)}`,
    );
  }
  const empty = { ...emptyConfiguration, file };
  if (document.contents === null || document.errors.length > 0) return { ...empty, problems };
  if (!isMap(document.contents)) {
    report(rangeOf(document.contents), "plumbline.yaml holds settings by name, such as `checks:` or `exclude:`.");
    return { ...empty, problems };
  }

  const include: Selector[] = [];
  const exclude: Selector[] = [];
  const parameters: ParameterSetting[] = [];
  const variableFiles: FilePath[] = [];
  const excludedPaths: string[] = [];
  const checkFolders: FilePath[] = [];
  let minimumRisk: Risk | undefined;
  const risks: RiskSetting[] = [];
  const environments: Environment[] = [];
  let environment: { readonly text: string; readonly range: TextRange } | undefined;
  let baseline: FilePath | undefined;
  let scan: ScanScope = emptyConfiguration.scan;

  readMembers(document.contents, "plumbline.yaml", {
    checks: (node) => {
      readMap(node, "checks", {
        include: (list) => readSelectors(list, include),
        exclude: (list) => readSelectors(list, exclude),
        parameters: readParameters,
        risk: readRisks,
      });
    },
    variableFiles: (node) => {
      for (const item of readTexts(node, "variableFiles")) variableFiles.push(joinPath(folder, item.text));
    },
    exclude: (node) => {
      for (const item of readTexts(node, "exclude")) excludedPaths.push(item.text);
    },
    checkFolders: (node) => {
      for (const item of readTexts(node, "checkFolders")) {
        const path = joinPath(folder, item.text);
        if (isInside(path, folder)) checkFolders.push(path);
        else
          report(
            item.range,
            "A folder of own check items must lie inside the workspace folder. Copy it, or add it as a Git submodule.",
          );
      }
    },
    minimumRisk: (node) => {
      minimumRisk = readWord(node, "minimumRisk", selectorValues.risk);
    },
    environments: readEnvironments,
    environment: (node) => {
      const text = readText(node, "environment");
      if (text !== undefined) environment = { text, range: rangeOf(node) };
    },
    baseline: (node) => {
      const text = readText(node, "baseline");
      if (text !== undefined) baseline = joinPath(folder, text);
    },
    scan: readScan,
  });
  if (environment !== undefined && !environments.some(({ name }) => name === environment?.text)) {
    const names = environments.map(({ name }) => name);
    const near = didYouMean(environment.text, names);
    const way = near || (names.length === 0 ? " Describe it under `environments:`." : ` There are ${list(names)}.`);
    report(environment.range, `There is no environment \`${environment.text}\`.${way}`);
    environment = undefined;
  }
  return {
    file,
    include,
    exclude,
    parameters,
    variableFiles,
    excludedPaths,
    checkFolders,
    minimumRisk,
    risks,
    environments,
    environment: environment?.text,
    baseline,
    scan,
    problems,
  };

  function readScan(node: Node | null): void {
    const texts = (name: "accounts" | "regions" | "services") => (list: Node | null) => {
      scan = { ...scan, [name]: readTexts(list, `scan.${name}`).map(({ text }) => text) };
    };
    readMap(node, "scan", {
      accounts: texts("accounts"),
      regions: texts("regions"),
      services: texts("services"),
      tags: (map) => {
        if (!isMap(map)) {
          if (map !== null) report(rangeOf(map), "`scan.tags` holds values by the names of tags.");
          return;
        }
        const tags: Record<string, string> = {};
        for (const { key, value } of map.items) {
          const name = isScalar(key) ? String(key.value) : "";
          const wanted = isNode(value) ? readText(value, `scan.tags.${name}`) : undefined;
          if (wanted !== undefined) tags[name] = wanted;
        }
        scan = { ...scan, tags };
      },
    });
  }

  function readMembers(map: YAMLMap, where: string, members: Readonly<Record<string, (node: Node | null) => void>>): void {
    for (const pair of map.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : "";
      const read = Object.hasOwn(members, key) ? members[key] : undefined;
      if (read === undefined) {
        const known = Object.keys(members);
        const near = didYouMean(key, known);
        report(rangeOf(pair.key), `\`${key}\` is not a setting of ${where}.${near || ` It has ${list(known)}.`}`);
      } else read(isNode(pair.value) ? pair.value : null);
    }
  }

  function readMap(node: Node | null, where: string, members: Readonly<Record<string, (node: Node | null) => void>>): void {
    if (isEmpty(node)) return;
    if (isMap(node)) readMembers(node, `\`${where}\``, members);
    else report(rangeOf(node), `\`${where}\` holds ${list(Object.keys(members))} by name.`);
  }

  function readTexts(node: Node | null, where: string): { readonly text: string; readonly range: TextRange }[] {
    if (isEmpty(node)) return [];
    if (!isSeq(node)) {
      report(rangeOf(node), `\`${where}\` is a list of texts: write each on its own line behind \`- \`.`);
      return [];
    }
    return node.items.flatMap((item) => {
      if (isScalar(item) && typeof item.value === "string" && item.value !== "")
        return [{ text: item.value, range: rangeOf(item) }];
      report(rangeOf(item), `An element of \`${where}\` must be a text.`);
      return [];
    });
  }

  function readSelectors(node: Node | null, into: Selector[]): void {
    if (isEmpty(node)) return;
    if (!isSeq(node)) {
      report(
        rangeOf(node),
        "Write a list: check ids (`*` stands for any characters), or `{ service: … }`, `{ risk: … }` and the like.",
      );
      return;
    }
    for (const item of node.items) {
      const range = rangeOf(item);
      if (isScalar(item) && typeof item.value === "string") into.push({ id: item.value, range });
      else if (isMap(item)) {
        const selector: { -readonly [K in keyof Selector]: Selector[K] } = { range };
        readMembers(item, "a selection of checks", {
          id: (value) => assign(selector, "id", readText(value, "id")),
          service: (value) => assign(selector, "service", readText(value, "service")),
          cloud: (value) => assign(selector, "cloud", readWord(value, "cloud", selectorValues.cloud)),
          dimension: (value) => assign(selector, "dimension", readWord(value, "dimension", selectorValues.dimension)),
          category: (value) => assign(selector, "category", readWord(value, "category", selectorValues.category)),
          risk: (value) => assign(selector, "risk", readWord(value, "risk", selectorValues.risk)),
        });
        // A selection whose only member is wrong must not choose everything.
        if (Object.keys(selector).length > 1) into.push(selector);
      } else report(range, "Write a check id, or `{ service: … }`, `{ dimension: … }`, `{ risk: … }`, `{ cloud: … }`.");
    }
  }

  function readParameters(node: Node | null): void {
    if (isEmpty(node)) return;
    if (!isMap(node)) {
      report(rangeOf(node), "Write the check's id, and below it its parameters by name.");
      return;
    }
    for (const check of node.items) {
      const id = isScalar(check.key) ? String(check.key.value) : "";
      if (!isMap(check.value)) {
        report(rangeOf(check.value ?? check.key), `Write the parameters of \`${id}\` below it: \`name: value\`.`);
        continue;
      }
      for (const parameter of check.value.items) {
        const value = isNode(parameter.value) ? (parameter.value.toJS(document) as unknown) : null;
        parameters.push({
          check: id,
          checkRange: rangeOf(check.key),
          name: isScalar(parameter.key) ? String(parameter.key.value) : "",
          nameRange: rangeOf(parameter.key),
          value,
          valueRange: rangeOf(parameter.value ?? parameter.key),
        });
      }
    }
  }

  function readRisks(node: Node | null): void {
    if (isEmpty(node)) return;
    if (!isMap(node)) {
      report(rangeOf(node), "Write the check's id, and behind it the risk level that it has for you: `aws-vpc-flow-log: low`.");
      return;
    }
    for (const pair of node.items) {
      const id = isScalar(pair.key) ? String(pair.key.value) : "";
      const risk = readWord(isNode(pair.value) ? pair.value : null, id, selectorValues.risk);
      if (risk !== undefined) risks.push({ id, range: rangeOf(pair.key), risk });
    }
  }

  function readEnvironments(node: Node | null): void {
    if (isEmpty(node)) return;
    if (!isMap(node)) {
      report(rangeOf(node), "Write the environment's name, and below it `variableFiles:` or `workspace:`.");
      return;
    }
    for (const pair of node.items) {
      const name = isScalar(pair.key) ? String(pair.key.value) : "";
      if (name === "all" || name === "") {
        report(rangeOf(pair.key), "`all` stands for every environment: give this one another name.");
        continue;
      }
      const files: FilePath[] = [];
      let workspace: string | undefined;
      readMap(isNode(pair.value) ? pair.value : null, `environments.${name}`, {
        variableFiles: (list) => {
          for (const item of readTexts(list, "variableFiles")) files.push(joinPath(folder, item.text));
        },
        workspace: (value) => {
          workspace = readText(value, "workspace");
        },
      });
      environments.push({ name, variableFiles: files, workspace });
    }
  }

  function readText(node: Node | null, where: string): string | undefined {
    if (isScalar(node) && typeof node.value === "string") return node.value;
    report(rangeOf(node), `\`${where}\` must be a text.`);
    return undefined;
  }

  function readWord<T extends string>(node: Node | null, where: string, words: readonly T[]): T | undefined {
    const value = isScalar(node) ? node.value : undefined;
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) {
      const near = typeof value === "string" ? didYouMean(value, words) : "";
      report(rangeOf(node), `\`${where}\` is one of ${list(words)}.${near}`);
    }
    return word;
  }
}

function assign<T, K extends keyof T>(target: T, key: K, value: T[K] | undefined): void {
  if (value !== undefined) target[key] = value;
}

function isEmpty(node: Node | null): node is null {
  return node === null || (isScalar(node) && node.value === null);
}

function rangeOf(node: unknown): TextRange {
  const range = isNode(node) ? node.range : undefined;
  if (range === undefined || range === null) return { start: 0, end: 0 };
  return { start: range[0], end: Math.max(range[1], range[0]) };
}

function firstSentence(message: string): string {
  const line = message.split("\n")[0] ?? message;
  return line.endsWith(".") ? line : `${line}.`;
}

function list(words: readonly string[]): string {
  const quoted = words.map((word) => `\`${word}\``);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1) ?? ""}`;
}
