import { existsSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { explanationJson, explanationText } from "../core/reports/explain.ts";
import { instancesJson, instancesText } from "../core/reports/instances.ts";
import type { Service } from "../core/service.ts";
import { toFilePath } from "../host/workspace-files.ts";
import type { InspectCommand } from "./arguments.ts";
import type { Terminal } from "./check.ts";
import { openSnapshotFile } from "./snapshot.ts";
import { checkFully, deliverFolders } from "./workspace.ts";
import { givenValues } from "./variables.ts";

/** `plumbline instances` and `plumbline explain`: the exit code. */
export async function runInspect(
  command: InspectCommand,
  service: Service,
  version: string,
  { out, error, environment }: Pick<Terminal, "out" | "error" | "environment">,
): Promise<0 | 2> {
  const wrong = (message: string): 2 => {
    error(`plumbline: ${message}\n`);
    return 2;
  };
  if (!existsSync(command.folder)) return wrong(`there is no "${command.folder}".`);
  if (!statSync(command.folder).isDirectory()) return wrong(`"${command.folder}" is no folder.`);
  for (const file of command.variableFiles) if (!existsSync(resolve(file))) return wrong(`there is no variable file "${file}".`);
  const folder = toFilePath(command.folder);
  const problem = command.snapshot === undefined ? undefined : openSnapshotFile(service, command.snapshot);
  if (problem !== undefined) return wrong(problem);
  const delivered = deliverFolders(service, [folder]);
  if (delivered.files === 0 && command.snapshot === undefined) return wrong(`no Terraform files in ${command.folder}.`);
  const { names } = service.environments();
  if (command.environment !== undefined && !names.includes(command.environment)) {
    return wrong(
      `--environment: there is no "${command.environment}"${names.length === 0 ? "" : `. There are ${names.join(", ")}`}.`,
    );
  }
  service.configure({
    variableFiles: command.variableFiles.map(toFilePath),
    ...givenValues(command.variables, environment),
    trusted: true,
    ...(command.environment === undefined ? {} : { environment: command.environment }),
  });
  const report = await checkFully(service);
  const ambiguous = report.problems.find(({ code }) => code === "several-roots");
  if (ambiguous !== undefined) return wrong(ambiguous.message);
  const context = {
    version,
    base: folder,
    text: (path: string) => service.text(path),
    unquotedText: (path: string) => service.snapshotText(path),
  };
  let pieces: Iterable<string>;
  if (command.kind === "instances") {
    const instances = service.instances();
    pieces = command.json ? instancesJson(instances, context) : instancesText(instances, context);
  } else {
    const explanation = service.explain(command.target);
    if ("wrong" in explanation) return wrong(explanation.wrong);
    pieces = [command.json ? explanationJson(explanation, context) : explanationText(explanation, context)];
  }
  if (command.output === undefined) for (const piece of pieces) out(piece);
  else writeFileSync(command.output, [...pieces].join(""));
  return 0;
}
