import * as vscode from "vscode";
import type { Risk } from "../core/checks/model.ts";
import { CONTEXT } from "./manifest.ts";

/** What findings are looked at by. */
export type Grouping = "risk" | "dimension" | "service";

/** A finding, in a file or in an account. */
interface Groupable {
  readonly risk: Risk;
  readonly dimensions: readonly string[];
}

export interface Group<Member> {
  readonly key: string;
  readonly label: string;
  readonly icon: vscode.ThemeIcon;
  /** The highest risk first. */
  readonly members: readonly Member[];
}

/** Of results whose check item is not known any more: they must not disappear. */
const OTHER = "other";
const GROUPING_KEY = "findings.groupBy";
const RISKS: readonly Risk[] = ["high", "medium", "low"];

/** One choice for every view: who looks by service in the files does so in the accounts. Remembered for the workspace. */
export class GroupingChoice implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChange = this.#changed.event;
  #current: Grouping;

  constructor(state: vscode.Memento) {
    this.#state = state;
    this.#current = state.get<Grouping>(GROUPING_KEY, "risk");
    void vscode.commands.executeCommand("setContext", CONTEXT.groupBy, this.#current);
  }

  get current(): Grouping {
    return this.#current;
  }

  async choose(grouping: Grouping): Promise<void> {
    this.#current = grouping;
    this.#changed.fire(undefined);
    await vscode.commands.executeCommand("setContext", CONTEXT.groupBy, grouping);
    await this.#state.update(GROUPING_KEY, grouping);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** A member of several dimensions is in the group of each. `service`: as the view names one. */
export function groupsOf<Member extends Groupable>(
  members: readonly Member[],
  grouping: Grouping,
  service: (member: Member) => string,
): readonly Group<Member>[] {
  const sorted = [...members].sort((a, b) => RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk));
  const byKey = new Map<string, Member[]>();
  for (const member of sorted) {
    for (const key of keysOf(member, grouping, service)) {
      const list = byKey.get(key);
      if (list === undefined) byKey.set(key, [member]);
      else list.push(member);
    }
  }
  const entries = [...byKey];
  if (grouping !== "risk") entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, list]) => ({
    key,
    label: labelOf(key, grouping),
    icon: iconOf(key, grouping),
    members: list,
  }));
}

export function riskIcon(risk: Risk): vscode.ThemeIcon {
  switch (risk) {
    case "high":
      return new vscode.ThemeIcon("error", new vscode.ThemeColor("problemsErrorIcon.foreground"));
    case "medium":
      return new vscode.ThemeIcon("warning", new vscode.ThemeColor("problemsWarningIcon.foreground"));
    case "low":
      return new vscode.ThemeIcon("info", new vscode.ThemeColor("problemsInfoIcon.foreground"));
  }
}

function keysOf<Member extends Groupable>(
  member: Member,
  grouping: Grouping,
  service: (member: Member) => string,
): readonly string[] {
  switch (grouping) {
    case "risk":
      return [member.risk];
    case "dimension":
      return member.dimensions.length === 0 ? [OTHER] : member.dimensions;
    case "service":
      return [service(member) || OTHER];
  }
}

function labelOf(key: string, grouping: Grouping): string {
  if (key === OTHER) return vscode.l10n.t("Other");
  switch (grouping) {
    case "risk":
      return { high: vscode.l10n.t("High risk"), medium: vscode.l10n.t("Medium risk"), low: vscode.l10n.t("Low risk") }[key] ?? key;
    case "dimension":
      return (
        {
          ciem: vscode.l10n.t("Identities and permissions"),
          security: vscode.l10n.t("Security"),
          compliance: vscode.l10n.t("Compliance"),
        }[key] ?? key
      );
    case "service":
      return key;
  }
}

function iconOf(key: string, grouping: Grouping): vscode.ThemeIcon {
  switch (grouping) {
    case "risk":
      return riskIcon(key as Risk);
    case "dimension":
      return new vscode.ThemeIcon({ ciem: "key", security: "shield", compliance: "law" }[key] ?? "tag");
    case "service":
      return new vscode.ThemeIcon("server");
  }
}
