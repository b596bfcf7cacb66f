import type { LiveResource } from "../core/accounts/model.ts";
import type { Json, JsonObject } from "../core/snapshots/model.ts";
import type { Path } from "../core/values/value.ts";

/*
 * A remedy changes a live instance so that a check item passes. It is a function from what was read to steps, each of them plain data:
 * what is shown before, journalled, sent, and taken back later, by another process perhaps, is the same thing.
 */

/** One request that changes something, or, as `find` and `settled`, asks. */
export interface Call {
  /** Permission name: `s3:PutBucketVersioning`. */
  readonly action: string;
  readonly region: string;
  /**
   * What the cloud's access sends: its own shape, plain data, shown to the user and journalled. Never a secret. In a call that takes
   * something back a member may be a hole, `{ response: "FlowLogIds[0]" }`: what the step's own answer has there.
   */
  readonly request: JsonObject;
}

export interface Step {
  /** For people, in the imperative: `Revoke 0.0.0.0/0 to TCP 22`. */
  readonly title: string;
  readonly call: Call;
  /** Takes the step back, in order. Empty: nothing can, and `lost` says so. */
  readonly undo: readonly Call[];
  /** What undoing does not bring back, for people. */
  readonly lost?: string;
  /** Asked for what holes stand for where a crash lost the answer. `paths`: from a hole's path to where this answer has it. */
  readonly find?: { readonly call: Call; readonly paths: Readonly<Record<string, string>> };
  /** Asked again and again until `path` of the answer is one of `values`, for what the cloud does in its own time. */
  readonly settled?: {
    readonly call: Call;
    readonly path: string;
    readonly values: readonly Json[];
    readonly failed?: readonly Json[];
  };
  /** The same before the calls of `undo` count as done. */
  readonly undone?: Step["settled"];
}

/** What a thing will look like afterwards, by the provider's names. */
export interface Expected {
  readonly type: string;
  /** As the collector gives it; a thing that is not there yet may have any. */
  readonly id: string;
  /** Put over the attributes that were read. null: there will be no such thing. */
  readonly attributes: JsonObject | null;
}

export interface Remediation {
  readonly steps: readonly Step[];
  readonly expected: readonly Expected[];
  /** What a person should know before: who used the key last, what is attached. */
  readonly notes?: readonly string[];
}

/** What decided that the item fails, and whose it is. */
export interface Deciding {
  readonly resource: LiveResource;
  /** From the resource: `["ingress", 0, "cidr_blocks", 1]`. */
  readonly path: Path;
}

/** The account as it was read a moment ago. */
export interface Before {
  /** Account id. */
  readonly account: string;
  /** `aws`, `aws-cn`: how the cloud's names of things begin. */
  readonly partition: string;
  /** The instance's; the home region where it is the whole account's. */
  readonly region: string;
  readonly resource: LiveResource;
  /** Everything that was read for the item, the instance among it. */
  readonly resources: readonly LiveResource[];
  readonly deciding: readonly Deciding[];
  /** The check item's parameters. */
  readonly settings: JsonObject;
  /** Unique for this remedy, `plumbline-…`: for client tokens, and tags by which a thing is found again. */
  readonly token: string;
}

/** Sends a call that changes nothing. Throws CallFailure. */
export type Look = (call: Call) => Promise<JsonObject>;

/** By the names in the check item's `fix.live.parameters`; typed, checked and with defaults filled in. */
export type RemedyParameters = Readonly<Record<string, Json>>;

/**
 * What is to be done. May look at what the collectors do not read. Throws NotPossible where it can't be done for this instance.
 */
export type Remedy = (before: Before, parameters: RemedyParameters, look: Look) => Remediation | Promise<Remediation>;

/** The remedy can't help this instance; the message says why and what would. */
export class NotPossible extends Error {
  override readonly name = "NotPossible";
}

/** The remedies of a cloud. */
export interface Remedies {
  /** By check id. What each is called and may do is in the item's `fix.live`. */
  readonly byCheck: ReadonlyMap<string, Remedy>;
}

/** A value in an answer: `FlowLogIds[0]`, `Response.TaskId`; undefined: there is none. */
export function valueIn(answer: Json, path: string): Json | undefined {
  let value: Json | undefined = answer;
  for (const [, name, index] of path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Readonly<Record<string, Json>>)[name ?? index ?? ""];
  }
  return value;
}

/** Whether a call waits for an answer. */
export function hasHoles(json: Json): boolean {
  if (typeof json !== "object" || json === null) return false;
  return isHole(json) || Object.values(json).some(hasHoles);
}

/** A one-step remedy that sets something, and sets it back. */
export function setting(title: string, set: Call, back: Call, expected: Expected, lost?: string): Remediation {
  return { steps: [{ title, call: set, undo: [back], ...(lost === undefined ? {} : { lost }) }], expected: [expected] };
}

/** With the answer's values in place of the holes; undefined where the answer lacks one. */
export function filled(json: Json, answer: Json): Json | undefined {
  if (typeof json !== "object" || json === null) return json;
  if (isHole(json)) return valueIn(answer, json.response);
  if (Array.isArray(json)) {
    const items = (json as readonly Json[]).map((item) => filled(item, answer));
    return items.some((item) => item === undefined) ? undefined : (items as Json[]);
  }
  const entries = Object.entries(json).map(([name, member]) => [name, filled(member, answer)] as const);
  return entries.some(([, member]) => member === undefined) ? undefined : (Object.fromEntries(entries) as JsonObject);
}

function isHole(json: object): json is { readonly response: string } {
  const [[name, value] = [], ...others] = Object.entries(json);
  return name === "response" && typeof value === "string" && others.length === 0;
}
