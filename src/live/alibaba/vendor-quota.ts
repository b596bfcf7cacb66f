import { isJsonObject } from "../../core/snapshots/model.ts";
import type { VendorQuota } from "../session.ts";
import type { AlibabaSession } from "./client.ts";

export const quotaAction = "yundun-sas:GetCheckSale";

/** Security Center is one product for China and another for the rest of the world; an account may have bought on both. */
const sites = ["cn-hangzhou", "ap-southeast-1"] as const;

/**
 * Purchased and consumed scan times of Security Center's configuration assessment (Alibaba Cloud, API reference of Security Center
 * 2018-12-03: GetCheckSale). Empty: nothing was ever bought. Throws CallFailure.
 */
export async function readVendorQuota(session: AlibabaSession): Promise<readonly VendorQuota[]> {
  const quotas: VendorQuota[] = [];
  for (const site of sites) {
    const answer = await session.rpc("sas", "GetCheckSale", site, { RegionId: site });
    const sale = answer["CheckSale"];
    if (!isJsonObject(sale)) continue;
    const { PurchaseCount: purchased, ConsumeCount: consumed } = sale;
    if (typeof purchased !== "number" || typeof consumed !== "number" || (purchased === 0 && consumed === 0)) continue;
    quotas.push({ site, purchased, consumed });
  }
  return quotas;
}
