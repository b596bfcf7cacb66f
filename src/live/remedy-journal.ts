import type { LiveFix } from "../core/checks/model.ts";
import type { JsonObject } from "../core/snapshots/model.ts";
import { parsed, text, type Database, type Row } from "./database.ts";
import type { Expected, RemedyParameters, Step } from "./remedy.ts";

export type RemedyState =
  /** Steps run, or ran when the process was killed. */
  | "applying"
  /** All steps are done. */
  | "applied"
  /** A step failed: those before it are done. */
  | "failed"
  | "undoing"
  | "undone"
  | "undo failed";

export type StepState =
  | "planned"
  /** Sent; whether the cloud did it is known only by its answer. */
  | "started"
  | "done"
  | "failed"
  | "undoing"
  | "undone"
  | "undo failed";

export interface StepRecord {
  readonly number: number;
  readonly step: Step;
  readonly answer: JsonObject | undefined;
  readonly state: StepState;
  readonly why: string | undefined;
}

/** A remedy that was begun, as the history has it. */
export interface RemedyRecord {
  readonly id: string;
  /** `aws:123456789012`. */
  readonly account: string;
  readonly item: string;
  /** Instance key: type, region, id. */
  readonly instance: string;
  readonly name: string;
  readonly risk: LiveFix["risk"];
  readonly parameters: RemedyParameters;
  /** Who: as the cloud says, and as the machine says. */
  readonly principal: string;
  readonly person: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string | undefined;
  readonly state: RemedyState;
  readonly why: string | undefined;
  /** Outcome of the check item afterwards: `pass`, `fail`, or why it is not known. undefined: not looked at yet. */
  readonly verified: string | undefined;
  /** By which the item was judged. */
  readonly itemParameters: JsonObject;
  /** What it changes: the values are left out. */
  readonly touched: readonly Expected[];
  /** The same as Terraform: as it was, and as it was expected. */
  readonly before: string;
  readonly after: string;
  /** As it was found when the remedy had run. */
  readonly leftAs: string | undefined;
  readonly steps: readonly StepRecord[];
}

export type Begun = Omit<RemedyRecord, "endedAt" | "state" | "why" | "verified" | "leftAs" | "steps">;

/** What was changed in accounts. A step and its inverse are written before the step runs. */
export class RemedyJournal {
  readonly #database: Database;
  readonly #now: () => string;

  constructor(database: Database, now: () => string) {
    this.#database = database;
    this.#now = now;
  }

  begin(remedy: Begun, steps: readonly Step[]): void {
    this.#database.transaction(() => {
      this.#database.run(
        `INSERT INTO remedy (id, account, item, instance, name, risk, parameters, principal, person, started_at, state,
           item_parameters, touched, before, after)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'applying', ?, ?, ?, ?)`,
        remedy.id,
        remedy.account,
        remedy.item,
        remedy.instance,
        remedy.name,
        remedy.risk,
        JSON.stringify(remedy.parameters),
        remedy.principal,
        remedy.person,
        remedy.startedAt,
        JSON.stringify(remedy.itemParameters),
        JSON.stringify(remedy.touched),
        remedy.before,
        remedy.after,
      );
      for (const [number, step] of steps.entries()) {
        const json = JSON.stringify(step);
        this.#database.run(
          "INSERT INTO remedy_step (remedy, number, step, state) VALUES (?, ?, ?, 'planned')",
          remedy.id,
          number,
          json,
        );
      }
    });
  }

  setStep(remedy: string, number: number, state: StepState, why?: string): void {
    this.#database.run(
      "UPDATE remedy_step SET state = ?, why = ? WHERE remedy = ? AND number = ?",
      state,
      why ?? null,
      remedy,
      number,
    );
  }

  /** The call was answered; what its inverse needs of the answer is kept, and nothing else of it. */
  answered(remedy: string, number: number, answer: JsonObject | undefined): void {
    const json = answer === undefined ? null : JSON.stringify(answer);
    this.#database.run(
      "UPDATE remedy_step SET state = 'done', why = NULL, answer = ? WHERE remedy = ? AND number = ?",
      json,
      remedy,
      number,
    );
  }

  setState(remedy: string, state: RemedyState, why?: string): void {
    const isOver = state !== "applying" && state !== "undoing";
    const at = isOver ? this.#now() : null;
    this.#database.run("UPDATE remedy SET state = ?, why = ?, ended_at = ? WHERE id = ?", state, why ?? null, at, remedy);
  }

  setVerified(remedy: string, verified: string): void {
    this.#database.run("UPDATE remedy SET verified = ? WHERE id = ?", verified, remedy);
  }

  setLeftAs(remedy: string, leftAs: string): void {
    this.#database.run("UPDATE remedy SET left_as = ? WHERE id = ?", leftAs, remedy);
  }

  get(id: string): RemedyRecord | undefined {
    const row = this.#database.get("SELECT * FROM remedy WHERE id = ?", id);
    return row === undefined ? undefined : this.#record(row);
  }

  /** The newest first. */
  of(account: string): readonly RemedyRecord[] {
    return this.#database
      .all("SELECT * FROM remedy WHERE account = ? ORDER BY started_at DESC, rowid DESC", account)
      .map((row) => this.#record(row));
  }

  #record(row: Row): RemedyRecord {
    const id = text(row["id"]);
    const steps = this.#database.all("SELECT * FROM remedy_step WHERE remedy = ? ORDER BY number", id).map((step): StepRecord => ({
      number: Number(step["number"]),
      step: parsed<Step>(step["step"]) as Step,
      answer: parsed<JsonObject>(step["answer"]),
      state: text(step["state"]) as StepState,
      why: optional(step["why"]),
    }));
    return {
      id,
      account: text(row["account"]),
      item: text(row["item"]),
      instance: text(row["instance"]),
      name: text(row["name"]),
      risk: text(row["risk"]) as RemedyRecord["risk"],
      parameters: parsed<RemedyParameters>(row["parameters"]) ?? {},
      principal: text(row["principal"]),
      person: text(row["person"]),
      startedAt: text(row["started_at"]),
      endedAt: optional(row["ended_at"]),
      state: text(row["state"]) as RemedyState,
      why: optional(row["why"]),
      verified: optional(row["verified"]),
      itemParameters: parsed<JsonObject>(row["item_parameters"]) ?? {},
      touched: parsed<readonly Expected[]>(row["touched"]) ?? [],
      before: text(row["before"]),
      after: text(row["after"]),
      leftAs: optional(row["left_as"]),
      steps,
    };
  }
}

function optional(value: Row[string] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
