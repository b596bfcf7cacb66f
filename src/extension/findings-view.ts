import * as vscode from "vscode";
import type { FindingItem } from "../server/protocol.ts";
import { groupsOf, riskIcon, type Group, type GroupingChoice } from "./grouping.ts";
import { COMMANDS } from "./manifest.ts";

export type Node =
  | { readonly kind: "group"; readonly group: Group<FindingItem> }
  | { readonly kind: "finding"; readonly group: string; readonly finding: FindingItem };

const clouds: Readonly<Record<string, string>> = { aws: "AWS", alibaba: "Alibaba Cloud", tencent: "Tencent Cloud" };

/** The findings of the workspace, by risk level, check dimension or service. */
export class FindingsTree implements vscode.TreeDataProvider<Node> {
  readonly #grouping: GroupingChoice;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  #findings: readonly FindingItem[] = [];

  readonly #load: () => Promise<readonly FindingItem[] | undefined>;

  /** `load` is asked whenever VS Code shows the view; undefined means that what is shown stays. */
  constructor(grouping: GroupingChoice, load: () => Promise<readonly FindingItem[] | undefined>) {
    this.#grouping = grouping;
    this.#load = load;
    grouping.onDidChange(() => this.refresh());
  }

  /** Something was found or has gone. VS Code asks for the children when the view is seen. */
  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) {
      this.#findings = (await this.#load()) ?? this.#findings;
      return groupsOf(this.#findings, this.#grouping.current, serviceOf).map((group) => ({ kind: "group", group }));
    }
    if (node.kind === "finding") return [];
    const { key, members } = node.group;
    return members.map((finding) => ({ kind: "finding", group: key, finding }));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.kind === "group" ? groupItem(node.group) : findingItem(node);
  }
}

function serviceOf({ cloud, service }: FindingItem): string {
  return `${clouds[cloud] ?? cloud}: ${service}`;
}

function groupItem({ key, label, icon, members }: Group<FindingItem>): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `group ${key}`;
  item.description = String(members.length);
  item.iconPath = icon;
  item.contextValue = "group";
  return item;
}

function findingItem(node: Extract<Node, { readonly kind: "finding" }>): vscode.TreeItem {
  const { group, finding } = node;
  const uri = vscode.Uri.parse(finding.uri);
  const item = new vscode.TreeItem(finding.message.replaceAll("`", ""));
  item.id = `${group} ${finding.id}`;
  item.description = `${vscode.workspace.asRelativePath(uri)}:${finding.range.start.line + 1}`;
  item.tooltip = `${finding.title}\n${finding.check}\n${finding.addresses.join("\n")}`;
  item.iconPath = riskIcon(finding.risk);
  item.contextValue = "finding";
  item.command = { command: COMMANDS.openFinding, title: vscode.l10n.t("Open"), arguments: [node] };
  return item;
}

/** What a command of the view or its menu was called with. */
export function findingOf(argument: unknown): FindingItem | undefined {
  if (typeof argument !== "object" || argument === null || !("kind" in argument)) return undefined;
  const node = argument as Node;
  return node.kind === "finding" ? node.finding : undefined;
}
