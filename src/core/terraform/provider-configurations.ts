import { parseExpression } from "../hcl/parse.ts";
import type { Block, Expression } from "../hcl/syntax.ts";
import { plainText } from "./plain-text.ts";
import { attributeNamed } from "./symbols.ts";

/** What following a provider name through modules needs of a module. */
export interface ProviderScope {
  readonly address: string;
  readonly parent: ProviderScope | undefined;
  /** The `module` block in the parent. */
  callBlock(): Block | undefined;
  providerBlock(key: string): Block | undefined;
}

/** `aws.west` of `provider = aws.west`; in JSON, and in old files, a string. */
export function providerReference(expression: Expression): string | undefined {
  if (expression.kind === "variable") return expression.name;
  if (expression.kind === "getAttribute") {
    const from = providerReference(expression.object);
    return from === undefined ? undefined : `${from}.${expression.name.name}`;
  }
  // OpenTofu: aws.by_region[each.key]. Which one is not followed.
  if (expression.kind === "index") return providerReference(expression.object);
  const text = expression.kind === "template" ? plainText({ value: expression }) : undefined;
  return text === undefined || text === "" ? undefined : providerReference(parseExpression(text).expression);
}

/** The provider that a resource type belongs to when nothing is said. */
export function impliedProvider(type: string): string {
  const end = type.indexOf("_");
  return end < 0 ? type : type.slice(0, end);
}

/** A provider configuration as a module sees it. */
export interface FollowedProvider<Scope extends ProviderScope> {
  /** The module whose configuration it is, and its name there. */
  readonly scope: Scope;
  readonly name: string;
  /** Equal keys in one root are one configuration. */
  readonly key: string;
}

/** Follows a module's provider name to the configuration that stands for it. */
export function followProvider<Scope extends ProviderScope & { readonly parent: Scope | undefined }>(
  scope: Scope,
  name: string,
): FollowedProvider<Scope> {
  const { parent } = scope;
  if (parent === undefined) return { scope, name, key: name };
  const call = scope.callBlock();
  const providers = call === undefined ? undefined : attributeNamed(call, "providers")?.value;
  if (providers?.kind === "object") {
    for (const item of providers.items) {
      if (providerReference(item.key) !== name) continue;
      const passed = providerReference(item.value);
      if (passed !== undefined) return followProvider(parent, passed);
    }
  }
  const configured = scope.providerBlock(name);
  const isProxy =
    configured === undefined || configured.body.items.every((item) => item.kind === "attribute" && item.name.name === "alias");
  if (!isProxy || name.includes(".")) return { scope, name, key: `${scope.address}.${name}` };
  return followProvider(parent, name);
}
