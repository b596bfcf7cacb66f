import * as z from "zod";

/*
 * What language models may ask for: over MCP (`plumbline mcp`) and as language-model tools of VS Code, with the same names, inputs and
 * answers. Descriptions are written for the model. None of them writes a file or changes an account.
 */

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
} as const;

export type ToolName = keyof typeof inputs;
export type FileToolName = "plumbline_check" | "plumbline_explain" | "plumbline_propose_fix";
export type AccountToolName = Exclude<ToolName, FileToolName>;
export type Input<Name extends ToolName> = z.output<(typeof inputs)[Name]>;

interface ToolText {
  readonly title: string;
  /** For the model. */
  readonly description: string;
}

export const tools: Readonly<Record<ToolName, ToolText>> = {
  plumbline_check: {
    title: "Check Terraform",
    description:
      "Assesses Terraform for AWS, Alibaba Cloud and Tencent Cloud: what is unsafe, on which line, why, and which quick fixes there are. Values are evaluated as Terraform does. `unknown` results could not be determined and are not passes. Changes nothing and costs nothing.",
  },
  plumbline_explain: {
    title: "Explain a finding",
    description:
      "Explains a finding of plumbline_check (why it matters, where the deciding values come from, what to do, what the fixes would change) or a check item. Changes nothing.",
  },
  plumbline_propose_fix: {
    title: "Propose a fix",
    description:
      "The verified source fixes of a finding, each as a unified diff: with it the finding goes away and no new one comes. Writes nothing: apply the diff yourself if the user wants it.",
  },
  plumbline_accounts: {
    title: "List connected accounts",
    description: "The cloud accounts that the user has connected, with their plan, used scan times and last scan. Calls no cloud.",
  },
  plumbline_preview_scan: {
    title: "Preview a scan's cost",
    description:
      "What a scan of a live account would look at and cost: scan times (check items x instances), USD, quota before and after, and what the plan does not cover. May list instances; charges nothing.",
  },
  plumbline_scan: {
    title: "Scan an account",
    description:
      "Scans a live account. It may cost money, so that the user is asked first, with account, scan times and USD; without their agreement nothing is scanned. Reads only. Preview it before.",
  },
  plumbline_scan_results: {
    title: "Read scan results",
    description: "What the newest scan of an account found, and what it could not check and why. Calls no cloud and costs nothing.",
  },
};

export const toolNames = Object.keys(tools) as readonly ToolName[];

/** JSON Schema of a tool's input, as a client gives it. */
export function inputSchema(name: ToolName): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(inputs[name], { io: "input" });
  return schema;
}

/** Wrong input, or something that can't be done: the message says what to do instead. */
export class ToolRefusal extends Error {}

/** Throws ToolRefusal with what is wrong. */
export function readInput<Name extends ToolName>(name: Name, input: unknown): Input<Name> {
  const read = inputs[name].safeParse(input ?? {});
  if (!read.success) throw new ToolRefusal(`The input of ${name} is wrong. ${z.prettifyError(read.error)}`);
  return read.data as Input<Name>;
}

export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(tools, name);
}

export function isFileTool(name: ToolName): name is FileToolName {
  return name === "plumbline_check" || name === "plumbline_explain" || name === "plumbline_propose_fix";
}
