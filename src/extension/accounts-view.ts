import * as vscode from "vscode";
import * as protocol from "../live/protocol.ts";
import type { Account, PlanView, RemedyRecord, ResultsView, ResultView, ServiceView } from "../live/protocol.ts";
import { groupsOf, riskIcon, type Group, type GroupingChoice } from "./grouping.ts";
import { COMMANDS } from "./manifest.ts";
import type { LiveProcess } from "./live-process.ts";
import { planText } from "./quota-item.ts";
import { freeOnlyText, momentText, stateWord, verdictWord } from "./words.ts";

/** A row of the view. */
export type AccountNode =
  | { readonly kind: "account"; readonly account: Account }
  | { readonly kind: "assets"; readonly account: Account }
  | { readonly kind: "service"; readonly account: Account; readonly service: ServiceView }
  | { readonly kind: "instance"; readonly account: Account; readonly name: string; readonly detail: string; readonly key: string }
  | { readonly kind: "results"; readonly account: Account; readonly view: ResultsView; readonly group: Group<ResultView> }
  | {
      readonly kind: "result";
      readonly account: Account;
      readonly view: ResultsView;
      readonly result: ResultView;
      /** Which of the view it stands in. */
      readonly group?: string;
      /** The item has a remedy. */
      readonly fixable: boolean;
    }
  | { readonly kind: "changes"; readonly account: Account; readonly records: readonly RemedyRecord[] }
  | { readonly kind: "remedy"; readonly account: Account; readonly record: RemedyRecord; readonly interrupted: boolean }
  | { readonly kind: "plan"; readonly account: Account; readonly view: PlanView }
  | { readonly kind: "note"; readonly account: Account; readonly text: string };

const NOT_CHECKED = "notChecked";

const clouds = { aws: "AWS", alibaba: "Alibaba Cloud", tencent: "Tencent Cloud" } as const;

/** Connected accounts: what they hold, and what the newest scan found, by risk level, check dimension or service. */
export class AccountsTree implements vscode.TreeDataProvider<AccountNode> {
  readonly #live: LiveProcess;
  readonly #grouping: GroupingChoice;
  readonly #remediable = new Map<Account["cloud"], Promise<ReadonlySet<string>>>();
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(live: LiveProcess, grouping: GroupingChoice) {
    this.#live = live;
    this.#grouping = grouping;
    grouping.onDidChange(() => this.refresh());
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(node?: AccountNode): Promise<AccountNode[]> {
    const connection = await this.#live.connection();
    if (node === undefined) {
      const accounts = await connection.sendRequest(protocol.accounts);
      return accounts.map((account) => ({ kind: "account", account }));
    }
    const { account } = node;
    switch (node.kind) {
      case "account": {
        const view = await connection.sendRequest(protocol.results, { account: account.key });
        const nodes: AccountNode[] = [];
        if (view === null) nodes.push({ kind: "note", account, text: vscode.l10n.t("Not scanned yet") });
        else for (const group of this.#groups(view)) nodes.push({ kind: "results", account, view, group });
        const records = await connection.sendRequest(protocol.remedyHistory, { account: account.key });
        if (records.length > 0) nodes.push({ kind: "changes", account, records });
        const plan = await connection.sendRequest(protocol.plan, { account: account.key });
        return [...nodes, { kind: "assets", account }, { kind: "plan", account, view: plan }];
      }
      case "results": {
        const remediable = await this.#remediableItems(account.cloud);
        return node.group.members.map((result) => ({
          kind: "result",
          account,
          view: node.view,
          result,
          group: node.group.key,
          fixable: result.status === "fail" && result.fixedAt === undefined && remediable.has(result.item),
        }));
      }
      case "changes": {
        const open = await connection.sendRequest(protocol.interruptedRemedies, { account: account.key });
        const interrupted = new Set(open.map(({ id }) => id));
        return node.records.map((record) => ({ kind: "remedy", account, record, interrupted: interrupted.has(record.id) }));
      }
      case "assets": {
        // Looking is no agreement to what would be called.
        if (!account.sample && account.authorized === undefined)
          return [{ kind: "note", account, text: vscode.l10n.t("Not listed yet: use List Instances Again") }];
        const services = await connection.sendRequest(protocol.inventory, { account: account.key, refresh: false });
        return services.map((service) => ({ kind: "service", account, service }));
      }
      case "service":
        return [
          ...node.service.failures.map(({ region, reason }): AccountNode => ({
            kind: "note",
            account,
            text: vscode.l10n.t("Not listed in {0}: {1}", region ?? account.key, `${reason.kind} ${reason.detail}`),
          })),
          ...node.service.instances.map(({ name, id, region, key }): AccountNode => ({
            kind: "instance",
            account,
            key,
            name,
            detail: [...(name === id ? [] : [id]), ...(region === undefined ? [] : [region])].join(" · "),
          })),
        ];
      default:
        return [];
    }
  }

  /** What nobody could decide is no finding: it stands apart, however findings are grouped. */
  #groups({ results }: ResultsView): readonly Group<ResultView>[] {
    const failed = results.filter(({ status }) => status === "fail");
    const groups = groupsOf(failed, this.#grouping.current, ({ service }) => service);
    const members = results.filter(({ status }) => status === "notChecked");
    if (members.length === 0) return groups;
    return [...groups, { key: NOT_CHECKED, label: vscode.l10n.t("Not checked"), icon: new vscode.ThemeIcon("question"), members }];
  }

  /** Of a cloud: which items have a remedy does not change while we run. */
  #remediableItems(cloud: Account["cloud"]): Promise<ReadonlySet<string>> {
    let items = this.#remediable.get(cloud);
    if (items === undefined) {
      items = this.#live
        .connection()
        .then((connection) => connection.sendRequest(protocol.remedies, { cloud }))
        .then((remedies) => new Set(remedies.map(({ item }) => item)));
      items.catch(() => this.#remediable.delete(cloud));
      this.#remediable.set(cloud, items);
    }
    return items;
  }

  getTreeItem(node: AccountNode): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    switch (node.kind) {
      case "account": {
        const { key, alias, cloud, account, principal, source, sample, fixing } = node.account;
        const item = new vscode.TreeItem(sample ? vscode.l10n.t("Sample account") : (alias ?? account), Expanded);
        item.id = key;
        item.description = `${clouds[cloud]} ${account}`;
        item.tooltip = `${principal}\n${source.title}`;
        item.iconPath = new vscode.ThemeIcon(sample ? "beaker" : "account");
        item.contextValue = sample ? "account sample" : fixing === undefined ? "account readonly" : "account fixing";
        return item;
      }
      case "assets": {
        const item = new vscode.TreeItem(vscode.l10n.t("Assets"), Collapsed);
        item.id = `${node.account.key} assets`;
        item.iconPath = new vscode.ThemeIcon("server-environment");
        item.contextValue = "assets";
        return item;
      }
      case "service": {
        const { title, instances, at, failures, type } = node.service;
        const item = new vscode.TreeItem(title, Collapsed);
        item.id = `${node.account.key} ${type}`;
        item.description = String(instances.length);
        item.tooltip = vscode.l10n.t("Listed {0}", momentText(at));
        item.iconPath = new vscode.ThemeIcon(failures.length > 0 ? "warning" : "server");
        return item;
      }
      case "instance": {
        const item = new vscode.TreeItem(node.name, None);
        item.id = `${node.account.key} ${node.key}`;
        item.description = node.detail;
        item.tooltip = node.key;
        item.contextValue = "instance";
        return item;
      }
      case "results": {
        const { key, label, icon, members } = node.group;
        const isUrgent = members.some(({ status, risk }) => status === "fail" && risk === "high");
        const item = new vscode.TreeItem(label, isUrgent ? Expanded : Collapsed);
        item.id = `${node.account.key} results ${key}`;
        item.description = String(members.length);
        item.iconPath = icon;
        return item;
      }
      case "result": {
        const { message, title, name, region, item: check, instance, status, risk, change, fixedAt } = node.result;
        const item = new vscode.TreeItem((message === "" ? title : message).replaceAll("`", ""), None);
        item.id = `${node.account.key} ${node.group ?? ""} ${check} ${instance}`;
        const fresh = change === "new" ? [vscode.l10n.t("new")] : [];
        const fixed = fixedAt === undefined ? [] : [vscode.l10n.t("fixed since")];
        item.description = [...fixed, ...fresh, name, ...(region === undefined ? [] : [region])].join(" · ");
        item.tooltip = `${title}\n${check}\n${instance}`;
        item.iconPath =
          fixedAt === undefined
            ? status === "notChecked"
              ? new vscode.ThemeIcon("question")
              : riskIcon(risk)
            : new vscode.ThemeIcon("pass", new vscode.ThemeColor("testing.iconPassed"));
        item.contextValue = node.fixable ? "result fixable" : "result";
        item.command = { command: COMMANDS.openResult, title: vscode.l10n.t("Open"), arguments: [node] };
        return item;
      }
      case "changes": {
        const item = new vscode.TreeItem(vscode.l10n.t("Changes"), Collapsed);
        item.id = `${node.account.key} changes`;
        item.description = String(node.records.length);
        item.iconPath = new vscode.ThemeIcon("history");
        return item;
      }
      case "remedy": {
        const { id, item: check, name, state, verified, startedAt, why } = node.record;
        const item = new vscode.TreeItem(name, None);
        item.id = `${node.account.key} ${id}`;
        item.description = [node.interrupted ? vscode.l10n.t("interrupted") : stateWord(state), check].join(" · ");
        item.tooltip = [check, momentText(startedAt), verified === undefined ? "" : verdictWord(verified), why ?? ""]
          .filter((each) => each !== "")
          .join("\n");
        const isOver = state === "undone";
        const isFine = state === "applied" && verified === "pass";
        item.iconPath = new vscode.ThemeIcon(isOver ? "discard" : isFine ? "pass" : "warning");
        item.contextValue = isOver ? "remedy undone" : node.interrupted || state === "failed" ? "remedy open" : "remedy applied";
        item.command = { command: COMMANDS.openRemedy, title: vscode.l10n.t("Open"), arguments: [node] };
        return item;
      }
      case "plan": {
        const item = new vscode.TreeItem(vscode.l10n.t("Plan"), None);
        item.id = `${node.account.key} plan`;
        item.description = planText(node.view);
        item.tooltip = [planText(node.view), freeOnlyText(node.view) ?? []].flat().join("\n");
        item.iconPath = new vscode.ThemeIcon("dashboard");
        item.command = { command: COMMANDS.openPlan, title: vscode.l10n.t("Plan"), arguments: [node] };
        return item;
      }
      case "note": {
        const item = new vscode.TreeItem(node.text, None);
        item.iconPath = new vscode.ThemeIcon("info");
        return item;
      }
    }
  }
}
