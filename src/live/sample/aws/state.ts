import type { Json } from "../../../core/snapshots/model.ts";

/** An access key that the double knows. */
export interface KnownKey {
  readonly id: string;
  readonly secret: string;
  /** Temporary keys have one. */
  readonly token?: string;
  /** Of temporary keys, in milliseconds. */
  readonly expires?: number;
  readonly disabled?: boolean;
}

/** What one operation answers, in the cloud's own shape: of XML the elements, where a list is an element several times. */
export interface Recorded {
  /** API and operation: `ec2:DescribeInstances`. */
  readonly operation: string;
  /** undefined: the same in all regions, or of the whole account. */
  readonly region?: string;
  /** What the operation is asked about, by its parameters: `{ UserName: "alice" }`. */
  readonly of?: Readonly<Record<string, string>>;
  /** A text is sent as it is. */
  readonly answer: Json;
}

/** All that the double tells of an account. */
export interface AccountState {
  readonly account: string;
  /** Of who holds the keys: an ARN. */
  readonly principal: string;
  readonly keys: readonly KnownKey[];
  /** Enabled ones. */
  readonly regions: readonly string[];
  readonly recorded: readonly Recorded[];
}
