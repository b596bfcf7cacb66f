import { directoryOf, isInside, joinPath } from "../text/path.ts";
import type { FilePath } from "../text/text.ts";
import type { Reason } from "../values/value.ts";
import type { Sources } from "./sources.ts";

/** Where a module call leads. */
export type CallTarget =
  | { readonly kind: "present"; readonly directory: FilePath; readonly downloaded: boolean }
  | { readonly kind: "absent"; readonly reason: Reason; /** What to tell the user. */ readonly problem: string | undefined };

export function sameTarget(a: CallTarget, b: CallTarget): boolean {
  if (a.kind === "present") return b.kind === "present" && a.directory === b.directory;
  return b.kind === "absent" && a.problem === b.problem && a.reason.kind === b.reason.kind;
}

/** The directory that a call's `source` names if it is a local path. */
export function localSource(directory: FilePath, source: string): FilePath | undefined {
  return /^\.\.?(\/|\\|$)/.test(source) ? joinPath(directory, source.replaceAll("\\", "/")) : undefined;
}

/**
 * Finds the directory of a module call: a local path, or what `terraform init` downloaded. `key` is the dotted path of call names
 * from the root, as modules.json has it. Nothing is ever downloaded here.
 */
export function findTarget(
  sources: Sources,
  call: { readonly name: string; readonly key: string; readonly source: string | undefined; readonly directory: FilePath },
  root: FilePath,
): CallTarget {
  const missing: Reason = { kind: "missing module", detail: `module.${call.name}` };
  if (call.source === undefined) {
    return {
      kind: "absent",
      reason: missing,
      problem: `The source of module "${call.name}" is not a plain string: the module is not evaluated.`,
    };
  }
  const local = localSource(call.directory, call.source);
  let directory = local;
  if (directory === undefined) {
    const manifest = readManifest(sources, root);
    if (manifest === "loading")
      return { kind: "absent", reason: { kind: "loading", detail: `module.${call.name}` }, problem: undefined };
    const written = manifest.get(call.key);
    if (written === undefined) return { kind: "absent", reason: missing, problem: initHint(call.name) };
    directory = joinPath(root, written);
  }
  switch (sources.state(directory)) {
    case "present":
      return { kind: "present", directory, downloaded: directory.includes("/.terraform/") };
    case "loading":
      return { kind: "absent", reason: { kind: "loading", detail: `module.${call.name}` }, problem: undefined };
    case "missing": {
      const problem = local === undefined ? initHint(call.name) : `The directory of module "${call.name}" has no Terraform files.`;
      return { kind: "absent", reason: missing, problem };
    }
  }
}

function initHint(name: string): string {
  return `Module "${name}" is not on this machine, so nothing in it is assessed: run "terraform init".`;
}

/** Key to directory of `.terraform/modules/modules.json`. */
function readManifest(sources: Sources, root: FilePath): ReadonlyMap<string, string> | "loading" {
  const found = new Map<string, string>();
  const content = sources.content(joinPath(root, ".terraform/modules/modules.json"));
  if (content === undefined) return "loading";
  if (content.kind !== "text") return found;
  let json: unknown;
  try {
    json = JSON.parse(content.text);
  } catch {
    return found;
  }
  const modules = (json as { readonly Modules?: unknown } | null)?.Modules;
  if (!Array.isArray(modules)) return found;
  for (const entry of modules as readonly { readonly Key?: unknown; readonly Dir?: unknown }[]) {
    if (typeof entry.Key === "string" && typeof entry.Dir === "string") found.set(entry.Key, entry.Dir.replaceAll("\\", "/"));
  }
  return found;
}

/** A caller that only shows or tests a module does not own it. */
export function isExampleCaller(called: FilePath, caller: FilePath): boolean {
  let directory = caller;
  while (directory !== "/" && !isInside(called, directory)) {
    const name = directory.slice(directory.lastIndexOf("/") + 1);
    if (name === "examples" || name === "example" || name === "test" || name === "tests") return true;
    directory = directoryOf(directory);
  }
  return false;
}
