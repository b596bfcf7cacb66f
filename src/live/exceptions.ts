import { text, type Database } from "./database.ts";

/** A white-listed check item, instance, or pair of both: assessed all the same, and shown as suppressed. */
export interface Exception {
  /** `*`: every item. */
  readonly item: string;
  /** `*`: every instance. */
  readonly instance: string;
  readonly reason: string;
  /** ISO date of the last day on which it holds, as with ignore comments. */
  readonly until: string | undefined;
  readonly at: string;
}

export class Exceptions {
  readonly #database: Database;
  readonly #now: () => string;

  constructor(database: Database, now: () => string) {
    this.#database = database;
    this.#now = now;
  }

  all(account: string): readonly Exception[] {
    return this.#database.all("SELECT * FROM exception WHERE account = ? ORDER BY item, instance", account).map((row) => ({
      item: text(row["item"]),
      instance: text(row["instance"]),
      reason: text(row["reason"]),
      until: row["until"] === null ? undefined : text(row["until"]),
      at: text(row["at"]),
    }));
  }

  /** Those in force. */
  of(account: string): readonly (Exception & { covers(item: string, instance: string): boolean })[] {
    const today = this.#now().slice(0, 10);
    return this.all(account)
      .filter(({ until }) => until === undefined || today <= until)
      .map((exception) => ({
        ...exception,
        covers: (item, instance) =>
          (exception.item === "*" || exception.item === item) && (exception.instance === "*" || exception.instance === instance),
      }));
  }

  /** Returns what is wrong, where it is refused. */
  add(account: string, exception: Omit<Exception, "at">): string | undefined {
    if (exception.reason.trim() === "") return "Give a reason: somebody will ask.";
    if (exception.item === "*" && exception.instance === "*") return "Name a check item or an instance: not both can be all.";
    if (exception.until !== undefined && !isDate(exception.until)) return `"${exception.until}" is no date: write YYYY-MM-DD.`;
    this.#database.run(
      "INSERT OR REPLACE INTO exception (account, item, instance, reason, until, at) VALUES (?, ?, ?, ?, ?, ?)",
      account,
      exception.item,
      exception.instance,
      exception.reason.trim(),
      exception.until ?? null,
      this.#now(),
    );
    return undefined;
  }

  remove(account: string, item: string, instance: string): boolean {
    return this.#database.run("DELETE FROM exception WHERE account = ? AND item = ? AND instance = ?", account, item, instance) > 0;
  }
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
