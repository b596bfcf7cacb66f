import * as vscode from "vscode";

/** A command whose failure is logged and told once, with a way to the log. */
export function registerCommand(
  log: vscode.LogOutputChannel,
  command: string,
  run: (...values: readonly unknown[]) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(command, async (...values: unknown[]) => {
    try {
      return await run(...values);
    } catch (error) {
      log.error(command, error instanceof Error ? (error.stack ?? error.message) : String(error));
      const show = vscode.l10n.t("Show Log");
      const message = vscode.l10n.t("Plumbline could not do this: {0}", error instanceof Error ? error.message : String(error));
      void vscode.window.showErrorMessage(message, show).then((choice) => {
        if (choice === show) log.show();
      });
      return undefined;
    }
  });
}
