/**
 * The least IAM policy for the actions, to copy. Actions that read have no effect on anything, so they are allowed on all resources:
 * what there is to assess is only known by listing it.
 */
export function readPolicy(actions: readonly string[]): string {
  const allowed = [...new Set(actions)].sort();
  return JSON.stringify(
    { Version: "2012-10-17", Statement: [{ Sid: "PlumblineReads", Effect: "Allow", Action: allowed, Resource: "*" }] },
    undefined,
    2,
  );
}
