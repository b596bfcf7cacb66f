import * as vscode from "vscode";
import type { FindingItem, Risk } from "../server/protocol.ts";
import { COMMANDS, CONTEXT } from "./manifest.ts";

export type Grouping = "risk" | "dimension" | "service";

interface Group {
  readonly kind: "group";
  readonly key: string;
  readonly label: string;
  readonly icon: vscode.ThemeIcon;
  readonly findings: readonly FindingItem[];
}

interface Leaf {
  readonly kind: "finding";
  readonly group: string;
  readonly finding: FindingItem;
}

export type Node = Group | Leaf;

const GROUPING_KEY = "findings.groupBy";
const RISKS: readonly Risk[] = ["high", "medium", "low"];

/** The findings of the workspace, by risk level, check dimension or service. */
export class FindingsTree implements vscode.TreeDataProvider<Node> {
  readonly #state: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  #findings: readonly FindingItem[] = [];
  #grouping: Grouping;

  readonly #load: () => Promise<readonly FindingItem[] | undefined>;

  /** `load` is asked whenever VS Code shows the view; undefined means that what is shown stays. */
  constructor(state: vscode.Memento, load: () => Promise<readonly FindingItem[] | undefined>) {
    this.#state = state;
    this.#load = load;
    this.#grouping = state.get<Grouping>(GROUPING_KEY, "risk");
    void vscode.commands.executeCommand("setContext", CONTEXT.groupBy, this.#grouping);
  }

  /** Something was found or has gone. VS Code asks for the children when the view is seen. */
  refresh(): void {
    this.#changed.fire(undefined);
  }

  async groupBy(grouping: Grouping): Promise<void> {
    this.#grouping = grouping;
    this.#changed.fire(undefined);
    await vscode.commands.executeCommand("setContext", CONTEXT.groupBy, grouping);
    await this.#state.update(GROUPING_KEY, grouping);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) {
      this.#findings = (await this.#load()) ?? this.#findings;
      return groups(this.#findings, this.#grouping);
    }
    return node.kind === "group" ? node.findings.map((finding) => ({ kind: "finding", group: node.key, finding })) : [];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.kind === "group" ? groupItem(node) : findingItem(node);
  }
}

function groups(findings: readonly FindingItem[], grouping: Grouping): Group[] {
  const sorted = [...findings].sort((a, b) => RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk));
  const byKey = new Map<string, FindingItem[]>();
  for (const finding of sorted) {
    for (const key of keysOf(finding, grouping)) {
      const list = byKey.get(key);
      if (list === undefined) byKey.set(key, [finding]);
      else list.push(finding);
    }
  }
  const entries = [...byKey];
  if (grouping !== "risk") entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, list]) => ({
    kind: "group",
    key,
    label: labelOf(key, grouping),
    icon: iconOf(key, grouping),
    findings: list,
  }));
}

function keysOf(finding: FindingItem, grouping: Grouping): readonly string[] {
  switch (grouping) {
    case "risk":
      return [finding.risk];
    case "dimension":
      return finding.dimensions;
    case "service":
      return [`${finding.cloud}/${finding.service}`];
  }
}

function labelOf(key: string, grouping: Grouping): string {
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
    case "service": {
      const [cloud = "", service = ""] = key.split("/");
      return `${{ aws: "AWS", alibaba: "Alibaba Cloud", tencent: "Tencent Cloud" }[cloud] ?? cloud}: ${service}`;
    }
  }
}

function iconOf(key: string, grouping: Grouping): vscode.ThemeIcon {
  switch (grouping) {
    case "risk":
      return riskIcon(key);
    case "dimension":
      return new vscode.ThemeIcon({ ciem: "key", security: "shield", compliance: "law" }[key] ?? "tag");
    case "service":
      return new vscode.ThemeIcon("server");
  }
}

function riskIcon(risk: string): vscode.ThemeIcon {
  switch (risk) {
    case "high":
      return new vscode.ThemeIcon("error", new vscode.ThemeColor("problemsErrorIcon.foreground"));
    case "medium":
      return new vscode.ThemeIcon("warning", new vscode.ThemeColor("problemsWarningIcon.foreground"));
    default:
      return new vscode.ThemeIcon("info", new vscode.ThemeColor("problemsInfoIcon.foreground"));
  }
}

function groupItem(group: Group): vscode.TreeItem {
  const item = new vscode.TreeItem(group.label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `group ${group.key}`;
  item.description = String(group.findings.length);
  item.iconPath = group.icon;
  item.contextValue = "group";
  return item;
}

function findingItem({ group, finding }: Leaf): vscode.TreeItem {
  const uri = vscode.Uri.parse(finding.uri);
  const item = new vscode.TreeItem(finding.message.replaceAll("`", ""));
  item.id = `${group} ${finding.id}`;
  item.description = `${vscode.workspace.asRelativePath(uri)}:${finding.range.start.line + 1}`;
  item.tooltip = `${finding.title}\n${finding.check}\n${finding.addresses.join("\n")}`;
  item.iconPath = riskIcon(finding.risk);
  item.contextValue = "finding";
  item.command = { command: COMMANDS.openFinding, title: vscode.l10n.t("Open"), arguments: [{ kind: "finding", group, finding }] };
  return item;
}

/** What a command of the view or its menu was called with. */
export function findingOf(argument: unknown): FindingItem | undefined {
  if (typeof argument !== "object" || argument === null || !("kind" in argument)) return undefined;
  const node = argument as Node;
  return node.kind === "finding" ? node.finding : undefined;
}
