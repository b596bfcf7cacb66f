import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as vscode from "vscode";

/** Called once mocha's globals are there. */
export function extensionSuite(): void {
  describe("the extension", () => {
    let folder: vscode.Uri;
    let main: vscode.Uri;
    let variables: vscode.Uri;

    before(() => {
      const [first] = vscode.workspace.workspaceFolders ?? [];
      assert.ok(first !== undefined, "no folder is open");
      folder = first.uri;
      main = vscode.Uri.joinPath(folder, "main.tf");
      variables = vscode.Uri.joinPath(folder, "variables.tf");
    });

    it("starts for a folder with Terraform and shows findings of closed files", async () => {
      const diagnostics = await until(main, (list) => has(list, PUBLIC_ACL) && has(list, ROTATION));
      const acl = diagnostics.find((item) => codeOf(item) === PUBLIC_ACL);
      assert.equal(acl?.severity, vscode.DiagnosticSeverity.Error);
      assert.equal(acl.source, "Plumbline");
      assert.equal(targetOf(acl)?.toString(), `plumbline-docs:/checks/alibaba/${PUBLIC_ACL}.md`);
      assert.equal(vscode.extensions.getExtension("plumbline.plumbline")?.isActive, true);
      const document = await vscode.workspace.openTextDocument(main);
      assert.equal(document.languageId, "terraform");
      assert.equal(document.getText(acl.range), '"public-read"');
    });

    it("relates a finding to the variable that carries the value", () => {
      const rotation = vscode.languages.getDiagnostics(main).find((item) => codeOf(item) === ROTATION);
      const files = (rotation?.relatedInformation ?? []).map(({ location }) => location.uri.toString());
      assert.ok(files.includes(variables.toString()), `related: ${files.join(", ")}`);
    });

    it("applies a quick fix: the finding goes, undo brings it back", async () => {
      const editor = await vscode.window.showTextDocument(main);
      const range = rangeOf(PUBLIC_ACL, main);
      const fix = await actionAt(main, range, "Make the ACL private");
      assert.ok(fix.edit !== undefined, "the edit was not resolved");
      assert.ok(await vscode.workspace.applyEdit(fix.edit));
      await until(main, (list) => !has(list, PUBLIC_ACL));
      assert.match(editor.document.getText(), /acl {4}= "private"/);
      await vscode.commands.executeCommand("undo");
      await until(main, (list) => has(list, PUBLIC_ACL));
      assert.equal(editor.document.isDirty, false);
    });

    it("moves findings of one file when another is edited, without saving", async () => {
      const document = await vscode.workspace.openTextDocument(variables);
      const at = document.getText().indexOf("false");
      const range = new vscode.Range(document.positionAt(at), document.positionAt(at + 5));
      const edit = new vscode.WorkspaceEdit();
      edit.replace(variables, range, "true");
      await vscode.workspace.applyEdit(edit);
      await until(main, (list) => !has(list, ROTATION));
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand("undo");
      await until(main, (list) => has(list, ROTATION));
    });

    it("follows a file that is made and deleted on the disk", async () => {
      const made = vscode.Uri.joinPath(folder, "mäde here.tf");
      const text = 'resource "alicloud_oss_bucket" "made" {\n  bucket = "example-made"\n  acl    = "public-read"\n}\n';
      await vscode.workspace.fs.writeFile(made, Buffer.from(text));
      await until(made, (list) => has(list, PUBLIC_ACL));
      await vscode.workspace.fs.delete(made);
      await until(made, (list) => list.length === 0);
    });

    it("explains a finding on hover", async () => {
      const position = rangeOf(PUBLIC_ACL, main).start.translate(0, 3);
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", main, position);
      const text = hovers
        .flatMap(({ contents }) => contents.map((item) => (item instanceof vscode.MarkdownString ? item.value : "")))
        .join("\n");
      assert.match(text, /Bucket ACL does not let everyone read/);
      assert.match(text, /What to do/);
    });

    it("fixes everything that is safe by one command", async () => {
      await vscode.commands.executeCommand("plumbline.fixAll");
      await until(main, (list) => !has(list, ROTATION));
      for (const document of vscode.workspace.textDocuments) {
        if (!document.isDirty) continue;
        await vscode.window.showTextDocument(document);
        await vscode.commands.executeCommand("workbench.action.files.revert");
      }
      await until(main, (list) => has(list, ROTATION));
    });

    it("offers fix all as a source action", async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        "vscode.executeCodeActionProvider",
        variables,
        new vscode.Range(0, 0, 0, 0),
        "source.fixAll.plumbline",
      );
      assert.ok(actions.length <= 1);
      for (const action of actions) assert.equal(action.kind?.value, "source.fixAll.plumbline");
    });

    it("holds a documentation page for a check item, and the coverage", async () => {
      const page = await textOf(`plumbline-docs:/checks/alibaba/${PUBLIC_ACL}.md`);
      assert.match(page, /^# Bucket ACL does not let everyone read/);
      assert.match(page, /## Avoid/);
      assert.match(await textOf("plumbline-docs:/coverage.md"), /^# What Plumbline looked at/);
    });

    it("opens a page rendered", async () => {
      await vscode.commands.executeCommand("plumbline.openDocumentation", PUBLIC_ACL);
      await waitFor(() => vscode.window.tabGroups.all.some((group) => group.tabs.some(({ label }) => label.includes(PUBLIC_ACL))));
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    });

    it("turns off and on by its setting, and follows the severity", async () => {
      const settings = vscode.workspace.getConfiguration("plumbline");
      try {
        await settings.update("enable", false, vscode.ConfigurationTarget.Workspace);
        await until(main, (list) => list.length === 0);
        await settings.update("enable", true, vscode.ConfigurationTarget.Workspace);
        await settings.update("severity.high", "hint", vscode.ConfigurationTarget.Workspace);
        await until(main, (list) =>
          list.some((item) => codeOf(item) === PUBLIC_ACL && item.severity === vscode.DiagnosticSeverity.Hint),
        );
      } finally {
        await settings.update("enable", undefined, vscode.ConfigurationTarget.Workspace);
        await settings.update("severity.high", undefined, vscode.ConfigurationTarget.Workspace);
      }
      await until(main, (list) => list.some((item) => item.severity === vscode.DiagnosticSeverity.Error));
    });

    it("has every command that it contributes", async () => {
      const manifest = vscode.extensions.getExtension("plumbline.plumbline")?.packageJSON as {
        contributes: { commands: { command: string }[] };
      };
      const there = new Set(await vscode.commands.getCommands(true));
      const missing = manifest.contributes.commands.filter(({ command }) => !there.has(command));
      assert.deepEqual(missing, []);
    });

    it("answers language models", async () => {
      const ask = async (name: string, input: object): Promise<string> => {
        const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
        return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : "")).join("");
      };
      const names = vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith("plumbline_"));
      assert.equal(names.length, 7);
      const { findings } = JSON.parse(await ask("plumbline_check", { minimumRisk: "high" })) as {
        findings: { id: string; check: string; file: string }[];
      };
      const acl = findings.find(({ check, file }) => check === PUBLIC_ACL && file === "main.tf");
      assert.ok(acl !== undefined, JSON.stringify(findings));
      const { fixes } = JSON.parse(await ask("plumbline_propose_fix", { finding: acl.id })) as { fixes: { diff: string }[] };
      assert.match(fixes[0]?.diff ?? "", /^\+ .*"private"$/m);
      assert.match(await ask("plumbline_explain", { finding: acl.id }), /"why":/);
      await assert.rejects(ask("plumbline_explain", { finding: "no-such" }), /There is no finding or check item/);
      await assert.rejects(ask("plumbline_check", { folder: "/elsewhere" }), /is not open in this window/);
      assert.deepEqual(JSON.parse(await ask("plumbline_accounts", {})), { accounts: [] });
      await assert.rejects(ask("plumbline_scan", {}), /No account is connected/);
    });

    it("asks the user before a language model scans an account, and scans nothing without an answer", async () => {
      const plumbline = (...args: readonly string[]): void => {
        const cli = vscode.extensions.getExtension("plumbline.plumbline")?.extensionPath;
        const { status, stderr } = spawnSync(process.execPath, [`${cli}/dist/cli.js`, ...args], { encoding: "utf8" });
        assert.equal(status, 0, stderr);
      };
      const call = (name: string, input: object): Thenable<vscode.LanguageModelToolResult> =>
        vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
      plumbline("accounts", "connect", "aws", "--source", "sample");
      try {
        // Under test VS Code refuses every modal dialog, and says what would have been asked.
        await assert.rejects(
          Promise.resolve(call("plumbline_scan", { checks: ["aws-s3-bucket-versioning"] })),
          /refused to show dialog.*Scan aws:111122223333 \(a sample account on this machine\)\? 4 scan times, 0 of them charged: USD 0\.00/,
        );
        const { content } = await call("plumbline_accounts", {});
        const [said] = content;
        assert.ok(said instanceof vscode.LanguageModelTextPart);
        assert.match(said.value, /aws:111122223333/);
        assert.doesNotMatch(said.value, /lastScan/);
      } finally {
        plumbline("accounts", "disconnect", "--account", "aws:111122223333");
      }
    });

    it("opens the sample with findings in it", async () => {
      await vscode.commands.executeCommand("plumbline.openSample");
      const sample = vscode.window.activeTextEditor?.document.uri;
      assert.ok(sample !== undefined);
      assert.match(sample.path, /\/sample\/main\.tf$/);
      await until(sample, (list) => list.length > 0);
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    });

    it("comes back after a restart of the server", async () => {
      await vscode.commands.executeCommand("plumbline.restartServer");
      await until(main, (list) => has(list, PUBLIC_ACL));
    });
  });
}

const PUBLIC_ACL = "alibaba-oss-bucket-public-read";
const ROTATION = "aws-kms-key-rotation";

function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === "object" ? code.value : code);
}

function targetOf({ code }: vscode.Diagnostic): vscode.Uri | undefined {
  return typeof code === "object" ? code.target : undefined;
}

function has(list: readonly vscode.Diagnostic[], check: string): boolean {
  return list.some((item) => codeOf(item) === check);
}

function rangeOf(check: string, uri: vscode.Uri): vscode.Range {
  const found = vscode.languages.getDiagnostics(uri).find((item) => codeOf(item) === check);
  assert.ok(found !== undefined, `${check} is not shown`);
  return found.range;
}

async function actionAt(uri: vscode.Uri, range: vscode.Range, title: string): Promise<vscode.CodeAction> {
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    uri,
    range,
    vscode.CodeActionKind.QuickFix.value,
    10,
  );
  const action = actions.find((item) => item.title.startsWith(title));
  assert.ok(action !== undefined, `offered: ${actions.map((item) => item.title).join(", ")}`);
  return action;
}

async function textOf(address: string): Promise<string> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(address));
  return document.getText();
}

async function until(
  uri: vscode.Uri,
  condition: (diagnostics: readonly vscode.Diagnostic[]) => boolean,
): Promise<readonly vscode.Diagnostic[]> {
  const own = (): readonly vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "Plumbline");
  await waitFor(() => condition(own())).catch((error: unknown) => {
    throw new Error(`${uri.path} has ${JSON.stringify(own().map((item) => [codeOf(item), item.severity]))}`, { cause: error });
  });
  return own();
}

async function waitFor(condition: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
