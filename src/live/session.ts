import type { Cloud } from "../core/instances/model.ts";
import type { JsonObject } from "../core/snapshots/model.ts";
import type { Collector } from "./collector.ts";
import type { Rate } from "./limits.ts";
import type { Call, Remedies } from "./remedy.ts";

/** Who a connection acts as, as the cloud itself says. */
export interface Identity {
  /** Account id: `123456789012`. */
  readonly account: string;
  /** User or role, as the cloud writes it: an ARN. */
  readonly principal: string;
  /** The account's own name, where it has one and we may read it. */
  readonly alias: string | undefined;
}

/** Credentials that were found on the machine, or that the user keeps with us. Holds no secret. */
export interface CredentialSource {
  /** Stable: `profile:production`, `environment`, `kept:3f2a…`. */
  readonly id: string;
  readonly cloud: Cloud;
  /** For people: `profile production (SSO)`. */
  readonly title: string;
  /** Where it was found; never a secret. */
  readonly from: string;
  /** Why it can't be used as it is: half a key, an unknown mode. */
  readonly problem: string | undefined;
}

/** Keys that the user gave: they reach this process by message only and are never written. */
export interface KeptKeys {
  readonly id: string;
  readonly secret: string;
  readonly token?: string | undefined;
}

/** What the sessions of a cloud are opened with. */
export interface Connection {
  readonly source: CredentialSource;
  readonly keys: KeptKeys | undefined;
  /** Replaces the cloud's hosts: a double on the loopback, a sample account. `http://127.0.0.1:4566`. Never from a workspace. */
  readonly endpoint: string | undefined;
  readonly signal: AbortSignal;
}

/** What the cloud itself sells and has metered of its own configuration assessment, on one of its sites. */
export interface VendorQuota {
  /** `cn-hangzhou`, `ap-southeast-1`. */
  readonly site: string;
  /** Scan times. */
  readonly purchased: number;
  readonly consumed: number;
}

/** One cloud, as the engine uses it. `Session` is the cloud's own business. */
export interface CloudAccess<Session> {
  readonly cloud: Cloud;
  /** Reads what people have already: shared files, environment. Never throws: what is odd is a source with a problem. */
  readonly discover: (environment: Readonly<Record<string, string | undefined>>) => Promise<readonly CredentialSource[]>;
  /** Throws CallFailure where the credentials don't work. */
  readonly open: (connection: Connection) => Promise<Session>;
  readonly identify: (session: Session) => Promise<Identity>;
  /** Regions that are enabled for the account. */
  readonly regions: (session: Session) => Promise<readonly string[]>;
  /** Where account-wide APIs are called. */
  readonly homeRegion: (session: Session) => string;
  /** Loaded when first used: SDKs are big. */
  readonly collectors: () => Promise<readonly Collector<Session>[]>;
  /** Permission names of what `identify` and `regions` call. */
  readonly actions: readonly string[];
  /** The cloud's own purchase and consumption, where it has such a product; empty: it is not in use. Throws CallFailure. */
  readonly vendorQuota?: { readonly action: string; readonly read: (session: Session) => Promise<readonly VendorQuota[]> };
  /** How often an action may be called, as the limits hold it. */
  readonly rate: (action: string) => Rate;
  /** Sends a call of a remedy. Throws CallFailure. */
  readonly call: (session: Session, call: Call) => Promise<JsonObject>;
  /** Loaded when first used, as collectors are. */
  readonly remedies: () => Promise<Remedies>;
  /** How the names of the account's things begin: `aws`, `acs`, `qcs`. */
  readonly partition: (session: Session) => string;
  /** What the session kept of answers is asked again: something was changed. */
  readonly forget: (session: Session) => void;
  /** Requests that the session sent so far, retries included. */
  readonly requests: (session: Session) => number;
  readonly close: (session: Session) => void;
  /** The least policy that allows the actions, as the cloud writes it: JSON to copy. */
  readonly readPolicy: (actions: readonly string[]) => string;
  /** The same with actions that change things. */
  readonly fixPolicy: (actions: readonly string[]) => string;
}
