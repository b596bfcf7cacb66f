import type { JsonObject } from "../../core/snapshots/model.ts";
import { at, listed, number, text, unreadable } from "./answers.ts";
import type { AlibabaSession, Parameters } from "./client.ts";
import { products, type ProductName } from "./products.ts";

/** A call whose answer is a list in pages. */
export interface Listed {
  readonly product: ProductName;
  readonly operation: string;
  readonly region: string;
  /** `Instances.Instance`. */
  readonly list: string;
  readonly parameters?: Parameters;
  readonly action?: string;
  /** The API leaves the list out where there is nothing. Only for APIs whose documentation or SDK says so. */
  readonly mayLack?: boolean;
}

/** No account has so many pages: a cloud that never ends its list must not hold us. */
const most = 10_000;

/** Pages by number: to the end of what the cloud counts. */
export async function byNumber(
  session: AlibabaSession,
  call: Listed & { readonly size: number; readonly page?: string; readonly perPage?: string; readonly total?: string },
): Promise<readonly JsonObject[]> {
  const all: JsonObject[] = [];
  for (let page = 1; page <= most; page++) {
    const parameters = { ...call.parameters, [call.page ?? "PageNumber"]: page, [call.perPage ?? "PageSize"]: call.size };
    const answer = await session.rpc(call.product, call.operation, call.region, parameters, call.action);
    const items = itemsOf(call, answer);
    all.push(...items);
    const total = number(answer, call.total ?? "TotalCount");
    if (items.length === 0 || (total === undefined ? items.length < call.size : all.length >= total)) return all;
  }
  return all;
}

/** Pages that name the next one. */
export async function byToken(
  session: AlibabaSession,
  call: Listed & {
    readonly size: number;
    readonly perPage?: string;
    /** Member of the answer, and parameter of the next call. */
    readonly token?: string;
    readonly asks?: string;
    /** Member that says whether there is more, where the token alone does not. */
    readonly more?: string;
  },
): Promise<readonly JsonObject[]> {
  const all: JsonObject[] = [];
  const perPage = { [call.perPage ?? "MaxResults"]: call.size };
  let token: string | undefined;
  for (let page = 0; page < most; page++) {
    const next = token === undefined ? {} : { [call.asks ?? call.token ?? "NextToken"]: token };
    const parameters = { ...call.parameters, ...perPage, ...next };
    const answer = await session.rpc(call.product, call.operation, call.region, parameters, call.action);
    all.push(...itemsOf(call, answer));
    if (call.more !== undefined && text(answer, call.more) !== "true") return all;
    token = text(answer, call.token ?? "NextToken");
    if (token === undefined || token === "") {
      if (call.more === undefined) return all;
      throw unreadable(actionOf(call), call.token ?? "NextToken");
    }
  }
  return all;
}

function itemsOf(call: Listed, answer: JsonObject): readonly JsonObject[] {
  const there = at(answer, call.list);
  if (there === undefined || there === null) {
    if (call.mayLack === true || number(answer, "TotalCount") === 0) return [];
  }
  return listed(actionOf(call), answer, call.list);
}

export function actionOf(call: Pick<Listed, "product" | "operation" | "action">): string {
  return call.action ?? `${products[call.product].permissions}:${call.operation}`;
}
