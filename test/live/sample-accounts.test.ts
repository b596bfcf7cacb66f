import assert from "node:assert/strict";
import { isJsonList, isJsonObject, type Json } from "../../src/core/snapshots/model.ts";
import type { LiveResource } from "../../src/core/accounts/model.ts";
import type { InstanceTypes } from "../../src/core/instances/types.ts";
import type { BlockSchema } from "../../src/core/terraform/schema.ts";
import type { Type } from "../../src/core/values/value.ts";
import { sampleData } from "../harness/sample-accounts.ts";
import { bundled } from "../harness/check-world.ts";

/* What the collectors of every cloud give for its sample account, held against the provider's schema. */

/** Names that the provider does not have, and values of another shape than its schema says. */
function strange({ type, attributes }: LiveResource, types: InstanceTypes): readonly string[] {
  const definition = types.get(type);
  if (definition === undefined) return [`${type} is no instance type`];
  const wrong: string[] = [];
  const block = (json: Json, schema: BlockSchema, path: string): void => {
    if (!isJsonObject(json)) {
      wrong.push(`${path} is no block`);
      return;
    }
    for (const [name, inner] of Object.entries(json)) {
      const at = `${path}.${name}`;
      // An account or region is named by itself; no provider has a type for it.
      if (definition.virtual && at === `${type}.id`) continue;
      const attribute = schema.attributes.get(name);
      const nested = schema.blocks.get(name);
      const own = path === type ? definition.attributes.get(name) : undefined;
      if (attribute !== undefined) value(inner, attribute.type, at);
      else if (own !== undefined) value(inner, own.type, at);
      else if (nested === undefined) wrong.push(`${at} is not in the schema`);
      else if (inner !== null) for (const item of isJsonList(inner) ? inner : [inner]) block(item, nested, at);
    }
  };
  const value = (json: Json, of: Type, path: string): void => {
    if (json === null) return;
    switch (of.kind) {
      case "list":
      case "set":
        if (!isJsonList(json)) wrong.push(`${path} is no list`);
        else for (const item of json) value(item, of.element, path);
        return;
      case "map":
        if (!isJsonObject(json)) wrong.push(`${path} is no map`);
        else for (const item of Object.values(json)) value(item, of.element, path);
        return;
      case "object":
        if (!isJsonObject(json)) wrong.push(`${path} is no object`);
        else
          for (const [name, item] of Object.entries(json)) {
            const member = of.attributes.get(name);
            if (member === undefined) wrong.push(`${path}.${name} is not in the schema`);
            else value(item, member, `${path}.${name}`);
          }
        return;
      case "bool":
        if (typeof json !== "boolean") wrong.push(`${path} is no boolean: ${JSON.stringify(json)}`);
        return;
      case "number":
        // The provider's own state holds numbers, and long ones as text.
        if (typeof json !== "number" && !(typeof json === "string" && /^-?\d+(\.\d+)?$/.test(json)))
          wrong.push(`${path} is no number: ${JSON.stringify(json)}`);
        return;
      case "string":
        if (typeof json !== "string") wrong.push(`${path} is no text: ${JSON.stringify(json)}`);
        return;
      default:
    }
  };
  block(attributes, definition.schema, type);
  return wrong;
}

describe("sample accounts", function () {
  this.timeout(120_000);
  for (const name of ["aws", "alibaba", "tencent"] as const) {
    it(`of ${name}: every name that is collected is the provider's, with its type`, async () => {
      const { types } = await bundled();
      const data = await sampleData(name);
      assert.ok(data.resources.length > 30, `only ${data.resources.length} things`);
      assert.ok(new Set(data.resources.map(({ type }) => type)).size >= 10);
      assert.deepEqual([...new Set(data.resources.flatMap((resource) => strange(resource, types)))], []);
      assert.deepEqual(
        data.listings.filter(({ failure }) => failure !== null),
        [],
      );
    });
  }
});
