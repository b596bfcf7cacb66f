import type { Switches } from "../core/billing/cost-table.ts";
import type { Cloud } from "../core/instances/model.ts";
import { parsed, text, type Database, type Row } from "./database.ts";
import type { CredentialSource } from "./session.ts";

/** A connected account, as the database keeps it. */
export interface Account {
  /** `aws:123456789012`. */
  readonly key: string;
  readonly cloud: Cloud;
  /** Account id. */
  readonly account: string;
  readonly alias: string | undefined;
  /** Who we are there. */
  readonly principal: string;
  readonly source: CredentialSource;
  /** One of the accounts that come with the product, on this machine. */
  readonly sample: boolean;
  /** Chosen by the user; undefined: all that are enabled. */
  readonly regions: readonly string[] | undefined;
  readonly enabledRegions: readonly string[];
  /** Actions that the user was shown and agreed to; undefined: not yet. */
  readonly authorized: readonly string[] | undefined;
  /** Credentials that may change the account, chosen by the user; undefined: it is only read. */
  readonly fixing: CredentialSource | undefined;
  /** ISO 8601. */
  readonly connectedAt: string;
  /** What the user saved as left out of scans; undefined: nothing was saved. */
  readonly switchedOff: Switches | undefined;
}

export function accountKey(cloud: Cloud, account: string): string {
  return `${cloud}:${account}`;
}

/** Accounts in the database. Disconnecting forgets the account and its inventory; scans and charges are history and stay. */
export class Accounts {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  all(): readonly Account[] {
    return this.#database.all("SELECT * FROM account ORDER BY cloud, account").map(accountOf);
  }

  get(key: string): Account | undefined {
    const row = this.#database.get("SELECT * FROM account WHERE key = ?", key);
    return row === undefined ? undefined : accountOf(row);
  }

  /** Connects, or connects again by other credentials: choices stay. */
  save(account: Omit<Account, "switchedOff">): void {
    this.#database.run(
      `INSERT INTO account (key, cloud, account, alias, principal, source, sample, regions, enabled_regions, authorized, connected_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET alias = excluded.alias, principal = excluded.principal, source = excluded.source,
         sample = excluded.sample, enabled_regions = excluded.enabled_regions, connected_at = excluded.connected_at`,
      account.key,
      account.cloud,
      account.account,
      account.alias ?? null,
      account.principal,
      JSON.stringify(account.source),
      account.sample ? 1 : 0,
      account.regions === undefined ? null : JSON.stringify(account.regions),
      JSON.stringify(account.enabledRegions),
      account.authorized === undefined ? null : JSON.stringify(account.authorized),
      account.connectedAt,
    );
  }

  chooseRegions(key: string, regions: readonly string[] | undefined): void {
    const json = regions === undefined ? null : JSON.stringify(regions);
    this.#database.run("UPDATE account SET regions = ? WHERE key = ?", json, key);
  }

  /** undefined: nothing is left out any more. */
  saveSwitches(key: string, off: Switches | undefined): void {
    const json = off === undefined ? null : JSON.stringify(off);
    this.#database.run("UPDATE account SET switched_off = ? WHERE key = ?", json, key);
  }

  authorize(key: string, actions: readonly string[]): void {
    this.#database.run("UPDATE account SET authorized = ? WHERE key = ?", JSON.stringify(actions), key);
  }

  /** undefined: nothing may be changed any more. */
  allowFixing(key: string, source: CredentialSource | undefined): void {
    const json = source === undefined ? null : JSON.stringify(source);
    this.#database.run("UPDATE account SET fixing = ? WHERE key = ?", json, key);
  }

  remove(key: string): boolean {
    return this.#database.transaction(() => {
      for (const table of ["inventory", "listing"]) this.#database.run(`DELETE FROM ${table} WHERE account = ?`, key);
      return this.#database.run("DELETE FROM account WHERE key = ?", key) > 0;
    });
  }
}

function accountOf(row: Row): Account {
  return {
    key: text(row["key"]),
    cloud: text(row["cloud"]) as Cloud,
    account: text(row["account"]),
    alias: row["alias"] === null ? undefined : text(row["alias"]),
    principal: text(row["principal"]),
    source: parsed<CredentialSource>(row["source"]) as CredentialSource,
    sample: row["sample"] === 1,
    regions: parsed<readonly string[]>(row["regions"]),
    enabledRegions: parsed<readonly string[]>(row["enabled_regions"]) ?? [],
    authorized: parsed<readonly string[]>(row["authorized"]),
    fixing: parsed<CredentialSource>(row["fixing"]),
    connectedAt: text(row["connected_at"]),
    switchedOff: parsed<Switches>(row["switched_off"]),
  };
}
