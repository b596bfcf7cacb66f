import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../../src/core/snapshots/model.ts";
import { Limits, systemClock } from "../../../src/live/limits.ts";
import {
  startDouble,
  type Double,
  type DoubleOptions,
  type StateAnswer,
  type TencentState,
} from "../../../src/live/sample/tencent/double.ts";
import { policyOf, Session, type Keys } from "../../../src/live/tencent/client.ts";

export const account = "100000000001";
export const home = "ap-guangzhou";
export const keys: Keys = { secretId: "AKIDexampleexampleexample", secretKey: "secretsecretsecretsecret", token: undefined };

/** Answers that every account gives. */
const everywhere: readonly StateAnswer[] = [
  {
    action: "sts:GetCallerIdentity",
    answer: {
      Arn: `qcs::cam::uin/${account}:uin/100000000002`,
      AccountId: account,
      UserId: "100000000002",
      PrincipalId: "100000000002",
      Type: "CAMUser",
    },
  },
  {
    action: "cvm:DescribeRegions",
    answer: {
      TotalCount: 3,
      RegionSet: [
        { Region: "ap-shanghai", RegionName: "East China (Shanghai)", RegionState: "AVAILABLE" },
        { Region: home, RegionName: "South China (Guangzhou)", RegionState: "AVAILABLE" },
        { Region: "ap-old", RegionName: "closed", RegionState: "UNAVAILABLE" },
      ],
    },
  },
];

export function stateOf(answers: readonly StateAnswer[], more: Partial<TencentState> = {}): TencentState {
  return {
    account,
    keys: [{ secretId: keys.secretId, secretKey: keys.secretKey }],
    regions: [home, "ap-shanghai"],
    answers: [...answers, ...everywhere],
    buckets: [],
    ...more,
  };
}

export interface Connected {
  readonly double: Double;
  readonly session: Session;
  readonly limits: Limits;
  readonly abort: AbortController;
}

const open: Connected[] = [];

export async function connect(
  state: TencentState,
  options: DoubleOptions & { readonly keys?: Keys; readonly quick?: boolean } = {},
): Promise<Connected> {
  const double = await startDouble(state, options);
  const abort = new AbortController();
  const clock = options.quick === false ? systemClock : { ...systemClock, sleep: () => Promise.resolve() };
  const limits = new Limits(policyOf(clock), clock);
  const session = new Session({
    keys: options.keys ?? keys,
    home,
    endpoint: double.endpoint,
    signal: abort.signal,
    limits,
  });
  const connected = { double, session, limits, abort };
  open.push(connected);
  return connected;
}

/** After each test. */
export async function closeAll(): Promise<void> {
  for (const { session, double } of open.splice(0)) {
    session.close();
    await double.close();
  }
}

type Model = Readonly<Record<string, string>>;

const services = join(import.meta.dirname, "../../../node_modules/tencentcloud-sdk-nodejs/tencentcloud/services");
const models = new Map<string, ReadonlyMap<string, Model>>();

/** Interfaces of an API by name, as the official SDK declares them: fields with their types. */
function modelsOf(product: string, version: string): ReadonlyMap<string, Model> {
  const key = `${product}/v${version.replaceAll("-", "")}`;
  let known = models.get(key);
  if (known === undefined) {
    const folder = join(services, key);
    const file = readdirSync(folder).find((name) => name.endsWith("_models.d.ts")) ?? "";
    const text = readFileSync(join(folder, file), "utf8");
    known = new Map(
      [...text.matchAll(/export interface (\w+) \{([\s\S]*?)\n\}/g)].map(([, name = "", body = ""]): [string, Model] => [
        name,
        Object.fromEntries([...body.matchAll(/\n {4}(\w+)\??: ([^;]+);/g)].map(([, field = "", type = ""]) => [field, type])),
      ]),
    );
    models.set(key, known);
  }
  return known;
}

/** Names in a request or an answer that the API does not have, and values of another kind. */
export function strangers(product: string, version: string, model: string, json: JsonObject, path = model): readonly string[] {
  const all = modelsOf(product, version);
  const fields = all.get(model);
  // A call without parameters has no model.
  if (fields === undefined) return Object.keys(json).length === 0 ? [] : [`${product}: no ${model}`];
  return Object.entries(json).flatMap(([name, value]): readonly string[] => {
    const type = fields[name];
    if (type === undefined) return [`${product}: ${path}.${name}`];
    return misfits(product, version, type, value, `${path}.${name}`);
  });
}

function misfits(product: string, version: string, type: string, value: unknown, path: string): readonly string[] {
  if (value === null || type === "any") return [];
  const list = /^Array<(.*)>$/.exec(type)?.[1];
  if (list !== undefined) {
    if (!Array.isArray(value)) return [`${product}: ${path} is no list`];
    return value.flatMap((item, index) => misfits(product, version, list, item, `${path}[${String(index)}]`));
  }
  const plain = type.split(" | ").filter((one) => ["string", "number", "boolean"].includes(one));
  if (plain.length > 0) return plain.includes(typeof value) ? [] : [`${product}: ${path} is no ${type}`];
  if (typeof value !== "object") return [`${product}: ${path} is no ${type}`];
  return strangers(product, version, type, value as JsonObject, path);
}
