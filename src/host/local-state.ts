import type { FileContent } from "../core/terraform/model.ts";
import type { FilePath } from "../core/text/text.ts";

/**
 * Texts of the states that root modules keep on this machine, by directory: that of the workspace which `terraform` has chosen there.
 * A state somewhere else is not read. They hold secrets in the clear: never shown, never stored.
 */
export function localStates(roots: readonly FilePath[], read: (path: FilePath) => FileContent): ReadonlyMap<FilePath, string> {
  const states = new Map<FilePath, string>();
  for (const root of roots) {
    const chosen = read(`${root}/.terraform/environment`);
    const workspace = chosen.kind === "text" ? chosen.text.trim() : "";
    const file =
      workspace === "" || workspace === "default" ? "terraform.tfstate" : `terraform.tfstate.d/${workspace}/terraform.tfstate`;
    const content = read(`${root}/${file}`);
    if (content.kind === "text") states.set(root, content.text);
  }
  return states;
}
