import type { AccountData, Listing, LiveResource } from "../core/accounts/model.ts";
import { instanceKey } from "../core/accounts/world.ts";
import type { Cloud } from "../core/instances/model.ts";
import type { Reason } from "../core/values/value.ts";
import { parsed, text, type Database } from "./database.ts";

/** One instance as the inventory keeps it: no attributes. */
export interface InventoryInstance {
  readonly key: string;
  readonly type: string;
  readonly region: string | undefined;
  readonly id: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What listing a type in a region gave last. */
export interface InventoryListing {
  readonly type: string;
  /** undefined: the whole account. */
  readonly region: string | undefined;
  /** ISO 8601. */
  readonly at: string;
  readonly failure: Reason | undefined;
}

/** The inventory of accounts, cached with the time of each listing. */
export class Inventory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  instances(account: string): readonly InventoryInstance[] {
    return this.#database.all("SELECT * FROM inventory WHERE account = ? ORDER BY type, region, name, id", account).map((row) => ({
      key: text(row["instance"]),
      type: text(row["type"]),
      region: row["region"] === null ? undefined : text(row["region"]),
      id: text(row["id"]),
      name: text(row["name"]),
      tags: parsed<Record<string, string>>(row["tags"]) ?? {},
    }));
  }

  listings(account: string): readonly InventoryListing[] {
    return this.#database.all("SELECT * FROM listing WHERE account = ? ORDER BY type, region", account).map((row) => ({
      type: text(row["type"]),
      region: row["region"] === "-" ? undefined : text(row["region"]),
      at: text(row["at"]),
      failure: parsed<Reason>(row["failure"]),
    }));
  }

  /**
   * Takes in what was listed. A listing that failed leaves what was known before, marked with the failure; one that succeeded
   * replaces it. Types that `data` does not list stay as they were.
   */
  save(account: string, data: AccountData, at: string): void {
    this.#database.transaction(() => {
      for (const listing of data.listings) {
        const region = listing.region ?? "-";
        for (const type of listing.types) {
          this.#database.run(
            "INSERT INTO listing (account, type, region, at, failure) VALUES (?, ?, ?, ?, ?) ON CONFLICT (account, type, region) DO UPDATE SET at = excluded.at, failure = excluded.failure",
            account,
            type,
            region,
            at,
            listing.failure === null ? null : JSON.stringify(listing.failure),
          );
          if (listing.failure !== null) continue;
          // What is listed for the whole account may stand in any region.
          if (listing.region === undefined)
            this.#database.run("DELETE FROM inventory WHERE account = ? AND type = ?", account, type);
          else this.#database.run("DELETE FROM inventory WHERE account = ? AND type = ? AND region = ?", account, type, region);
        }
      }
      const listed = new Set(data.listings.filter(({ failure }) => failure === null).flatMap(({ types }) => types));
      for (const resource of data.resources) {
        if (!listed.has(resource.type)) continue;
        const { type, region, id, name, tags } = resource;
        this.#database.run(
          "INSERT OR REPLACE INTO inventory (account, instance, type, region, id, name, tags) VALUES (?, ?, ?, ?, ?, ?, ?)",
          account,
          instanceKey(resource),
          type,
          region ?? null,
          id,
          name,
          JSON.stringify(tags),
        );
      }
    });
  }

  /** As what a collector would give, without attributes: for counting pairs. */
  data(cloud: Cloud, account: string, accountId: string, regions: readonly string[]): AccountData {
    const resources = this.instances(account).map(({ type, region, id, name, tags }): LiveResource => ({
      type,
      region,
      id,
      name,
      tags,
      attributes: {},
      reads: {},
    }));
    const listings = this.listings(account).map(({ type, region, failure }): Listing => ({
      types: [type],
      region,
      actions: [],
      failure: failure ?? null,
    }));
    return { cloud, account: accountId, regions, resources, listings };
  }
}
