import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-checkbox/index.js";
import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import { html, nothing, render, svg, type TemplateResult } from "lit";
import { subscriptionFee } from "../../core/billing/estimate.ts";
import { formatMoney } from "../../core/billing/money.ts";
import { leastQuota, type Plan, type PlanAction } from "../../core/billing/plan.ts";
import { priceOf } from "../../core/billing/price.ts";
import { Extension, moment, number, t } from "../editor.ts";
import { unitText } from "../price.ts";
import type { FromPlanPage, PlanPageData, ToPlanPage } from "./messages.ts";

/** The plan of an account: what it is, what was used of it, and how it changes. */

let data: PlanPageData | undefined;
let problem: string | undefined;
let accepted = false;
const fields = { quota: "", months: "1", more: "1000", less: "", renewal: "1" };

const extension = new Extension<FromPlanPage, ToPlanPage>((message) => {
  if (message.kind === "problem") problem = message.message;
  else {
    ({ data } = message);
    problem = undefined;
    if (fields.quota === "") fields.quota = String(Math.max(leastQuota, data.recommendedQuota ?? 0));
  }
  draw();
});
extension.send({ kind: "ready" });

function change(action: PlanAction): void {
  problem = undefined;
  extension.send({ kind: "change", action });
}

function draw(): void {
  const page = document.querySelector("main");
  if (page === null) return;
  render(
    data === undefined
      ? html`<h1>${t("Plan")}</h1>
          ${problemText()}`
      : whole(data),
    page,
  );
}

function problemText(): TemplateResult | typeof nothing {
  return problem === undefined ? nothing : html`<p class="notice error" role="alert" id="problem">${problem}</p>`;
}

function whole(its: PlanPageData): TemplateResult {
  return html`
    <header>
      <h1>${t("Plan of {0}", its.account)}</h1>
      <p class="quiet">${its.key}</p>
    </header>
    <div aria-live="polite">${problemText()}</div>
    <p class="notice" id="what">
      ${t(
        "This is your own meter: Plumbline counts scan times under the plan that you choose, at {0}, and keeps them on this machine. Nothing is bought, billed or sent by it.",
        unitText(priceOf(its.price)),
      )}
      ${t("Checking Terraform files never costs anything. Only a scan of an account uses scan times, and free check items use none.")}
    </p>
    <section aria-labelledby="now">
      <h2 id="now">${t("Now")}</h2>
      <p id="plan"><strong>${titleOf(its.plan)}</strong></p>
      ${its.freeOnly === null ? nothing : html`<p id="free-only">${its.freeOnly}</p>`} ${usedOf(its)} ${vendorOf(its)}
      <div class="tools">
        <vscode-button id="cost" @click=${() => extension.send({ kind: "cost" })}>${t("What a scan costs…")}</vscode-button>
        <vscode-button id="authorize" secondary @click=${() => extension.send({ kind: "authorize" })}
          >${t("What Plumbline may read…")}</vscode-button
        >
      </div>
    </section>
    <section aria-labelledby="change">
      <h2 id="change">${t("Change")}</h2>
      <div class="cards">${cardsOf(its)}</div>
    </section>
    ${tableOf(
      "history",
      t("Changes of the plan"),
      [t("When"), t("What"), t("Plan afterwards")],
      [...its.changes].reverse().map(({ at, action, after }) => [moment(at), actionText(action), titleOf(after)]),
      t("The plan was never changed."),
    )}
    ${tableOf(
      "days",
      t("Charged by day (UTC)"),
      [t("Day"), t("Scan times"), t("Cost")],
      [...its.days].reverse().map(({ day, scanTimes, fee }) => [day, number(scanTimes), fee]),
      t("Nothing was charged."),
    )}
    ${tableOf(
      "scans",
      t("Charged by scan"),
      [t("When"), t("Scan"), t("Scan times")],
      its.scans.map(({ at, scan, scanTimes }) => [moment(at), scan.slice(0, 8), number(scanTimes)]),
      t("Nothing was charged."),
    )}
  `;
}

function titleOf(plan: Plan): string {
  switch (plan.kind) {
    case "free":
      return t("Free: free check items only");
    case "pay-as-you-go":
      return plan.suspended ? t("Pay-as-you-go, suspended") : t("Pay-as-you-go since {0}", moment(plan.since));
    case "subscription":
      return t("Subscription to {0} scan times from {1} to {2}", number(plan.quota), moment(plan.start), moment(plan.end)).concat(
        plan.suspended ? t(", suspended") : "",
      );
  }
}

/** The purchase at the cloud, which is another meter than this one. */
function vendorOf({ vendor }: PlanPageData): TemplateResult | typeof nothing {
  if (vendor === null) return nothing;
  if (vendor.missing !== null)
    return html`<p class="quiet" id="vendor">
      ${t("What Security Center itself has sold and metered is not known: {0}", vendor.missing)}
    </p>`;
  if (vendor.quotas.length === 0) return nothing;
  return html`<div id="vendor">
    ${vendor.quotas.map(
      ({ site, purchased, consumed }) =>
        html`<p>
          ${t("Security Center itself ({0}): {1} of {2} purchased scan times are used.", site, number(consumed), number(purchased))}
        </p>`,
    )}
  </div>`;
}

function usedOf({ plan, remaining }: PlanPageData): TemplateResult | typeof nothing {
  if (plan.kind !== "subscription") return nothing;
  const share = Math.min(100, (plan.used * 100) / Math.max(1, plan.quota));
  const said = t("{0} of {1} scan times used, {2} left", number(plan.used), number(plan.quota), number(remaining ?? 0));
  return html`<svg class="meter" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label=${said}>
      ${svg`<rect class="charged" x="0" y="0" height="10" width=${share}></rect>`}
    </svg>
    <p id="used">${said}</p>`;
}

function cardsOf({ plan, price, recommendedQuota }: PlanPageData): readonly (TemplateResult | typeof nothing)[] {
  const isFree = plan.kind === "free";
  const fee = (quota: number, months: number): string => {
    if (!Number.isSafeInteger(quota) || !Number.isSafeInteger(months) || quota < 0 || months < 0) return "–";
    const { kind, unit } = priceOf(price);
    return kind === "scan time" ? formatMoney(subscriptionFee(unit, quota, months)) : "–";
  };
  const terms = html`<vscode-checkbox
    class="terms"
    label=${t("I accept that scans of paid check items use scan times and are charged as shown before each scan")}
    .checked=${accepted}
    @change=${() => {
      accepted = !accepted;
      draw();
    }}
  ></vscode-checkbox>`;
  return [
    isFree || (plan.kind === "pay-as-you-go" && plan.suspended)
      ? card(
          t("Pay as you go"),
          t("Each use of a paid check item on an instance is charged, by the day."),
          terms,
          button("activate", t("Activate"), { kind: "activate", termsAccepted: accepted }),
        )
      : nothing,
    isFree || (plan.kind === "pay-as-you-go" && plan.suspended)
      ? card(
          t("Subscribe"),
          recommendedQuota === null
            ? t("A number of scan times for some months. At least {0}.", number(leastQuota))
            : t(
                "A number of scan times for some months. At least {0}; recommended for this account: {1}.",
                number(leastQuota),
                number(recommendedQuota),
              ),
          html`${field("quota", t("Scan times"))}${field("months", t("Months"))}
            <p>${t("Cost: {0}", fee(Number(fields.quota), Number(fields.months)))}</p>
            ${terms}`,
          button("subscribe", t("Subscribe"), {
            kind: "subscribe",
            quota: Number(fields.quota),
            months: Number(fields.months),
            termsAccepted: accepted,
          }),
        )
      : nothing,
    isFree
      ? nothing
      : plan.suspended
        ? card(t("Resume"), t("Paid check items run again."), nothing, button("resume", t("Resume"), { kind: "resume" }))
        : card(
            t("Suspend"),
            plan.kind === "subscription"
              ? t("Paid check items don't run until you resume. The subscription's time runs on.")
              : t("Paid check items don't run until you resume."),
            nothing,
            button("suspend", t("Suspend"), { kind: "suspend" }),
          ),
    plan.kind === "subscription"
      ? card(
          t("Scale out"),
          t("More scan times for the running term."),
          field("more", t("More scan times")),
          button("scale-out", t("Scale out"), { kind: "scale out", quota: Number(fields.more) }),
        )
      : nothing,
    plan.kind === "subscription"
      ? card(
          t("Downgrade"),
          t("Fewer scan times; 0 ends the subscription."),
          field("less", t("Scan times")),
          button("downgrade", t("Downgrade"), { kind: "downgrade", quota: fields.less === "" ? NaN : Number(fields.less) }),
        )
      : nothing,
    plan.kind === "subscription"
      ? card(
          t("Renew"),
          t("What was used stays used in a running term; an expired one begins anew."),
          field("renewal", t("Months")),
          button("renew", t("Renew"), { kind: "renew", months: Number(fields.renewal) }),
        )
      : nothing,
    plan.kind === "subscription"
      ? card(
          t("Refund"),
          t("Gives the subscription back: free check items only from then on."),
          nothing,
          button("refund", t("Refund"), { kind: "refund" }),
        )
      : nothing,
  ];
}

function card(title: string, text: string, more: TemplateResult | typeof nothing, action: TemplateResult): TemplateResult {
  return html`<div class="card">
    <h3>${title}</h3>
    <p class="quiet">${text}</p>
    ${more}
    <div class="field">${action}</div>
  </div>`;
}

function button(id: string, title: string, action: PlanAction): TemplateResult {
  return html`<vscode-button id=${id} @click=${() => change(action)}>${title}</vscode-button>`;
}

function field(name: keyof typeof fields, title: string): TemplateResult {
  return html`<div class="field">
    <span aria-hidden="true">${title}</span>
    <vscode-textfield
      id=${name}
      type="number"
      label=${title}
      .value=${fields[name]}
      @input=${(event: Event) => {
        fields[name] = (event.target as HTMLInputElement).value;
        draw();
      }}
    ></vscode-textfield>
  </div>`;
}

function tableOf(
  id: string,
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  none: string,
): TemplateResult {
  return html`<section aria-labelledby=${`${id}-title`}>
    <h2 id=${`${id}-title`}>${title}</h2>
    ${
      rows.length === 0
        ? html`<p class="quiet">${none}</p>`
        : html`<div class="scroll" tabindex="0" role="region" aria-labelledby=${`${id}-title`}>
            <table id=${id}>
              <thead>
                <tr>
                  ${columns.map((column) => html`<th scope="col">${column}</th>`)}
                </tr>
              </thead>
              <tbody>
                ${rows.map(
                  (row) =>
                    html`<tr>
                      ${row.map((cell) => html`<td>${cell}</td>`)}
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }
  </section>`;
}

function actionText(action: PlanAction): string {
  switch (action.kind) {
    case "activate":
      return t("Activated pay-as-you-go");
    case "subscribe":
      return t("Subscribed to {0} scan times for {1} months", number(action.quota), action.months);
    case "suspend":
      return t("Suspended");
    case "resume":
      return t("Resumed");
    case "scale out":
      return t("Scaled out by {0} scan times", number(action.quota));
    case "downgrade":
      return t("Downgraded to {0} scan times", number(action.quota));
    case "renew":
      return t("Renewed for {0} months", action.months);
    case "refund":
      return t("Refunded");
  }
}

draw();
