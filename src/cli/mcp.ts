import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { CallToolRequestSchema, ListToolsRequestSchema, type CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { answerAboutAccounts, type AccountDoor } from "../agents/accounts.ts";
import { answerAboutFiles } from "../agents/files.ts";
import {
  inputSchema,
  isFileTool,
  isToolName,
  readInput,
  toolNames,
  ToolRefusal,
  tools,
  type FileToolName,
} from "../agents/tools.ts";
import type { BatchService } from "../core/service.ts";
import { readContent, toFilePath, walkWorkspace } from "../host/workspace-files.ts";
import { readConfiguration } from "./live-configuration.ts";
import { withLiveProcess } from "./live-process.ts";
import { checkFully } from "./workspace.ts";

/**
 * `plumbline mcp`: the Model Context Protocol on standard input and output, until they end. Tools read files and accounts; the one that
 * spends asks the user through the client (elicitation), and does nothing where the client can't ask.
 */
export async function runMcp(open: () => Promise<BatchService>, version: string): Promise<void> {
  const server = new Server(
    { name: "plumbline", title: "Plumbline", version },
    {
      capabilities: { tools: {} },
      instructions:
        "Plumbline says what is unsafe in Terraform and in live accounts of AWS, Alibaba Cloud and Tencent Cloud. Start with plumbline_check; what it reports as unknown is not a pass.",
    },
  );
  const folders = new Folders(open);
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: toolNames.map((name) => ({
      name,
      ...tools[name],
      inputSchema: inputSchema(name) as { type: "object" },
      annotations: { readOnlyHint: name !== "plumbline_scan", destructiveHint: false, openWorldHint: !isFileTool(name) },
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params: { name, arguments: input } }): Promise<CallToolResult> => {
    try {
      if (!isToolName(name)) throw new ToolRefusal(`There is no tool ${name}. There are ${toolNames.join(", ")}.`);
      const answer = isFileTool(name)
        ? await folders.answer(name, input ?? {}, version)
        : await withLiveProcess("en", (connection) =>
            answerAboutAccounts(name, input, {
              connection,
              configuration: readConfiguration("."),
              agree: asking(server),
              token: undefined,
            }),
          );
      return { content: [{ type: "text", text: JSON.stringify(answer) }] };
    } catch (error) {
      // The model reads it and can do something about it.
      return { isError: true, content: [{ type: "text", text: error instanceof Error ? error.message : String(error) }] };
    }
  });
  const ended = new Promise<void>((done) => {
    server.onclose = done;
    process.stdin.once("end", done);
  });
  await server.connect(new StdioServerTransport());
  await ended;
  await server.close();
}

function asking(server: Server): AccountDoor["agree"] {
  return async (question) => {
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
  };
}

/** Folders that were asked about, kept so that asking again is quick. */
class Folders {
  readonly #open: () => Promise<BatchService>;
  readonly #services = new Map<string, Promise<BatchService>>();
  readonly #delivered = new Map<string, Set<string>>();
  readonly #asked = new Map<string, NonNullable<Parameters<typeof checkFully>[1]>>();
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
    const asked = this.#asked.get(folder) ?? new Map();
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
