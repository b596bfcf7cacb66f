import { isJsonObject, type JsonObject } from "../../core/snapshots/model.ts";
import { CallFailure } from "../failure.ts";
import type { Call } from "../remedy.ts";
import type { Session } from "./client.ts";

/* The calls of remedies, as data: `{ operation: "cvm:ModifyInstancesAttribute", parameters: {…} }`. */

/** A call of the API. `action` is the permission that it needs. */
export function apiCall(action: string, region: string, parameters: JsonObject, operation = action): Call {
  return { action, region, request: { operation, parameters } };
}

/** Sends it. Throws CallFailure. */
export async function sendCall(session: Session, { action, region, request }: Call): Promise<JsonObject> {
  const { operation, parameters } = request;
  if (typeof operation !== "string" || !isJsonObject(parameters))
    throw new CallFailure({ kind: "unsupported", action, code: "Unknown", message: "This Plumbline can't send this call." });
  return session.call(operation, parameters, region);
}
