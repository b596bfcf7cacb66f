import type { JsonObject } from "../core/snapshots/model.ts";

/*
 * A collector reads one kind of thing of an account and gives its attributes by the provider's names. It knows how the cloud's API
 * is called and what its fields mean; which calls are made, how many at a time and what happens when one fails is the engine's.
 */

/** One thing that a list call gave, or that a detail call found to belong to another. */
export interface Found {
  readonly type: string;
  /** Unique for the type in the account and region. */
  readonly id: string;
  readonly name?: string | undefined;
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * By the provider's names. **Leave out what was not read: it is unknown then. null: it was read and is not set.** The same inside
   * blocks. What an API leaves out of an answer to say "not set" or "off" is written here as null, or as what it means.
   */
  readonly attributes: JsonObject;
  /** Only for things that live in another region than the one that was listed (a bucket); the engine fills in the rest. */
  readonly region?: string | undefined;
  /** What detail calls of this thing need beside its attributes. Never stored. */
  readonly handle?: unknown;
}

/** What a detail call tells of a thing. */
export interface Facts {
  /** Added to the thing's attributes. */
  readonly attributes?: JsonObject;
  /** Other things that belong to it, of the types that the detail names: a bucket's policy. */
  readonly satellites?: readonly Found[];
}

interface DetailBase {
  /** The type that it is asked for. */
  readonly of: string;
  /** Permission names, as `read` in instances.yaml has them. Asked only where a selected check item needs one of them. */
  readonly actions: readonly string[];
  /** Types of the satellites that it gives. */
  readonly gives?: readonly string[];
}

/** A call for each thing, or one for all that were listed in a region (a credential report). */
export type Detail<Session> =
  | (DetailBase & { readonly read: (session: Session, found: Found, region: string) => Promise<Facts> })
  | (DetailBase & {
      /** By id; a thing that is not in it was not read. */
      readonly readAll: (session: Session, found: readonly Found[], region: string) => Promise<ReadonlyMap<string, Facts>>;
    });

/**
 * `Session` is the cloud's own: a connected account whose calls are limited, retried, cancelled, and fail with a CallFailure.
 */
export interface Collector<Session> {
  /** Instance types that `list` gives: all there are, when it does not fail. Singletons and virtual types among them. */
  readonly types: readonly string[];
  /** `account`: listed once, `region` being the account's home region. */
  readonly scope: "account" | "region";
  /** Permission names of what `list` calls. */
  readonly actions: readonly string[];
  readonly list: (session: Session, region: string) => Promise<readonly Found[]>;
  readonly details?: readonly Detail<Session>[];
}
