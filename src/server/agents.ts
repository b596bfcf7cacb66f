import { answerAboutFiles } from "../agents/files.ts";
import { readInput } from "../agents/inputs.ts";
import { isFileTool, isToolName, ToolRefusal } from "../agents/tools.ts";
import type { Service } from "../core/service.ts";
import { isInside, joinPath } from "../core/text/path.ts";
import type { FilePath } from "../core/text/text.ts";
import type { AgentAnswer, AgentParameters } from "./protocol.ts";
import type { Snapshot } from "./workspace.ts";

/** What a language model asks about the files that are open here. */
export function answerAgent(
  { tool, input }: AgentParameters,
  service: Service,
  snapshot: Snapshot,
  folders: readonly FilePath[],
): AgentAnswer {
  try {
    if (!isToolName(tool) || !isFileTool(tool)) throw new ToolRefusal(`There is no tool ${tool}.`);
    const [first = "/"] = folders;
    const { folder } = readInput(tool, input);
    const within = folder === undefined ? undefined : joinPath(first, folder);
    if (within !== undefined && !folders.some((open) => within === open || isInside(within, open)))
      throw new ToolRefusal(`${within} is not open in this window. Open here: ${folders.join(", ")}.`);
    const context = { version: "", base: first, text: (path: FilePath) => snapshot.text(path) };
    return { answer: answerAboutFiles(tool, input, { service, report: snapshot.report, context, within }) };
  } catch (error) {
    if (error instanceof ToolRefusal) return { refused: error.message };
    throw error;
  }
}
