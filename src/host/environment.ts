export interface TerraformEnvironment {
  /** `TF_VAR_name`. */
  readonly environmentVariables: ReadonlyMap<string, string>;
  /** `TF_AWS_DEFAULT_TAGS_name`: what the aws provider adds to its own `default_tags`. */
  readonly defaultTags: ReadonlyMap<string, string>;
  /** `TF_WORKSPACE`. */
  readonly workspace: string | undefined;
}

/** What the environment tells Terraform about the values of a configuration. */
export function terraformEnvironment(environment: Readonly<Record<string, string | undefined>>): TerraformEnvironment {
  return {
    environmentVariables: startingWith("TF_VAR_", environment),
    defaultTags: startingWith("TF_AWS_DEFAULT_TAGS_", environment),
    workspace: environment["TF_WORKSPACE"] || undefined,
  };
}

function startingWith(prefix: string, environment: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith(prefix) && value !== undefined) found.set(name.slice(prefix.length), value);
  }
  return found;
}
