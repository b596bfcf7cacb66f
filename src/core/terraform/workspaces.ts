import type { Block } from "../hcl/syntax.ts";
import { joinPath } from "../text/path.ts";
import type { FilePath } from "../text/text.ts";
import { string, STRING, unknown } from "../values/make.ts";
import type { Value } from "../values/value.ts";
import { blocksOfAttribute } from "./bodies.ts";
import type { Sources } from "./sources.ts";
import { plainText } from "./plain-text.ts";
import { attributeNamed } from "./symbols.ts";

/**
 * `terraform.workspace`: what the environment says, what `terraform workspace select` noted in the root, the one that a `cloud`
 * block names, else Terraform's own "default". Where a `cloud` block leaves a choice that nobody has made, it is not known.
 */
export function workspaceOf(sources: Sources, root: FilePath, chosen: string | undefined): Value {
  if (chosen !== undefined) return string(chosen);
  const content = sources.content(joinPath(root, ".terraform/environment"));
  if (content === undefined) return unknown(STRING, { kind: "loading", detail: "terraform.workspace" });
  const selected = content.kind === "text" ? content.text.trim() : "";
  if (selected !== "") return string(selected);
  for (const { node } of sources.declared(root, "terraform")?.parts ?? []) {
    if (node.kind !== "block") continue;
    const [cloud] = blocksNamed(node, "cloud");
    const remote = blocksNamed(node, "backend").flatMap((backend) =>
      backend.labels[0]?.name === "remote" ? [backend] : blocksNamed(backend, "remote"),
    );
    for (const block of cloud === undefined ? remote : [cloud]) {
      const [workspaces] = blocksNamed(block, "workspaces");
      const name = workspaces === undefined ? undefined : plainText(attributeNamed(workspaces, "name"));
      // The remote backend calls its one workspace "default".
      if (name !== undefined) return string(block === cloud ? name : "default");
      return unknown(STRING, { kind: "variable", detail: "terraform.workspace" }, { refinement: { notNull: true } });
    }
  }
  return string("default");
}

/** Nested blocks, in JSON objects. */
function blocksNamed(parent: Block, name: string): readonly Block[] {
  return parent.body.items.flatMap((item) => {
    if (item.kind === "block") return item.type.name === name ? [item] : [];
    return item.name.name === name ? (blocksOfAttribute(item) ?? []) : [];
  });
}
