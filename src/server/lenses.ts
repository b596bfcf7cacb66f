import type { CodeLens } from "vscode-languageserver/node";
import type { LiveCost } from "../core/inspection/live-cost.ts";
import { plural } from "../core/reports/context.ts";
import type { Service } from "../core/service.ts";
import type { FilePath } from "../core/text/text.ts";
import { rangeOf } from "./edits.ts";
import type { Snapshot } from "./workspace.ts";

/** What assessing each resource and module of a file in an account would use. `command`: of the editor, that shows more. */
export function costLenses(service: Service, snapshot: Snapshot, file: FilePath, command: string | undefined): CodeLens[] {
  return service.blockCosts(file).map(({ location, cost }) => ({
    range: rangeOf(location.range, snapshot.lines(file)),
    command: { title: costText(cost), command: command ?? "" },
  }));
}

/** `2 instances, 12 check items · live: 24 scan times, 14 free, 10 billable: USD 0.20` */
export function costText({ instances, items, scanTimes, free, fee, atLeast }: LiveCost): string {
  const several = instances > 1 ? `${plural(instances, "instance")}, ` : "";
  const paid = scanTimes - free;
  const least = atLeast ? "at least " : "";
  return `${several}${plural(items, "check item")} · live: ${least}${plural(scanTimes, "scan time")}, ${String(free)} free, ${String(paid)} billable: ${fee}`;
}
