import * as z from "zod";
import { ToolRefusal, type ToolName } from "./tools.ts";

/* What the tools take, one declaration for its type, its check and its JSON schema. */

const folder = z
  .string()
  .optional()
  .describe(
    "Folder with the Terraform configuration: absolute, or relative to where Plumbline was started. Default: all that is open.",
  );
const risk = z.enum(["high", "medium", "low"]);
const checks = z.array(z.string()).optional().describe("Ids of check items; `*` stands for any characters: `aws-s3-*`.");
const account = z
  .string()
  .optional()
  .describe("Key (`aws:123456789012`), id or alias of a connected account. Not needed where one is connected.");
const scope = z.strictObject({
  account,
  checks,
  services: z.array(z.string()).optional().describe("Services as plumbline_accounts and the estimate name them: `s3`, `oss`."),
  regions: z.array(z.string()).optional(),
  minimumRisk: risk.optional(),
  freeOnly: z.boolean().optional().describe("Only check items that are never charged."),
});

export const inputs = {
  plumbline_check: z.strictObject({
    folder,
    file: z.string().optional().describe("Only findings in this file; a path, or the end of one."),
    checks,
    minimumRisk: risk.optional(),
    limit: z.int().min(1).max(500).default(50).describe("At most so many findings; the answer says how many there are."),
  }),
  plumbline_explain: z.strictObject({
    finding: z.string().describe("The id of a finding from plumbline_check, or of a check item: `aws-s3-bucket-versioning`."),
    folder,
  }),
  plumbline_propose_fix: z.strictObject({
    finding: z.string().describe("The id of a finding from plumbline_check."),
    folder,
  }),
  plumbline_accounts: z.strictObject({}),
  plumbline_preview_scan: scope,
  plumbline_scan: scope,
  plumbline_scan_results: z.strictObject({
    account,
    minimumRisk: risk.optional(),
    limit: z.int().min(1).max(500).default(50).describe("At most so many results; the answer says how many there are."),
  }),
} as const satisfies Readonly<Record<ToolName, z.ZodType>>;

export type Input<Name extends ToolName> = z.output<(typeof inputs)[Name]>;

/** JSON Schema of a tool's input, as a client gives it. */
export function inputSchema(name: ToolName): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(inputs[name], { io: "input" });
  return schema;
}

/** Throws ToolRefusal with what is wrong. */
export function readInput<Name extends ToolName>(name: Name, input: unknown): Input<Name> {
  const read = inputs[name].safeParse(input ?? {});
  if (!read.success) throw new ToolRefusal(`The input of ${name} is wrong. ${z.prettifyError(read.error)}`);
  return read.data as Input<Name>;
}
