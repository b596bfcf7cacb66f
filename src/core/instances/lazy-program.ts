import { compile } from "../cel/compile.ts";
import type { CelProblem, Environment, Program, Scope, StaticType, Trace } from "../cel/program.ts";
import type { Value } from "../values/value.ts";

/** A program compiled when first used: a server starts without compiling hundreds of expressions. */
export class LazyProgram implements Program {
  readonly source: string;
  readonly #environment: () => Environment;
  /** The program of `#compiled`, once somebody has asked for it. */
  #ready: Program | undefined;
  #compiled: { readonly program: Program | undefined; readonly problems: readonly CelProblem[] } | undefined;

  constructor(source: string, environment: () => Environment) {
    this.source = source;
    this.#environment = environment;
  }

  /** Compiles; empty when the expression is right. */
  get problems(): readonly CelProblem[] {
    return this.#compile().problems;
  }

  get type(): StaticType {
    return this.#compile().program?.type ?? { kind: "dynamic" };
  }

  get failingType(): StaticType | undefined {
    return this.#compile().program?.failingType;
  }

  get reads(): readonly (readonly string[])[] {
    return this.#compile().program?.reads ?? [];
  }

  get usesLiteral(): boolean {
    return this.#compile().program?.usesLiteral ?? false;
  }

  evaluate(scope: Scope): Value {
    return (this.#ready ?? this.#program()).evaluate(scope);
  }

  trace(scope: Scope): Trace {
    return (this.#ready ?? this.#program()).trace(scope);
  }

  #program(): Program {
    const { program, problems } = this.#compile();
    if (program === undefined) throw new Error(`\`${this.source}\`: ${problems[0]?.message ?? "does not compile"}`);
    this.#ready = program;
    return program;
  }

  #compile(): { readonly program: Program | undefined; readonly problems: readonly CelProblem[] } {
    this.#compiled ??= compile(this.source, this.#environment());
    return this.#compiled;
  }
}
