import type { LiveResource } from "../core/accounts/model.ts";
import { mayHoldSecret } from "../core/accounts/secret-names.ts";
import type { InstanceTypes } from "../core/instances/types.ts";
import { isJsonList, isJsonObject, type Json } from "../core/snapshots/model.ts";
import type { BlockSchema } from "../core/terraform/schema.ts";
import type { CollectedPart } from "./collect.ts";

/**
 * Whether something that a collector read may hold a secret: what the provider marks as sensitive, and where people keep them. Such a
 * part stays in memory.
 */
export function mayHoldSecrets({ resources }: CollectedPart, types: InstanceTypes): boolean {
  return resources.some((resource) => holdsSome(resource, types));
}

/** The same without the attributes and blocks that may hold a secret: they are unknown then. What leaves this process is made by it. */
export function withoutSecrets(resource: LiveResource, types: InstanceTypes): LiveResource {
  const schema = types.get(resource.type)?.schema;
  const kept = Object.entries(resource.attributes).filter(([name, json]) => !holds(name, json, schema));
  return { ...resource, attributes: Object.fromEntries(kept) };
}

function holdsSome({ type, attributes }: LiveResource, types: InstanceTypes): boolean {
  const schema = types.get(type)?.schema;
  return Object.entries(attributes).some(([name, json]) => holds(name, json, schema));
}

function holds(name: string, json: Json, schema: BlockSchema | undefined): boolean {
  if (json === null || typeof json === "boolean") return false;
  if (schema?.attributes.get(name)?.sensitive === true || mayHoldSecret(name, json, true)) return true;
  const inner = schema?.blocks.get(name);
  if (isJsonList(json))
    return json.some((item) => isJsonObject(item) && Object.entries(item).some(([key, value]) => holds(key, value, inner)));
  return isJsonObject(json) && Object.entries(json).some(([key, value]) => holds(key, value, inner));
}
