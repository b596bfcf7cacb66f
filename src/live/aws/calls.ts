import type { Json, JsonObject } from "../../core/snapshots/model.ts";
import { CallFailure } from "../failure.ts";
import type { Call } from "../remedy.ts";
import { send, service, type AwsSession } from "./client.ts";

/*
 * The calls of remedies, as data: `{ service: "s3", command: "PutBucketVersioning", input: {…} }`. Only commands that a file of
 * `sdk/changes/` exports can be sent.
 */

const apis = {
  s3: service(
    "s3",
    () => import("./sdk/changes/s3.ts"),
    ({ endpoint }) => (endpoint === undefined ? {} : { forcePathStyle: true }),
  ),
};

export type Api = keyof typeof apis;

/** A call that the API takes in the region, with the permission that it needs. */
export function call(action: string, region: string, api: Api, command: string, input: JsonObject): Call {
  return { action, region, request: { service: api, command, input } };
}

/** Sends it. The answer is plain data, without what the SDK adds. Throws CallFailure. */
export async function sendCall(session: AwsSession, { action, region, request }: Call): Promise<JsonObject> {
  const {
    service: name,
    command,
    input,
  } = request as { readonly service: Api; readonly command: string; readonly input: JsonObject };
  const api = apis[name] as (typeof apis)[Api] | undefined;
  const sdk = (await api?.load()) as Readonly<Record<string, new (input: JsonObject) => never>> | undefined;
  const Command = sdk?.[`${command}Command`];
  if (api === undefined || Command === undefined)
    throw new CallFailure({
      kind: "unsupported",
      action,
      code: "Unknown",
      message: `This Plumbline can't send ${name}:${command}.`,
    });
  const answer: object = await send(session, api, region, action, () => new Command(input));
  return plain({ ...answer, $metadata: undefined }) as JsonObject;
}

function plain(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "number") return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Uint8Array || typeof value !== "object") return null;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (member === undefined ? [] : [[name, plain(member)]])),
  );
}
