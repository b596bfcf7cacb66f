import * as vscode from "vscode";

/** Opens the bundled sample as a file of its own: a fresh copy each time, so that a fixed one can be tried again. */
export async function openSample(context: vscode.ExtensionContext): Promise<void> {
  const source = vscode.Uri.joinPath(context.extensionUri, "media", "walkthrough", "sample.tf");
  const target = vscode.Uri.joinPath(context.globalStorageUri, "sample", "main.tf");
  await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(target, ".."));
  await vscode.workspace.fs.copy(source, target, { overwrite: true });
  const document = await vscode.workspace.openTextDocument(target);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: false });
}
