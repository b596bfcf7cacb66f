import { isJsonObject, textOf, type JsonObject } from "../../core/snapshots/model.ts";
import { CallFailure } from "../failure.ts";
import type { Call } from "../remedy.ts";
import type { AlibabaSession, Parameters } from "./client.ts";
import { products, type ProductName } from "./products.ts";
import { ossChange } from "./storage.ts";

/*
 * The calls of remedies, as data: `{ product: "ecs", operation: "ModifyInstanceAttribute", parameters: {…} }`, and of OSS `{ method,
 * bucket, of, body, headers }`.
 */

/** A call of an RPC API. `action` is the permission that it needs. */
export function rpcCall(action: string, region: string, product: ProductName, operation: string, parameters: JsonObject): Call {
  return { action, region, request: { product, operation, parameters } };
}

/** A request for a sub-resource of a bucket, or of the service where none is named. */
export function ossCall(
  action: string,
  region: string,
  request: {
    readonly method: "PUT" | "DELETE";
    readonly bucket?: string;
    readonly of: string;
    readonly body?: string;
    readonly headers?: JsonObject;
  },
): Call {
  return { action, region, request };
}

/** Sends it. Throws CallFailure. */
export async function sendCall(session: AlibabaSession, { action, region, request }: Call): Promise<JsonObject> {
  const { product, operation, parameters, method, bucket, of, body, headers } = request;
  if ((method === "PUT" || method === "DELETE") && typeof of === "string") {
    const sent = Object.entries(isJsonObject(headers) ? headers : {}).flatMap(([name, value]) => {
      const written = textOf(value);
      return written === undefined ? [] : [[name, written] as const];
    });
    await ossChange(session, action, region, {
      method,
      of,
      ...(textOf(bucket) === undefined ? {} : { bucket: textOf(bucket) ?? "" }),
      ...(textOf(body) === undefined ? {} : { body: textOf(body) ?? "" }),
      headers: Object.fromEntries(sent),
    });
    return {};
  }
  if (
    typeof product !== "string" ||
    !Object.hasOwn(products, product) ||
    typeof operation !== "string" ||
    !isJsonObject(parameters)
  )
    throw new CallFailure({ kind: "unsupported", action, code: "Unknown", message: "This Plumbline can't send this call." });
  return session.rpc(product as ProductName, operation, region, parameters as Parameters, action);
}
