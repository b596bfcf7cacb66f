import assert from "node:assert/strict";
import type { LiveResource } from "../../src/core/accounts/model.ts";
import { terraformText } from "../../src/core/accounts/terraform-text.ts";
import { readAttributes } from "../../src/core/checks/permissions.ts";
import { isJsonObject, type Json, type JsonObject } from "../../src/core/snapshots/model.ts";
import { sampleData } from "../harness/sample-accounts.ts";
import { bundled } from "../harness/check-world.ts";
import { checkAll, serviceWith } from "../harness/engine.ts";

/*
 * The sample accounts written as Terraform and put beside themselves: what they hold agrees with what they hold. And what is changed
 * in the account afterwards is found.
 */

/** Another value of the same type; undefined for what is no single value. */
function other(value: Json): Json | undefined {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  return typeof value === "string" && value !== "" && !/^[{[]/.test(value) ? `${value}-changed` : undefined;
}

describe("drift of a sample account", function () {
  this.timeout(120_000);
  for (const cloud of ["aws", "alibaba", "tencent"] as const) {
    it(`of ${cloud}: none beside itself, and every change of what is written is found`, async () => {
      const { checks, types } = await bundled();
      const data = await sampleData(cloud);
      const blocks = new Map<string, LiveResource>();
      let text = "";
      for (const [index, resource] of data.resources.entries()) {
        const definition = types.get(resource.type);
        if (definition === undefined || definition.virtual || resource.type.startsWith("data.")) continue;
        const name = `r${index}`;
        text += `${terraformText(resource, definition, { name })}\n`;
        blocks.set(`${resource.type}.${name}`, resource);
      }
      const files = { "main.tf": text };
      const service = await serviceWith(files);
      const report = await checkAll(service, files);
      assert.deepEqual(
        report.problems.filter(({ severity, code }) => severity === "error" && code.startsWith("syntax")),
        [],
      );
      // A state tells which is which; without one only names do.
      const byType = new Map<string, { type: string; name: string; instances: object[] }>();
      for (const [address, { type, id, attributes }] of blocks) {
        const name = address.slice(type.length + 1);
        const own = typeof attributes["id"] === "string" ? attributes["id"] : id;
        byType.set(address, { type, name, instances: [{ attributes: { id: own, arn: attributes["arn"] ?? null } }] });
      }
      const state = JSON.stringify({
        version: 4,
        resources: [...byType.values()].map((each) => ({
          ...each,
          mode: "managed",
          provider: `provider["registry.terraform.io/x/${cloud}"]`,
        })),
      });
      const states = new Map([["/w", state]]);
      const { managed, drift } = service.beside(data, states);
      assert.ok(managed.length > blocks.size * 0.8, `${managed.length} of ${blocks.size} blocks manage something`);
      assert.deepEqual(
        drift.map(({ address, path, written, live }) => `${address} ${path}: ${written} ${live}`),
        [],
      );
      const read = readAttributes(
        checks.filter((check) => check.cloud === cloud && check.in !== "live"),
        types,
      );
      const managedAddresses = new Set(managed.map(({ address }) => address));
      const missed: string[] = [];
      let changed = 0;
      for (const [address, resource] of blocks) {
        if (!managedAddresses.has(address)) continue;
        const definition = types.get(resource.type)!;
        for (const name of read.get(resource.type) ?? []) {
          const schema = definition.schema.attributes.get(name);
          if (schema === undefined || schema.sensitive || schema.deprecated !== undefined) continue;
          // What may hold a secret is not shown.
          const own = terraformText(resource, definition);
          if (!(schema.required || schema.optional) || !new RegExp(`^  ${name} +=`, "m").test(own)) continue;
          if (["id", "arn", "name", "region"].includes(name)) continue;
          const before = resource.attributes[name];
          const after = before === undefined || before === null || isJsonObject(before) ? undefined : other(before);
          // Empty and off say nothing.
          if (after === undefined || before === false || before === 0) continue;
          const attributes: JsonObject = { ...resource.attributes, [name]: after };
          const resources = data.resources.map((each) => (each === resource ? { ...each, attributes } : each));
          const found = service.beside({ ...data, resources }, states).drift;
          changed++;
          if (!found.some((each) => each.address === address && each.path === name)) missed.push(`${address}.${name}`);
        }
        if (changed > 60) break;
      }
      assert.ok(changed > 20, `only ${changed} values were changed`);
      assert.deepEqual(missed, []);
    });
  }
});
