import * as vscode from "vscode";
import type { Status } from "../server/protocol.ts";
import { COMMANDS } from "./manifest.ts";
import { numberText } from "./words.ts";

/** Where the global state keeps whether an account is connected: known before anybody asks the process for live accounts. */
export const CONNECTED = "plumbline.connected";

/** In the status bar: what assessing everything in the workspace would use in an account. */
export class CostItem implements vscode.Disposable {
  #item: vscode.StatusBarItem | undefined;

  show({ cost }: Status): void {
    if (cost === null || cost.scanTimes === 0) {
      this.#item?.hide();
      return;
    }
    this.#item ??= vscode.window.createStatusBarItem("plumbline.cost", vscode.StatusBarAlignment.Right, 89);
    const { instances, scanTimes, free, fee } = cost;
    this.#item.name = vscode.l10n.t("Plumbline cost of the workspace");
    this.#item.text = `$(graph) ${vscode.l10n.t("{0} scan times · {1}", numberText(scanTimes), fee)}`;
    this.#item.tooltip = [
      vscode.l10n.t(
        "Assessing the {0} instances of this workspace once in an account: {1} scan times, {2} of them free, {3} at the list price.",
        numberText(instances),
        numberText(scanTimes),
        numberText(free),
        fee,
      ),
      vscode.l10n.t("Editing Terraform never costs anything."),
    ].join("\n");
    this.#item.command = COMMANDS.previewCost;
    this.#item.show();
  }

  dispose(): void {
    this.#item?.dispose();
  }
}
