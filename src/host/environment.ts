export interface TerraformEnvironment {
  /** `TF_VAR_name`. */
  readonly environmentVariables: ReadonlyMap<string, string>;
  /** `TF_WORKSPACE`. */
  readonly workspace: string | undefined;
}

/** What the environment tells Terraform about the values of a configuration. */
export function terraformEnvironment(environment: Readonly<Record<string, string | undefined>>): TerraformEnvironment {
  const variables = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith("TF_VAR_") && value !== undefined) variables.set(name.slice("TF_VAR_".length), value);
  }
  return { environmentVariables: variables, workspace: environment["TF_WORKSPACE"] || undefined };
}
