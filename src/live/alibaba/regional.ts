import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Found } from "../collector.ts";
import { text } from "./answers.ts";
import type { AlibabaSession, Parameters } from "./client.ts";
import { actionOf, byNumber, byToken } from "./paging.ts";
import type { ProductName } from "./products.ts";

/** A list of a region's things, as most APIs have it. */
export interface RegionalList {
  readonly product: ProductName;
  readonly operation: string;
  readonly list: string;
  readonly size: number;
  readonly paging: "number" | "token";
  readonly page?: string;
  readonly perPage?: string;
  readonly total?: string;
  readonly parameters?: Parameters;
  readonly mayLack?: boolean;
}

/** The elements of a list in a region. */
export function listOf(session: AlibabaSession, { paging, ...call }: RegionalList, region: string): Promise<readonly JsonObject[]> {
  const asked = { ...call, region, parameters: { RegionId: region, ...call.parameters } };
  return paging === "number" ? byNumber(session, asked) : byToken(session, asked);
}

/** A collector of what one list call gives. */
export function regional(
  call: RegionalList,
  types: readonly string[],
  found: (item: JsonObject, action: string) => readonly Found[],
  details: Collector<AlibabaSession>["details"] = [],
): Collector<AlibabaSession> {
  const action = actionOf(call);
  return {
    types,
    scope: "region",
    actions: [action],
    list: async (session, region) => (await listOf(session, call, region)).flatMap((item) => found(item, action)),
    details,
  };
}

/** The name that people gave, or else the id. */
export function nameOf(json: JsonObject, path: string, id: string): string {
  const name = text(json, path);
  return name === undefined || name === "" ? id : name;
}
