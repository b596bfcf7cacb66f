import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { z } from "zod";
import { answerAboutAccounts } from "../agents/accounts.ts";
import { answerAboutFiles } from "../agents/files.ts";
import { inputs, readInput } from "../agents/inputs.ts";
import { isFileTool, toolNames, ToolRefusal, tools, type FileToolName, type ToolName } from "../agents/tools.ts";
import type { BatchService } from "../core/service.ts";
import type { ReadRequest } from "../core/terraform/model.ts";
import { readContent, toFilePath, walkWorkspace } from "../host/workspace-files.ts";
import { readConfiguration } from "./live-configuration.ts";
import { withLiveProcess } from "./live-process.ts";
import { checkFully } from "./workspace.ts";

/**
 * `plumbline mcp`: the Model Context Protocol on standard input and output, until they end. Tools read files and accounts; the one that
 * spends asks the user through the client (elicitation), and does nothing where the client can't ask.
 */
export async function runMcp(open: () => Promise<BatchService>, version: string): Promise<void> {
  const server = new McpServer(
    { name: "plumbline", title: "Plumbline", version },
    {
      instructions:
        "Plumbline says what is unsafe in Terraform and in live accounts of AWS, Alibaba Cloud and Tencent Cloud. Start with plumbline_check; what it reports as unknown is not a pass.",
    },
  );
  const folders = new Folders(open);
  const answerTo = (name: ToolName, input: object): Promise<object> =>
    isFileTool(name)
      ? folders.answer(name, input, version)
      : withLiveProcess("en", (connection) =>
          answerAboutAccounts(name, input, {
            connection,
            configuration: readConfiguration("."),
            agree: (question) => ask(server, question),
            token: undefined,
          }),
        );
  for (const name of toolNames) {
    const annotations = { readOnlyHint: name !== "plumbline_scan", destructiveHint: false, openWorldHint: !isFileTool(name) };
    const inputSchema: z.ZodType<object> = inputs[name];
    server.registerTool(name, { ...tools[name], inputSchema, annotations }, async (input): Promise<CallToolResult> => {
      try {
        return { content: [{ type: "text", text: JSON.stringify(await answerTo(name, input)) }] };
      } catch (error) {
        // The model reads it and can do something about it.
        return { isError: true, content: [{ type: "text", text: error instanceof Error ? error.message : String(error) }] };
      }
    });
  }
  const ended = new Promise<void>((done) => {
    server.server.onclose = done;
    process.stdin.once("end", done);
  });
  await server.connect(new StdioServerTransport());
  await ended;
  await server.close();
}

/** Through the client. A text: it can't ask. */
async function ask({ server }: McpServer, question: string): Promise<boolean | string> {
  if (server.getClientCapabilities()?.elicitation === undefined)
    return "This client can't ask its user. The user can run `plumbline scan`, which asks, or scan from VS Code.";
  const { action, content } = await server.elicitInput({
    message: question,
    requestedSchema: {
      type: "object",
      properties: { scan: { type: "boolean", title: "Scan the account", description: question, default: false } },
      required: ["scan"],
    },
  });
  return action === "accept" && content?.["scan"] === true;
}

/** Folders that were asked about, kept so that asking again is quick. */
class Folders {
  readonly #open: () => Promise<BatchService>;
  readonly #services = new Map<string, Promise<BatchService>>();
  readonly #delivered = new Map<string, Set<string>>();
  readonly #asked = new Map<string, Map<string, ReadRequest>>();
  /** One at a time: a check changes what the service holds. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(open: () => Promise<BatchService>) {
    this.#open = open;
  }

  answer(name: FileToolName, input: unknown, version: string): Promise<object> {
    const { folder: named = "." } = readInput(name, input);
    const turn = this.#turn.then(
      () => this.#answer(name, named, input, version),
      () => this.#answer(name, named, input, version),
    );
    this.#turn = turn;
    return turn;
  }

  async #answer(name: FileToolName, named: string, input: unknown, version: string): Promise<object> {
    const path = resolve(named);
    if (!existsSync(path)) throw new ToolRefusal(`There is no "${named}" (${path}).`);
    if (!statSync(path).isDirectory())
      throw new ToolRefusal(`"${named}" is no folder: name the folder that it is in, and \`file\`.`);
    const folder = toFilePath(path);
    const service = await this.#service(folder);
    const { files, problems } = walkWorkspace(folder);
    const [problem] = problems;
    if (files.length === 0)
      throw new ToolRefusal(
        `There are no Terraform files in ${path}.${problem === undefined ? "" : ` ${problem.path}: ${problem.message}.`}`,
      );
    const before = this.#delivered.get(folder) ?? new Set();
    for (const file of before) if (!files.includes(file)) service.removeFile(file);
    this.#delivered.set(folder, new Set(files));
    for (const file of files) service.setFile(file, readContent(file));
    service.setFolders([folder]);
    const asked = this.#asked.get(folder) ?? new Map<string, ReadRequest>();
    this.#asked.set(folder, asked);
    const report = await checkFully(service, asked);
    const context = { version, base: folder, text: (file: string) => service.text(file) };
    return answerAboutFiles(name, input, { service, report, context });
  }

  #service(folder: string): Promise<BatchService> {
    let service = this.#services.get(folder);
    if (service === undefined) {
      service = this.#open().then((made) => {
        made.configure({ trusted: true });
        return made;
      });
      this.#services.set(folder, service);
    }
    return service;
  }
}
