/**
 * The least IAM policy for the actions, to copy. Actions that read have no effect on anything, so they are allowed on all resources:
 * what there is to assess is only known by listing it.
 */
export function readPolicy(actions: readonly string[]): string {
  return policy("PlumblineReads", actions);
}

/**
 * The least IAM policy for the calls of remedies, those that take them back among them. Which instances will be changed is the user's
 * choice each time, so it is for all resources: narrow it to those that you mean.
 */
export function fixPolicy(actions: readonly string[]): string {
  return policy("PlumblineFixes", actions);
}

function policy(Sid: string, actions: readonly string[]): string {
  const allowed = [...new Set(actions)].sort();
  return JSON.stringify(
    { Version: "2012-10-17", Statement: [{ Sid, Effect: "Allow", Action: allowed, Resource: "*" }] },
    undefined,
    2,
  );
}
