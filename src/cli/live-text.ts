import type {
  Account,
  CredentialSource,
  LedgerView,
  PlanView,
  PreviewView,
  ResultsView,
  ResultView,
  RuleProblem,
  ScanView,
  ServiceView,
  Unlisted,
  VendorQuotaView,
} from "../live/protocol.ts";

/* What the commands for live accounts print for people. */

export function accountsText(accounts: readonly Account[]): string {
  if (accounts.length === 0)
    return "No account is connected. `plumbline accounts sources` lists the credentials of this machine; `plumbline accounts connect aws --source sample` tries it without any.\n";
  return table(
    ["ACCOUNT", "NAME", "WHO WE ARE", "CREDENTIALS", "REGIONS"],
    accounts.map(({ key, alias, principal, source, regions, enabledRegions, sample }) => [
      key,
      sample ? "sample account" : (alias ?? ""),
      principal,
      source.title,
      regions === undefined ? `all ${enabledRegions.length}` : regions.join(" "),
    ]),
  );
}

export function sourcesText(sources: readonly CredentialSource[]): string {
  return table(
    ["CLOUD", "SOURCE", "WHAT", "FOUND IN", ""],
    sources.map(({ cloud, id, title, from, problem }) => [cloud, id, title, from, problem ?? ""]),
  );
}

export function inventoryText(services: readonly ServiceView[]): string {
  const lines = table(
    ["SERVICE", "WHAT", "COUNT", "LISTED"],
    services.map(({ service, title, instances, at }) => [service, title, String(instances.length), minute(at)]),
  );
  const total = services.reduce((sum, { instances }) => sum + instances.length, 0);
  const failures = services.flatMap(({ title, failures }) =>
    failures.map(({ region, reason }) => `  ${title} in ${region ?? "the account"}: ${reasonText(reason)}`),
  );
  return `${lines}\n${plural(total, "instance")}.\n${failures.length === 0 ? "" : `\nCould not be listed:\n${failures.join("\n")}\n`}`;
}

export function previewText(preview: PreviewView): string {
  const { items, instances, exact, ceiling, billable, fee, unit, quota, plan, unlisted, unsupported } = preview;
  const used = items.filter(({ scanTimes }) => scanTimes > 0);
  const byService = new Map<string, { items: number; scanTimes: number; charged: number }>();
  for (const { service, scanTimes, free, left } of used) {
    const sum = byService.get(service) ?? { items: 0, scanTimes: 0, charged: 0 };
    sum.items++;
    sum.scanTimes += scanTimes;
    if (!free && left === undefined) sum.charged += scanTimes;
    byService.set(service, sum);
  }
  const lines = [
    table(
      ["SERVICE", "CHECK ITEMS", "SCAN TIMES", "CHARGED"],
      [...byService].sort().map(([service, sum]) => [service, String(sum.items), String(sum.scanTimes), String(sum.charged)]),
    ).trimEnd(),
    "",
    `${plural(used.length, "check item")} on ${plural(instances, "instance")}: ${plural(exact, "scan time")} (at most ${ceiling} as the price list counts).`,
    `Charged: ${plural(billable, "scan time")} at ${unit}: ${fee}. Free check items are never charged.`,
  ];
  if (quota !== undefined) lines.push(`Quota: ${quota.before} scan times are left, ${quota.after} afterwards.`);
  if (plan.freeOnly !== undefined) lines.push(plan.freeOnly.why);
  const left = items.filter((item) => item.left !== undefined && item.scanTimes > 0);
  if (left.length > 0) {
    lines.push(`Not covered by the ${left[0]?.left ?? "plan"}, and not scanned: ${plural(left.length, "check item")}.`);
    for (const { id, scanTimes } of left.slice(0, 10)) lines.push(`  ${id} (${scanTimes})`);
    if (left.length > 10) lines.push(`  and ${left.length - 10} more; --format json lists them all`);
  }
  if (unsupported.length > 0)
    lines.push(`Not possible in an account yet: ${plural(unsupported.length, "check item")} (${some(unsupported)}).`);
  if (preview.problems.length > 0) {
    lines.push("Something is wrong with plumbline.yaml or check items of this workspace; what has an error is left out:");
    for (const problem of preview.problems) lines.push(`  ${problemText(problem)}`);
  }
  lines.push(...unlistedLines(unlisted));
  if (preview.inventoryAt !== undefined) lines.push(`Instances as of ${minute(preview.inventoryAt)}; --refresh lists them again.`);
  return `${lines.join("\n")}\n`;
}

export function problemText({ file, line, severity, message }: RuleProblem): string {
  return `${file}:${line}: ${severity}: ${message}`;
}

/** The block of a workspace that manages an instance. */
export interface ResultPlace {
  /** Relative to the folder that was given. */
  readonly file: string;
  readonly line: number;
  readonly address: string;
  readonly by: string;
}

export type PlacedResult = ResultView & { readonly place?: ResultPlace };
export type PlacedResults = Omit<ResultsView, "results"> & { readonly results: readonly PlacedResult[] };

export function resultsText(view: PlacedResults, all: boolean): string {
  const lines: string[] = [];
  const fails = view.results.filter(({ status }) => status === "fail");
  for (const risk of ["high", "medium", "low"] as const) {
    const items = new Map<string, PlacedResult[]>();
    for (const result of fails.filter((each) => each.risk === risk)) {
      const list = items.get(result.item);
      if (list === undefined) items.set(result.item, [result]);
      else list.push(result);
    }
    for (const [item, results] of items) {
      const texts = view.items[item];
      lines.push(`${risk.toUpperCase()}  ${texts?.title ?? item}  (${item})`);
      for (const result of results) {
        const change = result.change === "new" ? "new: " : "";
        const { place } = result;
        const at = place === undefined ? "" : `  ${place.file}:${place.line} ${place.address}`;
        lines.push(`  ${placeOf(result)}${at}`, `      ${change}${result.message}`);
        for (const { path, value } of result.evidence.slice(0, 2)) {
          if (value !== "") lines.push(`      ${path}: ${value}`);
        }
      }
      if (texts !== undefined) lines.push(`  ${texts.advice.trim()}`);
      lines.push("");
    }
  }
  if (all) {
    for (const result of view.results.filter(({ status }) => status !== "fail"))
      lines.push(
        `${result.status.padEnd(13)} ${result.item}  ${placeOf(result)}${result.reason === undefined ? "" : `  (${reasonText(result.reason)})`}`,
      );
    lines.push("");
  } else lines.push(...notCheckedLines(view.results));
  lines.push(...unlistedLines(view.unlisted), scanLine(view.scan));
  const fixed = view.results.filter(({ change }) => change === "fixed").length;
  const fresh = view.results.filter(({ change }) => change === "new").length;
  if (fixed + fresh > 0) lines.push(`Since the scan before: ${fresh} new, ${fixed} fixed.`);
  return `${lines.join("\n")}\n`;
}

export function scanLine(scan: ScanView): string {
  const { counts, state, why, charged, fee, requests, passRate } = scan;
  const parts = [
    `${counts.fail} failed`,
    `${counts.pass} passed`,
    `${counts.notApplicable} not applicable`,
    `${counts.suppressed} suppressed`,
    `${counts.notChecked} not checked`,
    ...(counts.vanished > 0 ? [`${counts.vanished} gone`] : []),
  ];
  const end =
    state === "done"
      ? ""
      : ` The scan ${state === "running" ? "was interrupted: --resume goes on with it" : state}${why === undefined ? "" : `: ${why}`}.`;
  return `${parts.join(", ")}${passRate === undefined ? "" : ` (${passRate}% pass)`}. ${plural(charged, "scan time")} charged, ${fee}; ${plural(requests, "request")}.${end}`;
}

export function historyText(scans: readonly ScanView[]): string {
  return table(
    ["SCAN", "STARTED", "STATE", "FAILED", "PASSED", "NOT CHECKED", "PASS", "CHARGED"],
    scans.map(({ id, startedAt, state, counts, passRate, charged }) => [
      id.slice(0, 8),
      minute(startedAt),
      state === "running" ? "interrupted" : state,
      String(counts.fail),
      String(counts.pass),
      String(counts.notChecked),
      passRate === undefined ? "" : `${passRate}%`,
      String(charged),
    ]),
  );
}

export function planText(view: PlanView): string {
  const { plan, unit, freeOnly, remaining } = view;
  const lines: string[] = [];
  if (plan.kind === "free") lines.push("No plan: free check items only.");
  else if (plan.kind === "pay-as-you-go")
    lines.push(`Pay-as-you-go since ${plan.since.slice(0, 10)}${plan.suspended ? ", suspended" : ""}.`);
  else
    lines.push(
      `Subscription from ${plan.start.slice(0, 10)} to ${plan.end.slice(0, 10)}: ${plan.used} of ${plan.quota} scan times used${plan.suspended ? ", suspended" : ""}.`,
    );
  if (remaining !== undefined) lines.push(`${remaining} scan times are left.`);
  if (freeOnly !== undefined && plan.kind !== "free") lines.push(freeOnly.why);
  lines.push(`Price: ${unit}. This is your own meter of scan times; nobody is paid by it.`);
  return `${lines.join("\n")}\n`;
}

/** What Security Center itself says, beside our own meter. */
export function vendorText(vendor: VendorQuotaView | null): string {
  if (vendor === null) return "";
  if (vendor.missing !== undefined)
    return `What Security Center itself has sold and metered is not known: ${reasonText(vendor.missing)}.\n`;
  return vendor.quotas
    .map(
      ({ site, purchased, consumed }) =>
        `Security Center itself (${site}): ${String(consumed)} of ${String(purchased)} purchased scan times are used.\n`,
    )
    .join("");
}

export function ledgerText({ plan, charges, days }: LedgerView): string {
  const lines = [planText(plan).trimEnd(), "", `${plural(charges.length, "scan time")} charged so far.`];
  if (days.length > 0)
    lines.push(
      "",
      table(
        ["DAY (UTC)", "SCAN TIMES", "FEE"],
        days.map(({ day, scanTimes, fee }) => [day, String(scanTimes), fee]),
      ).trimEnd(),
    );
  return `${lines.join("\n")}\n`;
}

export function placeOf({ type, name, id, region }: ResultView): string {
  return `${type} ${name === id ? id : `${name} (${id})`}${region === undefined ? "" : ` in ${region}`}`;
}

export function reasonText({ kind, detail }: { readonly kind: string; readonly detail: string }): string {
  switch (kind) {
    case "denied":
      return `denied: allow ${detail}`;
    case "throttled":
      return `${detail} was refused for too many calls: try again later`;
    default:
      return detail === "" ? kind : detail;
  }
}

function notCheckedLines(results: readonly ResultView[]): readonly string[] {
  const byReason = new Map<string, number>();
  for (const { status, reason } of results) {
    if (status !== "notChecked" || reason === undefined) continue;
    const text = reasonText(reason);
    byReason.set(text, (byReason.get(text) ?? 0) + 1);
  }
  if (byReason.size === 0) return [];
  const sorted = [...byReason].sort(([, a], [, b]) => b - a);
  return [
    "Not checked:",
    ...sorted.slice(0, 12).map(([text, count]) => `  ${String(count).padStart(5)}  ${text}`),
    ...(sorted.length > 12 ? [`         and ${sorted.length - 12} more reasons; --show all lists them`] : []),
    "",
  ];
}

function unlistedLines(unlisted: readonly Unlisted[]): readonly string[] {
  const byReason = new Map<string, Set<string>>();
  for (const { item, region, reason } of unlisted) {
    const text = `${region ?? "the account"}: ${reasonText(reason)}`;
    byReason.set(text, (byReason.get(text) ?? new Set()).add(item));
  }
  if (byReason.size === 0) return [];
  return [
    "Instances could not be listed, so nobody knows whether there are any:",
    ...[...byReason].map(([text, items]) => `  ${text} (${plural(items.size, "check item")}: ${some([...items])})`),
  ];
}

function some(names: readonly string[]): string {
  return names.length <= 3 ? names.join(", ") : `${names.slice(0, 3).join(", ")}, …`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function minute(at: string): string {
  return `${at.slice(0, 16).replace("T", " ")} UTC`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return `${all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n")}\n`;
}
