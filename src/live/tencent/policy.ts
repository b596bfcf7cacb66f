/** Products whose name in CAM is not that of their API. */
const camNames: Readonly<Record<string, string>> = { apigateway: "apigw" };

/** CAM permissions where the name of what is called is not the permission's. */
const also: Readonly<Record<string, readonly string[]>> = {
  "cos:GetBucketACL": ["cos:GetService"],
};

/** The least CAM policy that allows the actions, as the console takes it. */
export function readPolicy(actions: readonly string[]): string {
  const needed = new Set<string>();
  for (const action of actions) {
    const [product = "", call = ""] = action.split(":");
    needed.add(`${camNames[product] ?? product}:${call}`);
    for (const other of also[action] ?? []) needed.add(other);
  }
  const statement = { effect: "allow", action: [...needed].sort(), resource: ["*"] };
  return JSON.stringify({ version: "2.0", statement: [statement] }, null, 2);
}

/** The same for the calls of remedies, those that take them back among them. */
export function fixPolicy(actions: readonly string[]): string {
  return readPolicy(actions);
}
