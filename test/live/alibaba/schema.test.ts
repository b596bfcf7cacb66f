import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readPermissions } from "../../../src/core/checks/permissions.ts";
import type { Json } from "../../../src/core/snapshots/model.ts";
import { collectors } from "../../../src/live/alibaba/collectors.ts";
import { actionsOf } from "../../../src/live/collect.ts";
import { sampleAccount } from "../../../src/live/sample/alibaba/account.ts";
import { bundled } from "../../harness/check-world.ts";
import { servicesState } from "./services.ts";
import { liveItems, scan } from "./verdicts.ts";

/* What collectors give, against the provider's own schema: names, nesting and kinds of values. */

interface Block {
  readonly a?: Readonly<Record<string, string | readonly [string, ...unknown[]]>>;
  readonly b?: Readonly<Record<string, Block & { readonly n: string; readonly max?: number }>>;
}

const schema = JSON.parse(readFileSync(join(import.meta.dirname, "../../../schemas/alicloud.json"), "utf8")) as {
  readonly r: Readonly<Record<string, Block>>;
};

function* wrong(value: Json, block: Block, path: string): Generator<string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  for (const [name, member] of Object.entries(value)) {
    const here = path === "" ? name : `${path}.${name}`;
    const attribute = block.a?.[name];
    if (attribute !== undefined) {
      const text = typeof attribute === "string" ? attribute : attribute[0];
      if (!fits(member, text.slice(0, text.lastIndexOf(":")))) yield `${here}: ${JSON.stringify(member)} is no ${text}`;
      continue;
    }
    const nested = block.b?.[name];
    if (nested === undefined) yield `${here}: unknown`;
    else if (Array.isArray(member))
      for (const [index, one] of (member as readonly Json[]).entries()) yield* wrong(one, nested, `${here}[${index}]`);
    else if (member !== null && nested.n !== "1" && nested.max !== 1) yield `${here}: must be a list`;
    else yield* wrong(member, nested, here);
  }
}

function fits(value: Json, type: string): boolean {
  if (value === null || type === "y") return true;
  if (type === "s") return typeof value === "string";
  if (type === "n") return typeof value === "number";
  if (type === "b") return typeof value === "boolean";
  if (/^[[<]/.test(type)) return Array.isArray(value) && (value as readonly Json[]).every((one) => fits(one, type.slice(1, -1)));
  if (type.startsWith("{")) return typeof value === "object" && Object.values(value).every((one) => fits(one, type.slice(1, -1)));
  return typeof value === "object" && !Array.isArray(value);
}

describe("collectors of Alibaba Cloud", () => {
  it("give the provider's names, nesting and types", async () => {
    const { types } = await bundled();
    const now = new Date("2026-06-15T12:00:00Z");
    const scans = [await scan(sampleAccount(now), now.toISOString()), await scan(servicesState, now.toISOString())];
    const problems = new Set<string>();
    const seen = new Set<string>();
    for (const { data } of scans) {
      for (const { type, attributes } of data.resources) {
        seen.add(type);
        const own = types.get(type);
        const more = Object.fromEntries([...(own?.attributes.keys() ?? [])].map((name) => [name, "y:c"]));
        const block = schema.r[type];
        const all: Block = { a: { id: "s:c", ...block?.a, ...more }, ...(block?.b === undefined ? {} : { b: block.b }) };
        for (const problem of wrong(attributes, all, "")) problems.add(`${type}.${problem}`);
      }
    }
    assert.deepEqual([...problems], []);
    // Every kind that a collector names is in one of the two accounts: else nothing was compared.
    const given = collectors.flatMap(({ types: names, details }) => [
      ...names,
      ...(details ?? []).flatMap(({ gives }) => gives ?? []),
    ]);
    assert.deepEqual(
      given.filter((name) => !seen.has(name)),
      [],
    );
  });

  it("call what the items' permissions name, and nothing that they do not", async () => {
    const { types } = await bundled();
    const wanted = new Set((await liveItems()).flatMap((item) => readPermissions(item, types)));
    const details = collectors.flatMap((collector) => (collector.details ?? []).flatMap(({ actions }) => actions));
    assert.deepEqual([...new Set(details)].filter((action) => !wanted.has(action)).sort(), [], "details that no item asks for");
    const everything = { types: new Set(collectors.flatMap((collector) => collector.types)), actions: wanted };
    const called = new Set(actionsOf(collectors, everything));
    assert.deepEqual([...wanted].filter((action) => !called.has(action)).sort(), notRead, "read by items, called by nobody");
  });
});

/** Permission names behind what no collector gives: log audit, and vulnerabilities by machine. The engine says *not checked* of it. */
const notRead: readonly string[] = ["log:GetApp", "yundun-sas:DescribeVulList"];
