import { isJsonList, isJsonObject, type Json } from "../snapshots/model.ts";

/** Names under which people keep secrets although the provider does not mark them. */
const secret =
  /user_data|environment|^env$|container_definitions|password(?!_policy)|secret(?!s_manager|_arn|_id$)|token(?!s$)|credential|private_key|connection_string|certificate_body|^content$/;
/** Free text and maps of the user's own, which may hold anything. */
const free = /^parameters?$|variables|definition|command/;

/**
 * Whether an argument or block of this name may hold a secret. Nobody keeps one in a number or a truth. `anything`: also where the
 * user writes what they like.
 */
export function mayHoldSecret(name: string, value: Json, anything: boolean): boolean {
  if (value === null || typeof value === "boolean" || typeof value === "number") return false;
  if (isJsonList(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0) return false;
  return secret.test(name) || (anything && free.test(name));
}
