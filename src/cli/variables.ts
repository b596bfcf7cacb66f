import type { ServiceSettings } from "../core/service.ts";
import { terraformEnvironment } from "../host/environment.ts";

/** What `--var` and the environment say of values: files stand between the two. */
export function givenValues(
  given: readonly (readonly [string, string])[],
  environment: Readonly<Record<string, string | undefined>>,
): Pick<ServiceSettings, "variables" | "environmentVariables" | "defaultTags" | "workspace"> {
  return { variables: new Map(given), ...terraformEnvironment(environment) };
}
