import type { Cloud } from "../instances/model.ts";
import type { JsonObject } from "../snapshots/model.ts";
import type { Reason } from "../values/value.ts";

/** One thing of an account, as a collector read it. Plain data: it is stored, sent between processes and compared. */
export interface LiveResource {
  /** Instance type: `aws_s3_bucket`, `aws_account`. */
  readonly type: string;
  /** Unique for the type in the account and region: the provider's id, or an ARN. */
  readonly id: string;
  /** For people; the id where it has none. */
  readonly name: string;
  /** undefined: of the whole account. */
  readonly region: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /**
   * By the provider's names, blocks included (a list, or an object where there is one at most). A name that is missing was not read
   * and is unknown; null was read and is not set. That holds at every depth.
   */
  readonly attributes: JsonObject;
  /** Calls that were made for this one alone, by permission name: undefined when it answered, else why it did not. */
  readonly reads: Readonly<Record<string, Reason | null>>;
}

/** What became of listing types in a region. Without a failure everything of these types there is among the resources. */
export interface Listing {
  readonly types: readonly string[];
  /** undefined: the whole account. */
  readonly region: string | undefined;
  /** Permission names of the calls. */
  readonly actions: readonly string[];
  readonly failure: Reason | null;
  /** Something that was listed had gone when more was asked of it: of a singleton nobody knows whether it is configured. */
  readonly gone?: true;
}

/** What was read of one account for a set of check items. */
export interface AccountData {
  readonly cloud: Cloud;
  /** Account id: `123456789012`. */
  readonly account: string;
  readonly regions: readonly string[];
  readonly resources: readonly LiveResource[];
  readonly listings: readonly Listing[];
}
