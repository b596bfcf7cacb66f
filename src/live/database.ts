import { chmodSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";

/*
 * One database per user: accounts, plans, the inventory, scans with their results, charges. Never a secret, never the attributes of
 * an instance that may hold one. Several processes use it at once (windows, a command line): WAL, and writes take their turn.
 */

const require = createRequire(import.meta.url);

/** The database can't be used: says which file, why, and what to do. */
export class DatabaseProblem extends Error {
  override readonly name = "DatabaseProblem";
}

export type Row = Readonly<Record<string, string | number | bigint | null | Uint8Array>>;

/** Version of the tables. A newer file is refused, an older one is brought up. */
const migrations: readonly string[] = [
  `
  CREATE TABLE account (
    key TEXT PRIMARY KEY,
    cloud TEXT NOT NULL,
    account TEXT NOT NULL,
    alias TEXT,
    principal TEXT NOT NULL,
    source TEXT NOT NULL,          -- CredentialSource, without secrets
    sample INTEGER NOT NULL,
    regions TEXT,                  -- chosen; null: all that are enabled
    enabled_regions TEXT NOT NULL,
    authorized TEXT,               -- actions that the user was shown and agreed to
    connected_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE plan (
    account TEXT PRIMARY KEY,
    plan TEXT NOT NULL,
    price TEXT NOT NULL,
    entitlement TEXT NOT NULL
  ) STRICT;
  CREATE TABLE plan_change (
    account TEXT NOT NULL,
    at TEXT NOT NULL,
    action TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL
  ) STRICT;
  CREATE TABLE inventory (
    account TEXT NOT NULL,
    instance TEXT NOT NULL,        -- type, region, id
    type TEXT NOT NULL,
    region TEXT,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    tags TEXT NOT NULL,
    PRIMARY KEY (account, instance)
  ) STRICT;
  CREATE TABLE listing (
    account TEXT NOT NULL,
    type TEXT NOT NULL,
    region TEXT NOT NULL,          -- '-' for the whole account
    at TEXT NOT NULL,
    failure TEXT,
    PRIMARY KEY (account, type, region)
  ) STRICT;
  CREATE TABLE scan (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'cancelled', 'failed')),
    why TEXT,
    selection TEXT NOT NULL,       -- what was chosen, for showing
    items TEXT NOT NULL,           -- per item: id, parameters, tier, risk, coverage
    allowance TEXT NOT NULL,
    price TEXT NOT NULL,
    requests INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX scan_of_account ON scan (account, started_at);
  -- What was estimated, and what became of it: no status while it is to be done.
  CREATE TABLE pair (
    scan TEXT NOT NULL REFERENCES scan (id),
    item TEXT NOT NULL,
    instance TEXT NOT NULL,
    free INTEGER NOT NULL,
    status TEXT CHECK (status IN ('pass', 'fail', 'notApplicable', 'suppressed', 'notChecked', 'vanished')),
    outcome TEXT,                  -- of a suppressed one: what it would have been
    reason TEXT,
    message TEXT,
    evidence TEXT,
    PRIMARY KEY (scan, item, instance)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX pair_by_instance ON pair (instance, item);
  -- Listing calls that failed: a row of no instance for each item that they concern.
  CREATE TABLE unlisted (
    scan TEXT NOT NULL REFERENCES scan (id),
    item TEXT NOT NULL,
    region TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (scan, item, region)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE charge (
    scan TEXT NOT NULL,
    item TEXT NOT NULL,
    instance TEXT NOT NULL,
    account TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (scan, item, instance)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX charge_of_account ON charge (account, at);
  CREATE TRIGGER charge_stays BEFORE UPDATE ON charge BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER charge_is_kept BEFORE DELETE ON charge BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  -- What an unfinished scan has read, so that it need not ask again. Emptied when it ends.
  CREATE TABLE collected (
    scan TEXT NOT NULL REFERENCES scan (id),
    key TEXT NOT NULL,
    part TEXT NOT NULL,
    PRIMARY KEY (scan, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE exception (
    account TEXT NOT NULL,
    item TEXT NOT NULL,            -- '*': all
    instance TEXT NOT NULL,        -- '*': all
    reason TEXT NOT NULL,
    until TEXT,
    at TEXT NOT NULL,
    PRIMARY KEY (account, item, instance)
  ) STRICT;
  CREATE TABLE lease (
    account TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    heartbeat TEXT NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE account ADD COLUMN fixing TEXT;  -- CredentialSource that may change the account; null: nothing may
  -- What was changed in an account, and how it is taken back. Never a secret.
  CREATE TABLE remedy (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    item TEXT NOT NULL,
    instance TEXT NOT NULL,
    name TEXT NOT NULL,
    risk TEXT NOT NULL,
    parameters TEXT NOT NULL,
    principal TEXT NOT NULL,       -- who, as the cloud says
    person TEXT NOT NULL,          -- who, as this machine says
    started_at TEXT NOT NULL,
    ended_at TEXT,
    state TEXT NOT NULL CHECK (state IN ('applying', 'applied', 'failed', 'undoing', 'undone', 'undo failed')),
    why TEXT,
    verified TEXT,                 -- the item's outcome afterwards: pass, fail, or why nobody knows
    item_parameters TEXT NOT NULL, -- by which the item was judged
    touched TEXT NOT NULL,         -- what it changes: type, id, and names of attributes
    before TEXT NOT NULL,          -- the same as Terraform
    after TEXT NOT NULL,           -- as it was expected
    left_as TEXT                   -- as it was found afterwards
  ) STRICT;
  CREATE INDEX remedy_of_account ON remedy (account, started_at);
  CREATE TABLE remedy_step (
    remedy TEXT NOT NULL REFERENCES remedy (id),
    number INTEGER NOT NULL,
    step TEXT NOT NULL,            -- with its inverse: written before it runs
    answer TEXT,                   -- of the call, where the inverse needs it
    state TEXT NOT NULL CHECK (state IN ('planned', 'started', 'done', 'failed', 'undoing', 'undone', 'undo failed')),
    why TEXT,
    PRIMARY KEY (remedy, number)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE account ADD COLUMN switched_off TEXT;  -- what the user leaves out of scans, as JSON; null: nothing
  `,
];

export class Database {
  readonly #sql: DatabaseSync;
  readonly #statements = new Map<string, ReturnType<DatabaseSync["prepare"]>>();
  readonly file: string;
  #depth = 0;

  /** Throws DatabaseProblem. */
  constructor(file: string) {
    this.file = file;
    this.#sql = open(file);
    try {
      this.#migrate();
    } catch (error) {
      this.#sql.close();
      throw explained(error, file);
    }
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#run(() => this.#prepare(sql).all(...values) as Row[]);
  }

  get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#run(() => this.#prepare(sql).get(...values) as Row | undefined);
  }

  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return this.#run(() => Number(this.#prepare(sql).run(...values).changes));
  }

  /** All of it or nothing. Takes its turn with other processes from the start, so that what it reads holds when it writes. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.#run(() => this.#sql.exec("BEGIN IMMEDIATE"));
    this.#depth++;
    try {
      const result = work();
      this.#run(() => this.#sql.exec("COMMIT"));
      return result;
    } catch (error) {
      try {
        this.#sql.exec("ROLLBACK");
      } catch {
        // SQLite rolled back by itself (disk full).
      }
      throw error;
    } finally {
      this.#depth--;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#sql.close();
  }

  #prepare(sql: string): ReturnType<DatabaseSync["prepare"]> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#sql.prepare(sql)));
    return statement;
  }

  #run<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw explained(error, this.file);
    }
  }

  #migrate(): void {
    const version = (): number => Number((this.#sql.prepare("PRAGMA user_version").get() as Row)["user_version"]);
    if (version() > migrations.length) {
      throw new DatabaseProblem(
        `${this.file} was written by a newer Plumbline. Update Plumbline, or set another database (setting plumbline.live.database, or PLUMBLINE_DATABASE).`,
      );
    }
    if (version() === migrations.length) return;
    this.#sql.exec("BEGIN IMMEDIATE");
    try {
      // Another process may have been quicker.
      for (const [index, migration] of migrations.entries()) {
        if (index < version()) continue;
        this.#sql.exec(migration);
        this.#sql.exec(`PRAGMA user_version = ${index + 1}`);
      }
      this.#sql.exec("COMMIT");
    } catch (error) {
      this.#sql.exec("ROLLBACK");
      throw error;
    }
  }
}

function open(file: string): DatabaseSync {
  let sqlite: { readonly DatabaseSync: typeof DatabaseSync };
  try {
    sqlite = require("node:sqlite") as typeof sqlite;
  } catch {
    throw new DatabaseProblem(`Live accounts need SQLite, which Node ${process.version} does not have: use Node 22.13 or newer.`);
  }
  try {
    if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const sql = new sqlite.DatabaseSync(file, { timeout: 15_000 });
    sql.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
    if (file !== ":memory:") chmodSync(file, 0o600);
    return sql;
  } catch (error) {
    throw explained(error, file);
  }
}

function explained(error: unknown, file: string): Error {
  if (error instanceof DatabaseProblem) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = (error as { errcode?: number }).errcode;
  const place = file === ":memory:" ? "The database" : file;
  if (code === 13 || /disk is full|ENOSPC/.test(message))
    return new DatabaseProblem(`${place}: the disk is full. Free some space and resume.`);
  if (code === 5 || code === 6) return new DatabaseProblem(`${place}: another Plumbline is writing for too long. Try again.`);
  if (code === 11 || code === 26)
    return new DatabaseProblem(
      `${place} is damaged or no database. Move it away: a new one is made, and its history is in the old file.`,
    );
  if (code === 8 || code === 14 || /EACCES|EROFS|EPERM|ENOTDIR|EEXIST/.test(message))
    return new DatabaseProblem(`${place} can't be opened for writing: ${message}`);
  return error instanceof Error ? error : new Error(message);
}

/** JSON of a column, as the one who wrote it types it. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- a cast at every reader would say the same
export function parsed<T>(value: Row[string] | undefined): T | undefined {
  return typeof value === "string" ? (JSON.parse(value) as T) : undefined;
}

export function text(value: Row[string] | undefined): string {
  return typeof value === "string" ? value : "";
}
