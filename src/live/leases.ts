import { isGone } from "./holder.ts";
import { text, type Database, type Row } from "./database.ts";

/** How long a holder may be silent before another may take over. */
const patience = 60_000;
const beat = 15_000;

/** Scans of an account, and changes of an instance, take their turn: one holder at a time, over all processes. `now`: ISO 8601, UTC. */
export class Leases {
  readonly #database: Database;
  readonly #now: () => string;
  readonly #holder: string;

  constructor(database: Database, now: () => string, holder: string) {
    this.#database = database;
    this.#now = now;
    this.#holder = holder;
  }

  /** Who holds the lease, unless it has ended or been silent for long. */
  holder(account: string): string | undefined {
    const row = this.#database.get("SELECT * FROM lease WHERE account = ?", account);
    return row === undefined || this.#isStale(row) ? undefined : text(row["holder"]);
  }

  /** Runs `work` while holding the lease of an account, or of an instance. Returns who has it where somebody else does. */
  async hold<T>(account: string, work: () => Promise<T>): Promise<{ readonly value: T } | { readonly busy: string }> {
    const busy = this.#take(account);
    if (busy !== undefined) return { busy };
    const timer = setInterval(() => {
      try {
        this.#beat(account);
      } catch {
        // The database is busy or the disk is full: the work itself will say so.
      }
    }, beat);
    timer.unref();
    try {
      return { value: await work() };
    } finally {
      clearInterval(timer);
      this.#database.run("DELETE FROM lease WHERE account = ? AND holder = ?", account, this.#holder);
    }
  }

  #take(account: string): string | undefined {
    return this.#database.transaction(() => {
      const row = this.#database.get("SELECT * FROM lease WHERE account = ?", account);
      const now = this.#now();
      if (row !== undefined && !this.#isStale(row)) return text(row["holder"]);
      this.#database.run(
        "INSERT INTO lease (account, holder, heartbeat) VALUES (?, ?, ?) ON CONFLICT (account) DO UPDATE SET holder = excluded.holder, heartbeat = excluded.heartbeat",
        account,
        this.#holder,
        now,
      );
      return undefined;
    });
  }

  /** Ended, silent for long, or from the future of a clock that was set back. */
  #isStale(row: Row): boolean {
    if (isGone(text(row["holder"]))) return true;
    const age = Date.parse(this.#now()) - Date.parse(text(row["heartbeat"]));
    return age > patience || age < -patience;
  }

  #beat(account: string): void {
    this.#database.run("UPDATE lease SET heartbeat = ? WHERE account = ? AND holder = ?", this.#now(), account, this.#holder);
  }
}
