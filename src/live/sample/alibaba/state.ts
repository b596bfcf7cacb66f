import type { Json, JsonObject } from "../../../core/snapshots/model.ts";

/** An AccessKey that the double knows. */
export interface KnownKey {
  readonly id: string;
  readonly secret: string;
  /** Temporary keys have one. */
  readonly token?: string;
  /** Of temporary keys, in milliseconds. */
  readonly expires?: number;
  readonly disabled?: boolean;
}

/** What one operation answers, in the cloud's own shape. */
export interface Recorded {
  /** Product and operation: `ecs:DescribeInstances`. */
  readonly operation: string;
  /** undefined: the operation is of the whole account, or answers the same in all regions. */
  readonly region?: string;
  /** What the operation is asked about, by its parameters: `{ UserName: "alice" }`. */
  readonly of?: Readonly<Record<string, string>>;
  /** Elements of a list operation; pages are cut from them. */
  readonly items?: readonly Json[];
  /** Members of the answer beside the list; of an operation that lists nothing, all. */
  readonly body?: JsonObject;
  /** The cloud refuses just this. */
  readonly error?: { readonly status: number; readonly code: string; readonly message: string };
}

/** A bucket: sub-resources by name, as the elements' text. A sub-resource that is missing is not configured. */
export interface Bucket {
  readonly name: string;
  readonly region: string;
  readonly created: string;
  /** XML, or JSON for `policy`. */
  readonly parts: Readonly<Record<string, string>>;
}

/** A project of the Log Service. */
export interface LogProject {
  readonly region: string;
  /** As ListProject has it. */
  readonly project: JsonObject;
  /** As GetLogStore has them. */
  readonly logstores: readonly JsonObject[];
  /** As ListAlerts has them. */
  readonly alerts?: readonly JsonObject[];
}

/** All that the double tells of an account. */
export interface AccountState {
  readonly account: string;
  readonly alias?: string;
  /** Of who holds the keys. */
  readonly principal: string;
  readonly keys: readonly KnownKey[];
  readonly regions: readonly string[];
  readonly recorded: readonly Recorded[];
  readonly buckets?: readonly Bucket[];
  /** Account-wide block of public access of OSS; undefined: it was never set. */
  readonly blocksPublicAccess?: boolean;
  readonly projects?: readonly LogProject[];
}
