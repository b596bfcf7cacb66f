import { compileMessage } from "../cel/compile.ts";
import type { CelProblem, Environment } from "../cel/program.ts";
import type { Message } from "./model.ts";

/** Text with CEL in braces, compiled when first used. */
export class LazyMessage {
  readonly text: string;
  readonly #environment: () => Environment;
  #compiled: { readonly message: Message; readonly problems: readonly CelProblem[] } | undefined;

  constructor(text: string, environment: () => Environment) {
    this.text = text;
    this.#environment = environment;
  }

  get message(): Message {
    return this.#compile().message;
  }

  get problems(): readonly CelProblem[] {
    return this.#compile().problems;
  }

  #compile(): { readonly message: Message; readonly problems: readonly CelProblem[] } {
    this.#compiled ??= compileMessage(this.text, this.#environment());
    return this.#compiled;
  }
}
