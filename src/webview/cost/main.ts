import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-badge/index.js";
import "@vscode-elements/elements/dist/vscode-checkbox/index.js";
import "@vscode-elements/elements/dist/vscode-progress-bar/index.js";
import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import { html, nothing, render, svg, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { costOf, type Cost, type ItemCost, type Switches } from "../../core/billing/cost-table.ts";
import { formatMoney, times } from "../../core/billing/money.ts";
import { priceOf, type Price } from "../../core/billing/price.ts";
import type { Risk } from "../../core/checks/model.ts";
import { Extension, moment, number, t } from "../editor.ts";
import { unitText } from "../price.ts";
import type { CostPageData, FromCostPage, ScanOutcome, ToCostPage } from "./messages.ts";

/** What a scan will look at and cost, and what a switch changes: counted here, by the arithmetic of the ledger. */

type Column = "title" | "service" | "risk" | "scanTimes" | "fee" | "state";
type Kind = "items" | "services" | "regions";

const riskOrder: Readonly<Record<Risk, number>> = { high: 0, medium: 1, low: 2 };

const off: Readonly<Record<Kind, Set<string>>> = { items: new Set(), services: new Set(), regions: new Set() };
let data: CostPageData | undefined;
let news: string | undefined;
let effort: { readonly serial: number; readonly requests: number; readonly seconds: number } | undefined;
let serial = 0;
let asking: ReturnType<typeof setTimeout> | undefined;
let busy: { readonly what: string; readonly done: number; readonly of: number } | undefined;
let outcome: ScanOutcome | undefined;
let problem: string | undefined;
let saved = false;
let sort: { readonly column: Column; readonly down: boolean } = { column: "fee", down: true };
let filter = "";

const extension = new Extension<FromCostPage, ToCostPage>(receive);
extension.send({ kind: "ready" });

function receive(message: ToCostPage): void {
  switch (message.kind) {
    case "preview":
      data = message.data;
      news = message.news ?? undefined;
      busy = undefined;
      problem = undefined;
      for (const kind of ["items", "services", "regions"] as const) {
        off[kind].clear();
        for (const each of data.off[kind]) off[kind].add(each);
      }
      askForEffort();
      break;
    case "effort":
      // An answer to an older question is of something that is not shown any more.
      if (message.serial !== serial) return;
      effort = message;
      break;
    case "busy":
      busy = { what: message.what, done: 0, of: 0 };
      problem = undefined;
      outcome = undefined;
      break;
    case "progress":
      if (busy === undefined) return;
      busy = message;
      break;
    case "done":
      busy = undefined;
      outcome = message.outcome;
      break;
    case "saved":
      saved = true;
      break;
    case "problem":
      busy = undefined;
      problem = message.message;
      break;
  }
  draw();
}

function switches(): Switches {
  return { items: [...off.items], services: [...off.services], regions: [...off.regions] };
}

function toggle(kind: Kind, id: string, isOn: boolean): void {
  if (isOn) off[kind].delete(id);
  else off[kind].add(id);
  changed();
}

function changed(): void {
  saved = false;
  outcome = undefined;
  draw();
  askForEffort();
}

/** Requests depend on which items share a call: the live process knows. What it costs is counted here, at once. */
function askForEffort(): void {
  effort = undefined;
  const mine = ++serial;
  clearTimeout(asking);
  asking = setTimeout(() => extension.send({ kind: "effort", serial: mine, off: switches() }), 80);
}

function freeOnly(cost: Cost): void {
  for (const { item, free } of cost.items) {
    if (free) off.items.delete(item.id);
    else off.items.add(item.id);
  }
  changed();
}

function everything(): void {
  for (const kind of ["items", "services", "regions"] as const) off[kind].clear();
  changed();
}

function draw(): void {
  const page = document.querySelector("main");
  if (page === null) return;
  render(data === undefined ? waiting() : whole(data, costOf(data.table, off)), page);
}

function waiting(): TemplateResult {
  return html`<h1>${t("What a scan costs")}</h1>
    ${problem === undefined ? progressOf(busy ?? { what: t("Listing instances"), done: 0, of: 0 }) : problemOf(problem)}`;
}

function whole(its: CostPageData, cost: Cost): TemplateResult {
  const price = priceOf(its.table.price);
  const fee = formatMoney(cost.fee);
  const shown = { exact: cost.exact, billable: cost.billable, fee };
  return html`
    <header>
      <h1>${t("Scan of {0}", its.account)}</h1>
      <p class="quiet">
        ${its.cloud} · ${its.key} · ${its.principal}
        ${its.sample ? html`<vscode-badge>${t("sample: no cloud is asked")}</vscode-badge>` : nothing}
      </p>
      <div class="tools">
        <vscode-button
          id="run"
          ?disabled=${busy !== undefined || cost.exact === 0}
          @click=${() => extension.send({ kind: "run", off: switches(), shown })}
          >${t("Scan for {0}", fee)}</vscode-button
        >
        <vscode-button id="free-only" secondary ?disabled=${busy !== undefined} @click=${() => freeOnly(cost)}
          >${t("Free items only")}</vscode-button
        >
        <vscode-button id="everything" secondary ?disabled=${busy !== undefined} @click=${everything}
          >${t("Everything")}</vscode-button
        >
        <vscode-button
          id="save"
          secondary
          ?disabled=${busy !== undefined}
          @click=${() => extension.send({ kind: "save", off: switches() })}
          >${saved ? t("Selection saved") : t("Save selection")}</vscode-button
        >
        <vscode-button id="refresh" secondary ?disabled=${busy !== undefined} @click=${() => extension.send({ kind: "refresh" })}
          >${t("List instances again")}</vscode-button
        >
        <vscode-button id="plan" secondary @click=${() => extension.send({ kind: "plan" })}>${t("Plan…")}</vscode-button>
      </div>
    </header>
    <div aria-live="polite">
      ${news === undefined ? nothing : html`<p class="notice warning" id="news">${news}</p>`}
      ${problem === undefined ? nothing : problemOf(problem)} ${busy === undefined ? nothing : progressOf(busy, true)}
      ${outcome === undefined ? nothing : outcomeOf(outcome)}
    </div>
    ${numbersOf(its, cost)} ${leftOf(cost)} ${notListed(its)}
    <section aria-labelledby="services-title">
      <h2 id="services-title">${t("By service")}</h2>
      ${servicesOf(cost, price)}
    </section>
    ${regionsOf(its)}
    <section aria-labelledby="items-title">
      <h2 id="items-title">${t("By check item")}</h2>
      ${itemsOf(cost, price)}
    </section>
    <p class="quiet">
      ${t("Checking Terraform files never costs anything. Only a scan of an account uses scan times, and free check items use none.")}
    </p>
  `;
}

function problemOf(message: string): TemplateResult {
  return html`<p class="notice error" role="alert" id="problem">${message}</p>`;
}

function progressOf({ what, done, of }: { what: string; done: number; of: number }, cancellable = false): TemplateResult {
  return html`<div class="notice" id="busy">
    <p>${of === 0 ? what : t("{0} of {1}: {2}", number(done), number(of), what)}</p>
    <vscode-progress-bar
      aria-label=${t("Progress")}
      .max=${Math.max(1, of)}
      .value=${done}
      ?indeterminate=${of === 0}
    ></vscode-progress-bar>
    ${
      cancellable
        ? html`<vscode-button id="cancel" secondary @click=${() => extension.send({ kind: "cancel" })}
            >${t("Cancel")}</vscode-button
          >`
        : nothing
    }
  </div>`;
}

function outcomeOf({ pass, fail, notApplicable, notChecked, charged, fee, ledger, remaining }: ScanOutcome): TemplateResult {
  return html`<div class="notice done" id="outcome">
    <p>
      <strong
        >${t("{0} failed, {1} passed, {2} not applicable, {3} not checked.", number(fail), number(pass), number(notApplicable), number(notChecked))}</strong
      >
    </p>
    <p id="ledger">
      ${t("The ledger: {0} scan times charged, {1}.", number(charged), fee)}
      ${t(
        "Estimated {0} = charged {1} + not checked {2} + gone {3}.",
        number(ledger.estimated),
        number(ledger.charged),
        number(ledger.notChecked),
        number(ledger.vanished),
      )}
      ${remaining === null ? nothing : t("Quota left: {0}.", number(remaining))}
      ${ledger.wrong === 0 ? nothing : html`<strong>${t("{0} pairs don't agree: report this.", ledger.wrong)}</strong>`}
    </p>
    <vscode-button id="results" @click=${() => extension.send({ kind: "results" })}>${t("Show results")}</vscode-button>
  </div>`;
}

function numbersOf(its: CostPageData, cost: Cost): TemplateResult {
  const free = cost.items.filter((each) => each.isOn && each.free).reduce((sum, { scanTimes }) => sum + scanTimes, 0);
  const on = cost.items.filter(({ isOn }) => isOn).length;
  const tile = (id: string, name: string, value: string, more: string | typeof nothing): TemplateResult =>
    html`<div class="tile">
      <dt>${name}</dt>
      <dd><span class="value" id=${id}>${value}</span><span class="quiet">${more}</span></dd>
    </div>`;
  return html`<dl class="tiles">
    ${tile("fee", t("Cost"), formatMoney(cost.fee), its.plan.freeOnly ?? unitText(priceOf(its.table.price)))}
    ${tile(
      "billable",
      t("Charged scan times"),
      number(cost.billable),
      free === 0 ? nothing : t("and {0} that are free", number(free)),
    )}
    ${tile("exact", t("Scan times"), number(cost.exact), t("at most {0}: check items × instances", number(cost.ceiling)))}
    ${tile(
      "instances",
      t("Instances"),
      number(cost.instances),
      its.inventoryAt === null ? t("not listed") : t("listed {0}", moment(its.inventoryAt)),
    )}
    ${tile("on", t("Check items"), number(on), t("of {0}", number(cost.items.length)))}
    ${
      cost.quota === undefined
        ? nothing
        : tile("quota", t("Quota afterwards"), number(cost.quota.after), t("{0} before", number(cost.quota.before)))
    }
    ${tile(
      "effort",
      t("Requests"),
      effort === undefined ? "…" : t("about {0}", number(effort.requests)),
      effort === undefined ? nothing : t("{0} within the published rates", durationOf(effort.seconds)),
    )}
  </dl>`;
}

function durationOf(seconds: number): string {
  if (seconds < 90) return t("about {0} s", number(Math.max(1, Math.round(seconds))));
  return t("about {0} min", number(Math.round(seconds / 60)));
}

/** Items that are on and will not run, by name. */
function leftOf({ items, quota }: Cost): TemplateResult | typeof nothing {
  const left = items.filter((each) => each.isOn && each.left !== undefined && each.scanTimes > 0);
  if (left.length === 0) return nothing;
  const why = left.some((each) => each.left === "quota")
    ? t(
        "The remaining quota of {0} scan times does not cover {1} check items: they will not run.",
        number(quota?.before ?? 0),
        left.length,
      )
    : t("The plan has free check items only: {0} check items will not run.", left.length);
  return html`<details class="notice warning" id="left">
    <summary>${why}</summary>
    <ul>
      ${left.map(({ item, scanTimes }) => html`<li>${item.title} <span class="quiet">${item.id} · ${number(scanTimes)}</span></li>`)}
    </ul>
  </details>`;
}

function notListed({ unlisted, unsupported, problems }: CostPageData): TemplateResult | typeof nothing {
  if (unlisted.length === 0 && unsupported.length === 0 && problems.length === 0) return nothing;
  return html`${
    unlisted.length === 0
      ? nothing
      : html`<details class="notice warning" id="unlisted">
          <summary>${t("Some instances could not be listed: nobody knows whether there are any.")}</summary>
          <ul>
            ${unlisted.map(({ item, region, why }) => html`<li>${item}${region === null ? "" : ` · ${region}`}: ${why}</li>`)}
          </ul>
        </details>`
  }
  ${
    unsupported.length === 0
      ? nothing
      : html`<details class="notice" id="unsupported">
          <summary>${t("Check items that can't be checked in an account yet, and cost nothing: {0}", unsupported.length)}</summary>
          <ul>
            ${unsupported.map((item) => html`<li>${item}</li>`)}
          </ul>
        </details>`
  }
  ${
    problems.length === 0
      ? nothing
      : html`<details class="notice warning" id="problems">
          <summary>${t("Something is wrong with check items of the workspace: those with an error are left out.")}</summary>
          <ul>
            ${problems.map((problem) => html`<li>${problem}</li>`)}
          </ul>
        </details>`
  }`;
}

interface ServiceCost {
  readonly service: string;
  readonly items: readonly ItemCost[];
  readonly charged: number;
  readonly free: number;
  readonly left: number;
}

function byService(cost: Cost): readonly ServiceCost[] {
  const services = new Map<string, ItemCost[]>();
  for (const item of cost.items) {
    const list = services.get(item.item.service);
    if (list === undefined) services.set(item.item.service, [item]);
    else list.push(item);
  }
  const total = (items: readonly ItemCost[]): number => items.reduce((sum, { scanTimes }) => sum + scanTimes, 0);
  return [...services]
    .map(([service, items]) => {
      const on = items.filter(({ isOn }) => isOn);
      return {
        service,
        items,
        charged: total(on.filter(({ charged }) => charged)),
        free: total(on.filter(({ free }) => free)),
        left: total(on.filter(({ left }) => left !== undefined)),
      };
    })
    .filter(({ items }) => total(items) > 0)
    .sort((a, b) => total(b.items) - total(a.items) || (a.service < b.service ? -1 : 1));
}

function servicesOf(cost: Cost, price: Price): TemplateResult {
  const services = byService(cost);
  const most = Math.max(1, ...services.map(({ items }) => items.reduce((sum, { scanTimes }) => sum + scanTimes, 0)));
  return html`<p class="legend quiet" aria-hidden="true">
      <span class="key charged"></span>${t("charged")} <span class="key free"></span>${t("free")}
      <span class="key left"></span>${t("not covered")}
    </p>
    <ul class="services">
      ${repeat(
        services,
        ({ service }) => service,
        ({ service, items, charged, free, left }) => {
          const isOn = !off.services.has(service);
          const on = items.filter((each) => each.isOn).length;
          const said = t("{0}: {1} charged, {2} free, {3} not covered", service, number(charged), number(free), number(left));
          return html`<li>
            <vscode-checkbox
              data-service=${service}
              label=${service}
              .checked=${isOn}
              @change=${() => toggle("services", service, !isOn)}
            ></vscode-checkbox>
            <span class="bar">${barOf([charged, free, left], most, said)}</span>
            <span class="amount">${charged === 0 ? number(free + left) : moneyOf(price, charged)}</span>
            <span class="quiet amount">${t("{0} of {1} items", on, items.length)}</span>
          </li>`;
        },
      )}
    </ul>`;
}

const shades = ["charged", "free", "left"] as const;

function barOf(parts: readonly number[], most: number, said: string): TemplateResult {
  let at = 0;
  const bars = parts.map((part, index) => {
    const x = at;
    const width = (part * 100) / most;
    at += width;
    return svg`<rect class=${shades[index] ?? "left"} x=${x} y="0" width=${width} height="10"></rect>`;
  });
  return html`<svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label=${said}>${bars}</svg>`;
}

function regionsOf({ table }: CostPageData): TemplateResult | typeof nothing {
  const counts = new Map<string, number>();
  for (const regions of Object.values(table.instances)) {
    for (const [region, count] of Object.entries(regions)) counts.set(region, (counts.get(region) ?? 0) + count);
  }
  const global = counts.get("-") ?? 0;
  counts.delete("-");
  if (counts.size === 0) return nothing;
  return html`<section aria-labelledby="regions-title">
    <h2 id="regions-title">${t("By region")}</h2>
    <div class="regions">
      ${[...counts].sort().map(([region, count]) => {
        const isOn = !off.regions.has(region);
        return html`<vscode-checkbox
          data-region=${region}
          label=${`${region} (${number(count)})`}
          .checked=${isOn}
          @change=${() => toggle("regions", region, !isOn)}
        ></vscode-checkbox>`;
      })}
      ${global === 0 ? nothing : html`<span class="quiet">${t("and {0} instances of the whole account", number(global))}</span>`}
    </div>
  </section>`;
}

function moneyOf(price: Price, scanTimes: number): string {
  return price.kind === "scan time" ? formatMoney(times(price.unit, BigInt(scanTimes))) : "–";
}

function stateOf({ isOn, free, left }: ItemCost): string {
  if (!isOn) return t("off");
  if (free) return t("free");
  if (left === "quota") return t("quota too small");
  return left === "plan" ? t("not in the plan") : t("charged");
}

function itemsOf(cost: Cost, price: Price): TemplateResult {
  const wanted = filter.toLowerCase();
  const rows = cost.items.filter(({ item }) =>
    `${item.title} ${item.id} ${item.service} ${item.risk}`.toLowerCase().includes(wanted),
  );
  rows.sort((a, b) => compare(a, b) || (a.item.id < b.item.id ? -1 : 1));
  const head = (column: Column, title: string, kind = ""): TemplateResult =>
    html`<th scope="col" class=${kind} aria-sort=${sort.column !== column ? "none" : sort.down ? "descending" : "ascending"}>
      <button class="sort" data-sort=${column} @click=${() => sortBy(column)}>
        ${title}<span aria-hidden="true">${sort.column !== column ? "" : sort.down ? " ↓" : " ↑"}</span>
      </button>
    </th>`;
  return html`<vscode-textfield
      id="filter"
      type="search"
      label=${t("Filter check items")}
      placeholder=${t("Filter by title, id, service or risk")}
      .value=${filter}
      @input=${(event: Event) => {
        filter = (event.target as HTMLInputElement).value;
        draw();
      }}
    ></vscode-textfield>
    <p class="quiet" aria-live="polite">${t("{0} of {1} check items", number(rows.length), number(cost.items.length))}</p>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="items-title">
      <table id="items">
        <thead>
          <tr>
            <th scope="col"><span class="hidden">${t("On")}</span></th>
            ${head("title", t("Check item"))} ${head("service", t("Service"), "wide")} ${head("risk", t("Risk level"))}
            ${head("scanTimes", t("Scan times"), "amount")} ${head("fee", t("Cost"), "amount")} ${head("state", t("State"), "wide")}
          </tr>
        </thead>
        <tbody>
          ${repeat(
            rows,
            ({ item }) => item.id,
            (each) => {
              const { item, isOn, charged, scanTimes } = each;
              return html`<tr class=${isOn ? "" : "off"} data-item=${item.id}>
                <td>
                  <input
                    type="checkbox"
                    aria-label=${item.title}
                    .checked=${isOn}
                    ?disabled=${off.services.has(item.service)}
                    @change=${() => toggle("items", item.id, off.items.has(item.id))}
                  />
                </td>
                <td>${item.title}<span class="quiet id">${item.id}</span></td>
                <td class="wide">${item.service}</td>
                <td><span class="risk ${item.risk}">${riskText(item.risk)}</span></td>
                <td class="amount">${number(scanTimes)}</td>
                <td class="amount">${charged ? moneyOf(price, scanTimes) : ""}</td>
                <td class="wide">${stateOf(each)}</td>
              </tr>`;
            },
          )}
        </tbody>
      </table>
    </div>`;
}

function riskText(risk: Risk): string {
  if (risk === "high") return t("high");
  return risk === "medium" ? t("medium") : t("low");
}

function sortBy(column: Column): void {
  sort = { column, down: sort.column === column ? !sort.down : column === "fee" || column === "scanTimes" };
  draw();
}

function compare(a: ItemCost, b: ItemCost): number {
  const order = ((): number => {
    switch (sort.column) {
      case "title":
        return a.item.title.localeCompare(b.item.title);
      case "service":
        return a.item.service.localeCompare(b.item.service);
      case "risk":
        return riskOrder[a.item.risk] - riskOrder[b.item.risk];
      case "scanTimes":
        return a.scanTimes - b.scanTimes;
      case "fee":
        return (a.charged ? a.scanTimes : 0) - (b.charged ? b.scanTimes : 0) || a.scanTimes - b.scanTimes;
      case "state":
        return stateOf(a).localeCompare(stateOf(b));
    }
  })();
  return sort.down ? -order : order;
}

draw();
