import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";

/**
 * What was changed in a sample account, in a file: it outlives the process, and the editor and the command line see the same account.
 * Its ages count from when it was first served, so that it is given up after a day: what is old stays as old as it is.
 */
export class KeptState<State> {
  readonly #file: string;
  readonly #lasts = 86_400_000;
  #seen = 0;
  #born = Date.now();

  constructor(file: string) {
    this.#file = file;
  }

  /** What somebody else wrote since the last time. undefined: nothing, or nothing that can be used. */
  read(): State | undefined {
    try {
      const { mtimeMs } = statSync(this.#file);
      if (mtimeMs === this.#seen) return undefined;
      const { born, state } = JSON.parse(readFileSync(this.#file, "utf8")) as { readonly born: number; readonly state: State };
      this.#seen = mtimeMs;
      if (Math.abs(Date.now() - born) > this.#lasts) return undefined;
      this.#born = born;
      return state;
    } catch {
      return undefined;
    }
  }

  write(state: State): void {
    const made = `${this.#file}.${process.pid}`;
    try {
      writeFileSync(made, JSON.stringify({ born: this.#born, state }), { mode: 0o600 });
      renameSync(made, this.#file);
      this.#seen = statSync(this.#file).mtimeMs;
    } catch {
      // The change holds in this process, which is all that a sample needs.
      rmSync(made, { force: true });
    }
  }

  forget(): void {
    rmSync(this.#file, { force: true });
  }
}
