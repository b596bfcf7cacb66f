import assert from "node:assert/strict";
import type { AccountData, LiveResource } from "../../../src/core/accounts/model.ts";
import { AccountWorld } from "../../../src/core/accounts/world.ts";
import { evaluateCheck } from "../../../src/core/checks/evaluate.ts";
import { readNeeds } from "../../../src/core/checks/permissions.ts";
import type { JsonObject } from "../../../src/core/snapshots/model.ts";
import { object, unknown } from "../../../src/core/values/make.ts";
import type { AwsSession } from "../../../src/live/aws/client.ts";
import { collectors } from "../../../src/live/aws/collectors.ts";
import { collect, type Needs } from "../../../src/live/collect.ts";
import { bundled } from "../../harness/check-world.ts";
import { region } from "./moto.ts";

/* An account read as the product reads it, and judged by the check items. */

export interface Read {
  readonly data: AccountData;
  /** Of one thing; fails where there is none or more. */
  readonly one: (type: string, id?: string) => LiveResource;
  readonly ids: (type: string) => readonly string[];
}

/** Everything of the types, with all details there are unless some are named. */
export async function read(
  session: AwsSession,
  types: readonly string[],
  actions?: readonly string[],
  regions: readonly string[] = [region],
): Promise<Read> {
  const all = collectors.flatMap(({ details }) => details ?? []).flatMap((detail) => detail.actions);
  return await readFor(session, { types: new Set(types), actions: new Set(actions ?? all) }, regions);
}

async function readFor(session: AwsSession, needs: Needs, regions: readonly string[]): Promise<Read> {
  const { account } = session.caller;
  const data = await collect({
    cloud: "aws",
    account,
    session,
    collectors,
    homeRegion: session.home,
    regions,
    needs,
    signal: session.signal,
  });
  const of = (type: string): readonly LiveResource[] => data.resources.filter((each) => each.type === type);
  return {
    data,
    ids: (type) => of(type).map(({ id }) => id),
    one: (type, id) => {
      const found = of(type).filter((each) => id === undefined || each.id === id);
      assert.equal(found.length, 1, `${found.length} of ${type} ${id ?? ""}: ${JSON.stringify(data.listings)}`);
      return found[0]!;
    },
  };
}

/** The named attributes of a thing: `undefined` where one was not read. */
export function some(of: LiveResource, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => (Object.hasOwn(of.attributes, name) ? [[name, of.attributes[name] ?? null]] : [])),
  );
}

/**
 * Verdicts by item, then by the instance's id (with its type, where the item has several): `pass`, `fail`, or `unknown: why`. What does
 * not apply is left out.
 */
export async function verdicts(
  session: AwsSession,
  ids: readonly string[],
  now = new Date().toISOString(),
  regions: readonly string[] = [region],
): Promise<Record<string, Record<string, string>>> {
  const { checks, types, tables } = await bundled();
  const chosen = ids.map((id) => checks.find((each) => each.id === id) ?? assert.fail(`There is no item ${id}.`));
  const needs = chosen.map((check) => readNeeds(check, types));
  const { data } = await readFor(
    session,
    { types: new Set(needs.flatMap((each) => each.types)), actions: new Set(needs.flatMap((each) => each.actions)) },
    regions,
  );
  const table = (name: string, key: string) => tables.lookup(name, key, now);
  const world = new AccountWorld(data, types, { now: () => now, table });
  return Object.fromEntries(
    chosen.map((check) => {
      const parameters = object([...check.parameters].map(([name, parameter]) => [name, parameter.default] as const));
      const literal = () => unknown({ kind: "bool" }, { kind: "live only", detail: "" });
      const results = world.subjects(check.instance).map((instance): [string, string] => {
        const { outcome } = evaluateCheck(check, instance, { parameters, now, table, literal });
        const why =
          "reasons" in outcome
            ? `: ${[...new Set(outcome.reasons.map(({ kind, detail }) => `${kind} ${detail}`))].join("; ")}`
            : "";
        const { id, type } = world.resourceOf(instance) ?? { id: instance.address, type: "" };
        return [check.instance.length === 1 ? id : `${type} ${id}`, `${outcome.kind}${why}`];
      });
      const unlisted = world
        .unlisted(check.instance)
        .map(({ region: where, failure }): [string, string] => [
          `unlisted ${where ?? ""}`.trim(),
          `${failure?.kind ?? ""} ${failure?.detail ?? ""}`,
        ]);
      return [check.id, Object.fromEntries([...results, ...unlisted].filter(([, verdict]) => verdict !== "notApplicable"))];
    }),
  );
}
