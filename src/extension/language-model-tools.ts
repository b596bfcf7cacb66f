import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { isFileTool, toolNames, type ToolName } from "../agents/tools.ts";
import type { ScanRequest } from "../live/protocol.ts";
import { AGENT, type AgentAnswer, type AgentParameters } from "../server/protocol.ts";
import type { LiveProcess } from "./live-process.ts";

export interface ToolSurroundings {
  readonly client: LanguageClient;
  readonly live: LiveProcess;
  readonly configuration: () => Promise<Pick<ScanRequest, "configuration">>;
  /** Something was scanned. */
  readonly scanned: () => void;
}

/** The same tools as `plumbline mcp`, for language models in VS Code. */
export function registerTools(its: ToolSurroundings): vscode.Disposable {
  return vscode.Disposable.from(
    ...toolNames.map((name) =>
      vscode.lm.registerTool<object>(name, {
        invoke: async ({ input }, token) => {
          const answer = await answerTo(name, input, token, its);
          return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify(answer))]);
        },
      }),
    ),
  );
}

async function answerTo(name: ToolName, input: object, token: vscode.CancellationToken, its: ToolSurroundings): Promise<object> {
  if (isFileTool(name)) {
    const parameters: AgentParameters = { tool: name, input };
    const said = await its.client.sendRequest<AgentAnswer>(AGENT, parameters, token);
    if ("refused" in said) throw new Error(said.refused);
    return said.answer;
  }
  const { answerAboutAccounts } = await import("../agents/accounts.ts");
  const connection = await its.live.connection();
  const answer = await answerAboutAccounts(name, input, { connection, ...(await withConfiguration(its)), agree, token });
  if (name === "plumbline_scan") its.scanned();
  return answer;
}

async function withConfiguration({ configuration }: ToolSurroundings): Promise<{ configuration: ScanRequest["configuration"] }> {
  return { configuration: (await configuration()).configuration };
}

/** A dialog of ours: that of the chat can be switched off for good, and agreeing to an amount must not be. */
async function agree(question: string): Promise<boolean> {
  const scan = vscode.l10n.t("Scan");
  const detail = vscode.l10n.t("A language model asks for it.");
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, scan)) === scan;
}
