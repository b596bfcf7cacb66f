import { formatMoney } from "../core/billing/money.ts";
import type { Price } from "../core/billing/price.ts";
import { t } from "./editor.ts";

/** `USD 0.02 a scan time`. */
export function unitText(price: Price): string {
  const unit = formatMoney(price.unit);
  if (price.kind === "scan time") return t("{0} a scan time", unit);
  return price.per === "day" ? t("{0} an instance and day", unit) : t("{0} an instance and month", unit);
}
