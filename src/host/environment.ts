/** Input variables that the environment sets, as Terraform reads them: `TF_VAR_name`. */
export function environmentVariables(environment: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const variables = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith("TF_VAR_") && value !== undefined) variables.set(name.slice("TF_VAR_".length), value);
  }
  return variables;
}
