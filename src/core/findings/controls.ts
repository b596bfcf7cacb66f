import { itemsByControl, type Benchmark, type Control } from "../checks/benchmarks.ts";
import type { CheckItem, Result } from "../checks/model.ts";
import type { Value } from "../values/value.ts";
import type { Finding, Report } from "./model.ts";

/**
 * What a report says of a control.
 * - `fail`: an item failed somewhere.
 * - `unknown`: none failed, and one could not be decided, or is turned off.
 * - `excused`: what failed is suppressed.
 * - `pass`: every item that had something to look at passed.
 * - `nothing`: there are items, and nothing here that they look at.
 * - `manual`: the publisher says that a person must look. Items may cover a part of it, and a fail of theirs is a fail.
 * - `uncovered`: no item is about it.
 */
export type ControlStatus = "fail" | "unknown" | "excused" | "pass" | "nothing" | "manual" | "uncovered";

export const CONTROL_STATUSES = ["fail", "unknown", "excused", "pass", "nothing", "manual", "uncovered"] as const;

export interface ControlResult {
  readonly control: Control;
  readonly status: ControlStatus;
  readonly items: readonly ItemResult[];
}

export interface ItemResult {
  readonly check: CheckItem;
  readonly status: "fail" | "unknown" | "excused" | "pass" | "nothing" | "off";
  /** `others`: what is open to an address family that the control is not about, and to no address of its own. */
  readonly counts: Readonly<Record<"fail" | "excused" | "unknown" | "pass" | "notApplicable" | "others", number>>;
  readonly findings: readonly Finding[];
}

/** The controls of a benchmark, in its order, each with what the report says of the items that cover it. */
export function assessControls(benchmark: Benchmark, report: Report, items: Iterable<CheckItem>): readonly ControlResult[] {
  const covered = itemsByControl(benchmark, items);
  const results = new Map<string, ItemResult>();
  const of = (check: CheckItem, addresses: Control["addresses"]): ItemResult => {
    const key = `${check.id} ${addresses ?? ""}`;
    let result = results.get(key);
    if (result === undefined) {
      result = itemResult(check, report, addresses);
      results.set(key, result);
    }
    return result;
  };
  return benchmark.controls.map((control) => {
    const its = (covered.get(control.number) ?? []).map((check) => of(check, control.addresses));
    return { control, status: statusOf(control, its), items: its };
  });
}

function itemResult(check: CheckItem, report: Report, addresses: Control["addresses"]): ItemResult {
  const counts = { fail: 0, excused: 0, unknown: 0, pass: 0, notApplicable: 0, others: 0 };
  for (const { result, suppression } of report.results) {
    if (result.check.id !== check.id) continue;
    const { kind } = result.outcome;
    if (kind === "fail") {
      const concerned = concerns(result, addresses);
      if (concerned === true) counts[suppression === undefined ? "fail" : "excused"]++;
      else counts[concerned === false ? "others" : "unknown"]++;
    } else counts[kind === "notChecked" ? "unknown" : kind]++;
  }
  const findings = report.findings.filter(
    (finding) => finding.check.id === check.id && finding.results.some(({ result }) => concerns(result, addresses) === true),
  );
  const status = report.coverage.checksOff.includes(check.id)
    ? "off"
    : counts.fail > 0
      ? "fail"
      : counts.unknown > 0
        ? "unknown"
        : counts.excused > 0
          ? "excused"
          : counts.pass + counts.others > 0
            ? "pass"
            : "nothing";
  return { check, status, counts, findings };
}

/**
 * Whether what failed is open to an address of this family. What an item found are rules with the networks that are open; where it
 * found none of the family, none can be open if no rule names one and every network is known. undefined: that can't be told.
 */
function concerns({ witnesses, instance }: Result, addresses: Control["addresses"]): boolean | undefined {
  if (addresses === undefined) return true;
  const found = witnesses.map((rule) => familiesOf(rule, isWide) ?? familiesOf(rule));
  // Not about networks after all: nothing is taken away.
  if (found.some((families) => families === undefined || families.size === 0) || found.length === 0) return true;
  if (found.some((families) => families?.has(addresses) === true)) return true;
  const rules = instance.select("rules");
  if (!("items" in rules) || rules.rest !== undefined) return undefined;
  const known = rules.items.map((rule) => familiesOf(rule));
  return known.some((families) => families === undefined || families.has(addresses)) ? undefined : false;
}

/** A whole address family, or half of one. */
function isWide(network: string): boolean {
  return /\/0*[01]$/.test(network);
}

/** The address families of a rule's networks. undefined: they are not all known, or none is of this kind. */
function familiesOf(rule: Value, ofKind: (network: string) => boolean = () => true): ReadonlySet<"ipv4" | "ipv6"> | undefined {
  const networks = rule.kind === "object" ? rule.entries.get("cidrs") : undefined;
  if (networks?.kind === "null") return new Set();
  if (networks === undefined || !("items" in networks) || networks.rest !== undefined) return undefined;
  const families = new Set<"ipv4" | "ipv6">();
  for (const network of networks.items) {
    if (network.kind !== "string") return undefined;
    if (ofKind(network.value)) families.add(network.value.includes(":") ? "ipv6" : "ipv4");
  }
  return families.size === 0 && networks.items.length > 0 ? undefined : families;
}

function statusOf({ assessment }: Control, items: readonly ItemResult[]): ControlStatus {
  if (items.some(({ status }) => status === "fail")) return "fail";
  if (assessment === "manual") return "manual";
  if (items.length === 0) return "uncovered";
  if (items.some(({ status }) => status === "unknown" || status === "off")) return "unknown";
  if (items.some(({ status }) => status === "excused")) return "excused";
  return items.some(({ status }) => status === "pass") ? "pass" : "nothing";
}

export function countControls(results: readonly ControlResult[]): Readonly<Record<ControlStatus, number>> {
  const counts = { fail: 0, unknown: 0, excused: 0, pass: 0, nothing: 0, manual: 0, uncovered: 0 };
  for (const { status } of results) counts[status]++;
  return counts;
}
