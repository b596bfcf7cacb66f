/** `node bench/functions.ts`: nanoseconds that a call of a simple function takes in the evaluator of Terraform's expressions. */
import { pathToFileURL } from "node:url";
import { parseExpression } from "../src/core/hcl/parse.ts";
import { evaluate } from "../src/core/terraform/evaluate.ts";
import { newBudget, type EvaluationScope, type ScopeEntry } from "../src/core/terraform/scope.ts";
import { list, string, STRING } from "../src/core/values/make.ts";
import { percentile } from "./process.ts";

const variables: Readonly<Record<string, ScopeEntry>> = {
  name: { kind: "value", value: string("production") },
  zones: { kind: "value", value: list(STRING, ["a", "b", "c"].map(string)) },
};
const namespace: ScopeEntry = {
  kind: "namespace",
  label: "var",
  member: (name) => variables[name],
  value: () => undefined,
};

const NO_FILES: EvaluationScope["files"] = {
  workingDirectory: "/w",
  read: () => ({ absent: true }),
  list: () => ({ files: [] }),
};

export interface CallTime {
  readonly text: string;
  /** The median over batches of a thousand. */
  readonly nanoseconds: number;
}

export function measureFunctions(): readonly CallTime[] {
  return ["upper(var.name)", "length(var.zones)", 'join("-", var.zones)'].map((text) => {
    const { expression } = parseExpression(text);
    const scopeOf = (): EvaluationScope => ({
      root: (name) => (name === "var" ? namespace : undefined),
      problem: (_range, _code, message) => {
        throw new Error(`${text}: ${message}`);
      },
      budget: newBudget(),
      files: NO_FILES,
    });
    const batch = (): number => {
      const scope = scopeOf();
      const begun = process.hrtime.bigint();
      for (let call = 0; call < 1000; call++) evaluate(expression, scope);
      return Number(process.hrtime.bigint() - begun) / 1000;
    };
    if (evaluate(expression, scopeOf()).kind === "unknown") throw new Error(`${text} has no value`);
    for (let warming = 0; warming < 50; warming++) batch();
    const times = Array.from({ length: 200 }, batch);
    return { text, nanoseconds: percentile(times, 0.5) };
  });
}

const [, script] = process.argv;
if (script !== undefined && import.meta.url === pathToFileURL(script).href) {
  for (const { text, nanoseconds } of measureFunctions()) console.log(`${nanoseconds.toFixed(0).padStart(6)} ns  ${text}`);
}
