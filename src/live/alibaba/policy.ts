/** The least RAM policy that allows the actions. */
export function readPolicy(actions: readonly string[]): string {
  const sorted = [...new Set(actions)].sort();
  const statement = { Effect: "Allow", Action: sorted, Resource: "*" };
  return JSON.stringify({ Version: "1", Statement: sorted.length === 0 ? [] : [statement] }, undefined, 2);
}

/** The same for the calls of remedies, those that take them back among them. */
export function fixPolicy(actions: readonly string[]): string {
  return readPolicy(actions);
}
