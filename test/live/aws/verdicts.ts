import assert from "node:assert/strict";
import type { AccountData, LiveResource } from "../../../src/core/accounts/model.ts";
import { AccountWorld } from "../../../src/core/accounts/world.ts";
import { evaluateCheck } from "../../../src/core/checks/evaluate.ts";
import type { InstanceType } from "../../../src/core/instances/model.ts";
import { readNeeds } from "../../../src/core/checks/permissions.ts";
import { isJsonList, isJsonObject, type Json, type JsonObject } from "../../../src/core/snapshots/model.ts";
import type { BlockSchema } from "../../../src/core/terraform/schema.ts";
import { object, unknown } from "../../../src/core/values/make.ts";
import type { Type } from "../../../src/core/values/value.ts";
import type { AwsSession } from "../../../src/live/aws/client.ts";
import { collect } from "../../../src/live/collect.ts";
import type { Collector } from "../../../src/live/collector.ts";
import { bundled } from "../../harness/check-world.ts";
import { region } from "./moto.ts";

/* What a scan of an account says: the real collectors, for what the items need and nothing else, and the real engine on top. */

export interface Scan {
  readonly data: AccountData;
  /** `pass`, `fail`, … by the check's id and the thing's name. */
  readonly verdicts: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The only thing of a type by that name. */
  readonly thing: (type: string, name: string) => LiveResource;
}

export async function scan(
  session: AwsSession,
  collectors: readonly Collector<AwsSession>[],
  ids: readonly string[],
  {
    regions = [region],
    now = "2026-11-26T00:00:00Z",
    mayFail = false,
  }: { regions?: readonly string[]; now?: string; mayFail?: boolean } = {},
): Promise<Scan> {
  const { checks, types, tables } = await bundled();
  const items = ids.map((id) => {
    const check = checks.find((each) => each.id === id);
    assert.ok(check, `no item ${id}`);
    return check;
  });
  const needs = items.map((check) => readNeeds(check, types));
  const data = await collect({
    cloud: "aws",
    account: session.caller.account,
    session,
    collectors,
    homeRegion: session.home,
    regions,
    needs: { types: new Set(needs.flatMap((each) => each.types)), actions: new Set(needs.flatMap((each) => each.actions)) },
    signal: session.signal,
  });
  const failures = data.listings.flatMap(({ types: of, failure }) =>
    failure === null ? [] : [`${of.join()}: ${failure.kind} ${failure.detail}`],
  );
  if (!mayFail) assert.deepEqual(failures, []);
  for (const { type, attributes } of data.resources) fits(attributes, types.get(type), type);
  const table = (name: string, key: string) => tables.lookup(name, key, now);
  const world = new AccountWorld(data, types, { now: () => now, table });
  const verdicts = items.map((check) => {
    const parameters = object([...check.parameters].map(([name, parameter]) => [name, parameter.default] as const));
    const literal = () => unknown({ kind: "bool" }, { kind: "live only", detail: "" });
    const context = { parameters, now: now, table, literal };
    const of = world.subjects(check.instance).map((instance): [string, string] => {
      const { outcome } = evaluateCheck(check, instance, context);
      const why =
        outcome.kind === "unknown" ? ` (${outcome.reasons.map(({ kind, detail }) => `${kind}: ${detail}`).join("; ")})` : "";
      return [world.resourceOf(instance)?.name ?? "", outcome.kind + why];
    });
    return [check.id, Object.fromEntries(of)] as const;
  });
  return {
    data,
    verdicts: Object.fromEntries(verdicts),
    thing: (type, name) => {
      const [one, ...others] = data.resources.filter((each) => each.type === type && each.name === name);
      assert.ok(
        one !== undefined && others.length === 0,
        `${type} ${name}: ${data.resources.map((each) => `${each.type} ${each.name}`).join()}`,
      );
      return one;
    },
  };
}

/** Every name is the provider's, at every depth, and every value of its type. */
function fits(attributes: JsonObject, definition: InstanceType | undefined, type: string): void {
  assert.ok(definition, `no type ${type}`);
  const own = new Map([...definition.attributes].map(([name, of]) => [name, of.type]));
  for (const [name, json] of Object.entries(attributes)) {
    // Things have one even where the provider's don't.
    if (name === "id" && !definition.schema.attributes.has(name)) continue;
    const declared = own.get(name);
    if (declared === undefined) fitsBlock({ [name]: json }, definition.schema, type);
    else fitsType(json, declared, `${type}.${name}`);
  }
}

function fitsBlock(json: Json, schema: BlockSchema, at: string): void {
  assert.ok(isJsonObject(json), `${at} is no block: ${JSON.stringify(json)}`);
  for (const [name, inner] of Object.entries(json)) {
    const path = `${at}.${name}`;
    const attribute = schema.attributes.get(name);
    const nested = schema.blocks.get(name);
    assert.ok(attribute !== undefined || nested !== undefined, `${path} is not in the schema`);
    if (attribute !== undefined) fitsType(inner, attribute.type, path);
    else if (nested !== undefined && inner !== null) {
      const blocks: readonly Json[] = isJsonList(inner) ? inner : [inner];
      for (const each of blocks) fitsBlock(each, nested, path);
    }
  }
}

function fitsType(json: Json, type: Type, at: string): void {
  if (json === null || type.kind === "dynamic") return;
  if (type.kind === "list" || type.kind === "set") {
    assert.ok(isJsonList(json), `${at} is no list: ${JSON.stringify(json)}`);
    for (const each of json) fitsType(each, type.element, at);
  } else if (type.kind === "map") {
    assert.ok(isJsonObject(json), `${at} is no map: ${JSON.stringify(json)}`);
    for (const [name, inner] of Object.entries(json)) fitsType(inner, type.element, `${at}.${name}`);
  } else if (type.kind === "object") {
    assert.ok(isJsonObject(json), `${at} is no object: ${JSON.stringify(json)}`);
    for (const [name, inner] of Object.entries(json)) {
      const of = type.attributes.get(name);
      assert.ok(of, `${at}.${name} is not in the schema`);
      fitsType(inner, of, `${at}.${name}`);
    }
  } else {
    assert.equal(typeof json, type.kind === "bool" ? "boolean" : type.kind, `${at}: ${JSON.stringify(json)}`);
  }
}
