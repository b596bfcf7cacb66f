import assert from "node:assert/strict";
import type { InstanceType } from "../../../src/core/instances/model.ts";
import type { Json, JsonObject } from "../../../src/core/snapshots/model.ts";
import type { BlockSchema } from "../../../src/core/terraform/schema.ts";
import type { Type } from "../../../src/core/values/value.ts";
import { collectors } from "../../../src/live/aws/collectors.ts";
import { bundled } from "../../harness/check-world.ts";
import { seedEverything } from "./seed.ts";
import { read } from "./assess.ts";
import { connect, emptyMoto } from "./moto.ts";

const isObject = (json: Json): json is JsonObject => typeof json === "object" && json !== null && !Array.isArray(json);

/** Names that a block of the provider does not have, with their path. */
function strange(json: Json, schema: BlockSchema, at: string, extra: ReadonlySet<string> = new Set()): string[] {
  if (!isObject(json)) return [];
  return Object.entries(json).flatMap(([name, value]): string[] => {
    const path = `${at}.${name}`;
    const attribute = schema.attributes.get(name);
    if (attribute !== undefined) return misfit(value, attribute.type, path);
    const nested = schema.blocks.get(name);
    if (nested === undefined) return extra.has(name) ? [] : [path];
    if (value !== null && typeof value !== "object") return [`${path} is no block`];
    return (Array.isArray(value) ? value : [value]).flatMap((item: Json) => strange(item, nested, path));
  });
}

function misfit(value: Json, type: Type, path: string): string[] {
  if (value === null || type.kind === "dynamic") return [];
  if (type.kind === "object") {
    if (!isObject(value)) return [`${path} is no object`];
    return Object.entries(value).flatMap(([name, inner]) => {
      const of = type.attributes.get(name);
      return of === undefined ? [`${path}.${name}`] : misfit(inner, of, `${path}.${name}`);
    });
  }
  if (type.kind === "list" || type.kind === "set") {
    return Array.isArray(value) ? value.flatMap((item: Json) => misfit(item, type.element, path)) : [`${path} is no list`];
  }
  if (type.kind === "map")
    return isObject(value) ? Object.values(value).flatMap((item) => misfit(item, type.element, path)) : [`${path} is no map`];
  if (type.kind === "tuple") return [];
  const kind = { string: "string", number: "number", bool: "boolean" }[type.kind];
  return typeof value === kind ? [] : [`${path} is a ${typeof value}, not a ${type.kind}`];
}

describe("what collectors give", () => {
  it("has the names and types of the provider, of every type that is described", async () => {
    const { types } = await bundled();
    const endpoint = await emptyMoto();
    await seedEverything(endpoint);
    const { data } = await read(
      await connect(endpoint),
      collectors.flatMap((each) => each.types),
    );
    const seen = new Set<string>();
    const odd = data.resources.flatMap(({ type, attributes }): string[] => {
      seen.add(type);
      const definition: InstanceType | undefined = types.get(type);
      if (definition === undefined) return [`${type} is no type`];
      return strange(attributes, definition.schema, type, new Set([...definition.attributes.keys(), "id"]));
    });
    assert.deepEqual([...new Set(odd)], []);
    assert.ok(seen.size >= 40, `only ${String(seen.size)} types were there: ${[...seen].join(", ")}`);
  });

  it("is what the check items and parts call for: every action is one that some `read` names, or that all make", async () => {
    const { types, checks } = await bundled();
    const { readNeeds } = await import("../../../src/core/checks/permissions.ts");
    const live = checks.filter((check) => check.in !== "files" && check.id.startsWith("aws-"));
    const named = new Set(live.flatMap((check) => readNeeds(check, types).actions));
    const details = collectors.flatMap(({ details: all }) => all ?? []).flatMap(({ actions }) => actions);
    const unheard = details.filter((action) => !named.has(action));
    // Nothing judges these yet; an inventory shows them.
    const shown = ["s3:GetEncryptionConfiguration", "s3:GetBucketOwnershipControls"];
    assert.deepEqual(
      [...new Set(unheard)].filter((action) => !shown.includes(action)),
      [],
    );
  });

  it("comes from one collector for each type", () => {
    const given = collectors.flatMap((each) => [...each.types, ...(each.details ?? []).flatMap(({ gives }) => gives ?? [])]);
    assert.deepEqual(
      given.filter((type, index) => given.indexOf(type) !== index),
      [],
    );
  });
});
