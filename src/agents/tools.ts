/*
 * What language models may ask for: over MCP (`plumbline mcp`) and as language-model tools of VS Code, with the same names, inputs and
 * answers. Descriptions are written for the model. None of them writes a file or changes an account. Loaded when the extension starts:
 * what a question needs (inputs.ts, files.ts, accounts.ts) is loaded with the first.
 */

interface ToolText {
  readonly title: string;
  /** For the model. */
  readonly description: string;
}

export const tools = {
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
} as const satisfies Readonly<Record<string, ToolText>>;

export type ToolName = keyof typeof tools;
export type FileToolName = "plumbline_check" | "plumbline_explain" | "plumbline_propose_fix";
export type AccountToolName = Exclude<ToolName, FileToolName>;

export const toolNames = Object.keys(tools) as readonly ToolName[];

/** Wrong input, or something that can't be done: the message says what to do instead. */
export class ToolRefusal extends Error {}

export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(tools, name);
}

export function isFileTool(name: ToolName): name is FileToolName {
  return name === "plumbline_check" || name === "plumbline_explain" || name === "plumbline_propose_fix";
}
