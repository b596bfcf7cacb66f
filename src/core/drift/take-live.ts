import { replaceExpression } from "../hcl/edit.ts";
import { renderValue } from "../hcl/render.ts";
import type { SourceFile } from "../hcl/syntax.ts";
import type { ModuleInstance, Provenance, ResourceInstance } from "../terraform/model.ts";
import type { FilePath, WorkspaceEdit } from "../text/text.ts";
import type { Path, Value } from "../values/value.ts";
import type { FoundDrift } from "./beside.ts";

/** What the edit is made with. */
export interface EditHost {
  source(path: FilePath): SourceFile | undefined;
  provenance(resource: ResourceInstance, path: Path): Provenance;
  /** How many modules are evaluated from the directory, in all roots. */
  modules(directory: FilePath): number;
  /** Inside a workspace folder and not in a downloaded module. */
  writable(file: FilePath): boolean;
}

/** The edit that writes the live value where the file's value is decided; why there is none. */
export function takeLive({ resource, at, value }: FoundDrift, host: EditHost): WorkspaceEdit | { readonly wrong: string } {
  const { hops, computed } = host.provenance(resource, at);
  const hop = hops.findLast(({ kind }) => kind !== "header");
  if (hop?.expression === undefined) return { wrong: "Nothing is written that could be changed." };
  if (computed) return { wrong: "The value is computed: change what it is made of by hand." };
  if (isShared(resource)) return { wrong: "The block makes several instances, which share the text." };
  // The caller's argument is the caller's own; anything else in a module that several call decides for all of them.
  if (host.modules(hop.module.directory) > 1)
    return { wrong: "The module is called several times, and its text decides for each." };
  const { file } = hop.location;
  const source = host.source(file);
  if (source === undefined || !host.writable(file))
    return { wrong: "The text lies outside the workspace or in a downloaded module." };
  if (!isSimple(value)) return { wrong: "The value has blocks inside: write them by hand." };
  const column = columnOf(source.text, hop.location.range.start);
  return new Map([[file, replaceExpression(source, hop.expression, renderValue(value, column))]]);
}

/** Values that an expression can be: blocks are not. */
function isSimple(value: Value): boolean {
  switch (value.kind) {
    case "string":
    case "number":
    case "bool":
    case "null":
      return true;
    case "list":
    case "set":
    case "tuple":
      return value.items.every(isSimple) && value.items.every(({ kind }) => kind !== "object");
    case "map":
      return [...value.entries.values()].every(isSimple);
    default:
      return false;
  }
}

function isShared({ key, module }: ResourceInstance): boolean {
  if (key !== undefined) return true;
  for (let at: ModuleInstance | undefined = module; at !== undefined; at = at.parent) if (at.key !== undefined) return true;
  return false;
}

/** Of the line's first character that is no space: what is rendered over several lines is indented by it. */
function columnOf(text: string, offset: number): number {
  const line = text.lastIndexOf("\n", offset - 1) + 1;
  return (/^ */.exec(text.slice(line, offset))?.[0] ?? "").length;
}
