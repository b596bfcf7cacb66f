import assert from "node:assert/strict";
import { createRequire } from "node:module";
import type { Json } from "../../../src/core/snapshots/model.ts";
import { sampleAccount } from "../../../src/live/sample/alibaba/account.ts";
import { apis } from "../../../src/live/sample/alibaba/operations.ts";
import { servicesState } from "./services.ts";

/* What the double answers for ECS against the models of the vendor's client: no member that the cloud would not send. */

interface Model {
  readonly names: () => Readonly<Record<string, string>>;
  readonly types: () => Readonly<Record<string, unknown>>;
}

const models = createRequire(import.meta.url)("@alicloud/ecs20140526") as Readonly<Record<string, Model | undefined>>;

function* strange(value: Json, model: Model, path: string): Generator<string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  const names = new Map(Object.entries(model.names()).map(([own, name]) => [name, own]));
  for (const [name, member] of Object.entries(value)) {
    const own = names.get(name);
    if (own === undefined) {
      yield `${path}.${name}`;
      continue;
    }
    const type = model.types()[own];
    const inner = typeof type === "object" && type !== null && "itemType" in type ? type.itemType : type;
    if (typeof inner !== "function" || !("names" in inner)) continue;
    const members: readonly Json[] = Array.isArray(member) ? (member as readonly Json[]) : [member];
    for (const one of members) yield* strange(one, inner as unknown as Model, `${path}.${name}`);
  }
}

describe("the double's answers", () => {
  it("hold nothing that the vendor's models do not know", () => {
    const problems = new Set<string>();
    let compared = 0;
    for (const { operation, items, body } of [...sampleAccount(new Date()).recorded, ...servicesState.recorded]) {
      const name = /^ecs:(\w+)$/.exec(operation)?.[1];
      if (name === undefined) continue;
      const model = models[`${name}ResponseBody`];
      assert.ok(model, `${operation} is no operation of the vendor's client`);
      const list = apis["ecs"]?.operations[name]?.list;
      const whole =
        list === undefined ? (body ?? {}) : list.split(".").reduceRight<Json>((inner, step) => ({ [step]: inner }), items ?? []);
      for (const problem of strange(whole, model, name)) problems.add(problem);
      compared++;
    }
    assert.deepEqual([...problems], []);
    assert.ok(compared > 15);
  });
});
