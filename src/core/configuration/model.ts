import type { Category, Dimension, Risk } from "../checks/model.ts";
import type { Cloud } from "../instances/model.ts";
import type { FilePath, Problem, TextRange } from "../text/text.ts";

/** What a workspace folder's plumbline.yaml says. Everything is optional; what is wrong is left out and reported. */
export interface Configuration {
  /** undefined: there is no such file. */
  readonly file: FilePath | undefined;
  /** Empty: all. */
  readonly include: readonly Selector[];
  readonly exclude: readonly Selector[];
  /** Parameters by check id as written. */
  readonly parameters: readonly ParameterSetting[];
  /** Absolute. */
  readonly variableFiles: readonly FilePath[];
  /** Path patterns relative to the folder (see glob.ts). */
  readonly excludedPaths: readonly string[];
  /** Absolute, inside the folder. */
  readonly checkFolders: readonly FilePath[];
  readonly minimumRisk: Risk | undefined;
  /** Risk levels of the folder's own, by check id or pattern; a later one wins. */
  readonly risks: readonly RiskSetting[];
  /** By name, in the file's order. */
  readonly environments: readonly Environment[];
  /** Name of the environment that is assessed unless another is asked for. */
  readonly environment: string | undefined;
  /** Absolute: failures that it holds are known. */
  readonly baseline: FilePath | undefined;
  /** What a scan of accounts looks at, unless it is told otherwise. */
  readonly scan: ScanScope;
  readonly problems: readonly Problem[];
}

/** undefined: all. */
export interface ScanScope {
  /** Keys (`aws:123456789012`), ids or aliases. */
  readonly accounts: readonly string[] | undefined;
  readonly regions: readonly string[] | undefined;
  readonly services: readonly string[] | undefined;
  /** Instances that have all of them. */
  readonly tags: Readonly<Record<string, string>> | undefined;
}

/** Chooses check items; every member that is there must hold. */
export interface Selector {
  /** Id, former id, or a pattern with `*`. */
  readonly id?: string;
  readonly cloud?: Cloud;
  readonly service?: string;
  readonly dimension?: Dimension;
  readonly category?: Category;
  readonly risk?: Risk;
  readonly range: TextRange;
}

export interface RiskSetting {
  /** Id, former id, or a pattern with `*`. */
  readonly id: string;
  readonly range: TextRange;
  readonly risk: Risk;
}

/** One of several ways to evaluate the folder's root modules. */
export interface Environment {
  readonly name: string;
  /** Absolute; read after the folder's variable files. */
  readonly variableFiles: readonly FilePath[];
  /** Value of `terraform.workspace`. */
  readonly workspace: string | undefined;
}

export interface ParameterSetting {
  readonly check: string;
  readonly checkRange: TextRange;
  readonly name: string;
  readonly nameRange: TextRange;
  /** Plain YAML data. */
  readonly value: unknown;
  readonly valueRange: TextRange;
}
