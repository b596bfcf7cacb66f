import { itemsByControl, type Benchmark, type Control } from "../checks/benchmarks.ts";
import type { CheckItem } from "../checks/model.ts";
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
  readonly counts: Readonly<Record<"fail" | "excused" | "unknown" | "pass" | "notApplicable", number>>;
  readonly findings: readonly Finding[];
}

/** The controls of a benchmark, in its order, each with what the report says of the items that cover it. */
export function assessControls(benchmark: Benchmark, report: Report, items: Iterable<CheckItem>): readonly ControlResult[] {
  const covered = itemsByControl(benchmark, items);
  const results = new Map<string, ItemResult>();
  const of = (check: CheckItem): ItemResult => {
    let result = results.get(check.id);
    if (result === undefined) {
      result = itemResult(check, report);
      results.set(check.id, result);
    }
    return result;
  };
  return benchmark.controls.map((control) => {
    const its = (covered.get(control.number) ?? []).map(of);
    return { control, status: statusOf(control, its), items: its };
  });
}

function itemResult(check: CheckItem, report: Report): ItemResult {
  const counts = { fail: 0, excused: 0, unknown: 0, pass: 0, notApplicable: 0 };
  for (const { result, suppression } of report.results) {
    if (result.check.id !== check.id) continue;
    const { kind } = result.outcome;
    if (kind === "fail") counts[suppression === undefined ? "fail" : "excused"]++;
    else counts[kind === "notChecked" ? "unknown" : kind]++;
  }
  const findings = report.findings.filter((finding) => finding.check.id === check.id);
  const status = report.coverage.checksOff.includes(check.id)
    ? "off"
    : counts.fail > 0
      ? "fail"
      : counts.unknown > 0
        ? "unknown"
        : counts.excused > 0
          ? "excused"
          : counts.pass > 0
            ? "pass"
            : "nothing";
  return { check, status, counts, findings };
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
