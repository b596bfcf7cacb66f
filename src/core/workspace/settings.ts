import type { Catalogue } from "../checks/catalogue.ts";
import type { CheckItem } from "../checks/model.ts";
import type { Language } from "../text/language.ts";
import type { Baseline } from "../findings/baseline.ts";
import type { Input } from "../memo/memo.ts";
import type { FileContent } from "../terraform/model.ts";
import type { Schemas } from "../terraform/schema.ts";
import type { FilePath } from "../text/text.ts";

export interface ServiceSettings {
  readonly variableFiles?: readonly FilePath[];
  /** `-var`: name to text. */
  readonly variables?: ReadonlyMap<string, string>;
  /** `TF_VAR_name` of the environment: name to text. Variable files win over it, as they do in Terraform. */
  readonly environmentVariables?: ReadonlyMap<string, string>;
  /** `TF_AWS_DEFAULT_TAGS_name` of the environment: name to text. */
  readonly defaultTags?: ReadonlyMap<string, string>;
  /** `TF_WORKSPACE`. */
  readonly workspace?: string | undefined;
  readonly minimumRisk?: CheckItem["risk"];
  /** False in restricted mode: the workspace's own check items get less work to do. */
  readonly trusted?: boolean;
  /** Only these check items take part: ids, former ids, patterns with `*`. */
  readonly checks?: readonly string[];
  /** The environment to assess instead of the one that plumbline.yaml names, in folders that have one of that name. */
  readonly environment?: string;
  /** A baseline file instead of the one that plumbline.yaml names; null: none. */
  readonly baselineFile?: FilePath | null;
  /** Failures that are known beside those of the baseline file. */
  readonly known?: Baseline;
}

/** What all folders have in common. */
export interface Shared {
  readonly catalogue: Catalogue;
  readonly language: Language;
  readonly schemas: Schemas;
  /** Moves on once a day, so that ages and dates do not undo the memo at every check. */
  readonly now: Input<string>;
  readonly contents: ReadonlyMap<FilePath, FileContent>;
}
