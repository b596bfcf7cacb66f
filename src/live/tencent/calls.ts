import { isJsonObject, textOf, type JsonObject } from "../../core/snapshots/model.ts";
import { CallFailure } from "../failure.ts";
import type { Call } from "../remedy.ts";
import type { Session } from "./client.ts";

/*
 * The calls of remedies, as data: `{ operation: "cvm:ModifyInstancesAttribute", parameters: {…} }`, and of COS `{ method, bucket,
 * resource, body, headers }`.
 */

/** A call of the API, whose permission has its name. */
export function apiCall(action: string, region: string, parameters: JsonObject): Call {
  return { action, region, request: { parameters } };
}

/** A request for a setting of a bucket. */
export interface CosSetting extends JsonObject {
  readonly method: "GET" | "PUT" | "DELETE";
  readonly bucket: string;
  /** `acl` */
  readonly resource: string;
}

export function cosCall(action: string, region: string, request: CosSetting): Call {
  return { action, region, request };
}

/** Sends it. Of COS the answer is `{ body }`, without one where there is no such setting. Throws CallFailure. */
export async function sendCall(session: Session, { action, region, request }: Call): Promise<JsonObject> {
  if (action.startsWith("cos:")) return sendToCos(session, action, region, request as CosSetting);
  const { parameters } = request;
  if (!isJsonObject(parameters))
    throw new CallFailure({ kind: "unsupported", action, code: "Unknown", message: "This Plumbline can't send this call." });
  return session.call(action, parameters, region);
}

async function sendToCos(session: Session, action: string, region: string, request: CosSetting): Promise<JsonObject> {
  const { method, bucket, resource, body, headers } = request;
  const sent = Object.entries(isJsonObject(headers) ? headers : {}).flatMap(([name, value]) => {
    const written = textOf(value);
    return written === undefined ? [] : [[name, written] as const];
  });
  const query = { method, bucket, region, resource, body: textOf(body), headers: Object.fromEntries(sent) };
  try {
    const answer = await session.cos(action, query);
    return answer.body === "" ? {} : { body: answer.body };
  } catch (error) {
    // "There is none" of a setting, and none of the bucket.
    if (method === "GET" && error instanceof CallFailure && /^NoSuch(?!Bucket$)/.test(error.code)) return {};
    throw error;
  }
}
