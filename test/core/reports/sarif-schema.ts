import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ajvDraft04 from "ajv-draft-04";

const require = createRequire(import.meta.url);
const folder = join(dirname(require.resolve("@microsoft/jest-sarif/package.json")), "lib/schemas");
const schema = JSON.parse(readFileSync(join(folder, "sarif-2.1.0-rtm.5.json"), "utf8")) as object;
const accepts = new ajvDraft04.default({ strict: false, unicodeRegExp: false, allErrors: true, validateFormats: false }).compile(
  schema,
);

/** What the SARIF 2.1.0 JSON schema has against a log. */
export function sarifComplaints(log: unknown): string[] {
  if (accepts(log)) return [];
  return (accepts.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message ?? ""}`);
}
