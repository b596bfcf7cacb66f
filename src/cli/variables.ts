import { environmentVariables } from "../host/environment.ts";

/** `TF_VAR_` of the environment, and `--var` on top. */
export function variablesOf(
  given: readonly (readonly [string, string])[],
  environment: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> {
  const variables = environmentVariables(environment);
  for (const [name, value] of given) variables.set(name, value);
  return variables;
}
