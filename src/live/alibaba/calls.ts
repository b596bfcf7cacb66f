import { isJsonObject, type JsonObject } from "../../core/snapshots/model.ts";
import { CallFailure } from "../failure.ts";
import type { Call } from "../remedy.ts";
import type { AlibabaSession, Parameters } from "./client.ts";
import { products, type ProductName } from "./products.ts";

/* The calls of remedies, as data: `{ product: "ecs", operation: "ModifyInstanceAttribute", parameters: {…} }`. */

/** A call of an RPC API. `action` is the permission that it needs. */
export function rpcCall(action: string, region: string, product: ProductName, operation: string, parameters: JsonObject): Call {
  return { action, region, request: { product, operation, parameters } };
}

/** Sends it. Throws CallFailure. */
export async function sendCall(session: AlibabaSession, { action, region, request }: Call): Promise<JsonObject> {
  const { product, operation, parameters } = request;
  if (
    typeof product !== "string" ||
    !Object.hasOwn(products, product) ||
    typeof operation !== "string" ||
    !isJsonObject(parameters)
  )
    throw new CallFailure({ kind: "unsupported", action, code: "Unknown", message: "This Plumbline can't send this call." });
  return session.rpc(product as ProductName, operation, region, parameters as Parameters, action);
}
