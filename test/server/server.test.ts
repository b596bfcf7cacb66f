import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Range, TextDocumentEdit } from "vscode-languageserver/node";
import { Client, EDITOR, temporaryFolder, uri } from "./client.ts";

const SERVER = [join(import.meta.dirname, "fake-server.ts")];
const PUBLIC = 'resource "aws_test" "a" {\n  acl = "public-read"\n}\n';
const PRIVATE = PUBLIC.replace("public-read", "private");
const HERE: Range = { start: { line: 1, character: 10 }, end: { line: 1, character: 10 } };

function watchedGlobs(client: Client): unknown[] {
  return client.registrations.flatMap(({ registerOptions }) => {
    const { watchers = [] } = registerOptions as { readonly watchers?: readonly { readonly globPattern: unknown }[] };
    return watchers.map(({ globPattern }) => globPattern);
  });
}

describe("the server", () => {
  let client: Client;
  let folder: ReturnType<typeof temporaryFolder>;
  const path = (name: string): string => join(folder.path, name);
  const write = (name: string, text: string): void => {
    mkdirSync(join(path(name), ".."), { recursive: true });
    writeFileSync(path(name), text);
  };

  beforeEach(() => {
    folder = temporaryFolder();
    client = new Client(SERVER);
  });
  afterEach(() => {
    client.kill();
    folder.remove();
  });

  it("publishes findings of closed files under folders with spaces and umlauts", async () => {
    write("sub folder/mäin.tf", PUBLIC);
    await client.start([folder.path]);
    const [diagnostic] = await client.until(path("sub folder/mäin.tf"), (list) => list.length === 1);
    assert.deepEqual(diagnostic?.range, { start: { line: 1, character: 8 }, end: { line: 1, character: 21 } });
    assert.equal(diagnostic.source, "Plumbline");
    assert.equal(diagnostic.code, "aws-test-acl");
    assert.equal(diagnostic.severity, 1);
    assert.equal(diagnostic.codeDescription?.href, "file:///checks/aws/test/acl.yaml");
    assert.ok(typeof diagnostic.data === "string" && diagnostic.data !== "");
  });

  it("links to virtual pages where the editor shows them", async () => {
    write("main.tf", PUBLIC);
    await client.start([folder.path], EDITOR, { documentation: "virtual" });
    const [diagnostic] = await client.until(path("main.tf"), (list) => list.length === 1);
    assert.equal(diagnostic?.codeDescription?.href, "plumbline-docs:/checks/aws/aws-test-acl.md");
  });

  it("takes an open document over the disk, stamps its version, and goes back when it closes", async () => {
    write("main.tf", PRIVATE);
    await client.start([folder.path]);
    await client.open(path("main.tf"), PUBLIC, 7);
    await client.until(path("main.tf"), (list, version) => list.length === 1 && version === 7);
    await client.change(path("main.tf"), PRIVATE);
    await client.until(path("main.tf"), (list, version) => list.length === 0 && version === 8);
    await client.change(path("main.tf"), PUBLIC);
    await client.until(path("main.tf"), (list, version) => list.length === 1 && version === 9);
    await client.closeDocument(path("main.tf"));
    await client.until(path("main.tf"), (list) => list.length === 0);
  });

  it("counts UTF-16 units, with Windows line ends", async () => {
    const text = 'resource "aws_test" "a" {\r\n  /* 😀ü */ acl = "public-read"\r\n}\r\n';
    await client.start([folder.path]);
    await client.open(path("main.tf"), text);
    const [diagnostic] = await client.until(path("main.tf"), (list) => list.length === 1);
    const line = text.split("\r\n")[1] ?? "";
    assert.deepEqual(diagnostic?.range.start, { line: 1, character: line.indexOf('"') });
    const [action] = (await client.actions(path("main.tf"), diagnostic.range)).filter(({ isPreferred }) => isPreferred);
    const changed = await client.apply((await client.resolve(action!)).edit);
    assert.equal(changed.get(uri(path("main.tf"))), text.replace("public-read", "private"));
  });

  it("moves a finding's diagnostic when lines are added above", async () => {
    await client.start([folder.path]);
    await client.open(path("main.tf"), PUBLIC);
    await client.until(path("main.tf"), (list) => list[0]?.range.start.line === 1);
    await client.change(path("main.tf"), `\n\n${PUBLIC}`);
    await client.until(path("main.tf"), (list) => list[0]?.range.start.line === 3);
  });

  it("changes the findings of one file when another is edited", async () => {
    write("main.tf", PUBLIC.replace('"public-read"', "var.acl"));
    const variables = (value: string): string => `variable "acl" {\n  default = "${value}"\n}\n`;
    await client.start([folder.path]);
    await client.open(path("variables.tf"), variables("private"));
    await client.until(path("variables.tf"), (list, version) => list.length === 0 && version === 1);
    await client.change(path("variables.tf"), variables("public-read"));
    const [diagnostic] = await client.until(path("main.tf"), (list) => list.length === 1);
    const [related] = diagnostic?.relatedInformation ?? [];
    assert.equal(related?.location.uri, uri(path("variables.tf")));
    assert.equal(related.location.range.start.line, 1);
    await client.change(path("variables.tf"), variables("private"));
    await client.until(path("main.tf"), (list) => list.length === 0);
  });

  it("offers verified fixes, resolves the chosen one late and versioned, and the finding goes", async () => {
    await client.start([folder.path]);
    await client.open(path("main.tf"), PUBLIC, 4);
    await client.until(path("main.tf"), (list) => list.length === 1);
    const actions = await client.actions(path("main.tf"), HERE);
    assert.deepEqual(
      actions.map(({ title, isPreferred, disabled, kind }) => [title, isPreferred, disabled?.reason, kind]),
      [
        ["Remove it", undefined, "It is needed.", "quickfix"],
        ["Make it $private", true, undefined, "quickfix"],
        ["Choose", undefined, undefined, "quickfix"],
        ["Ignore aws-test-acl here, with a reason …", undefined, undefined, "quickfix"],
      ],
    );
    assert.ok(actions.every(({ edit }) => edit === undefined));
    assert.equal(actions[1]?.diagnostics?.[0]?.code, "aws-test-acl");
    const { edit } = await client.resolve(actions[1]);
    assert.equal((edit?.documentChanges?.[0] as TextDocumentEdit).textDocument.version, 4);
    await client.apply(edit);
    await client.until(path("main.tf"), (list, version) => list.length === 0 && version === 5);
  });

  it("writes placeholders for what a fix asks, indented once", async () => {
    await client.start([folder.path]);
    await client.open(path("main.tf"), PUBLIC);
    const actions = await client.actions(path("main.tf"), HERE);
    const { edit } = await client.resolve(actions.find(({ title }) => title === "Choose")!);
    const [change] = (edit?.documentChanges?.[0] as TextDocumentEdit).edits;
    assert.ok(change !== undefined && "snippet" in change);
    assert.equal(change.snippet.value, '{\n  acl = ${1|"private","log\\$"|}\n\\}');
  });

  it("writes the defaults for an editor without snippets, and edits at once for one that can't resolve", async () => {
    const workspace = { ...EDITOR.workspace, workspaceEdit: {} };
    const codeAction = { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } };
    await client.start([folder.path], { textDocument: { publishDiagnostics: {}, codeAction }, workspace });
    await client.open(path("main.tf"), PUBLIC);
    const actions = await client.actions(path("main.tf"), HERE);
    assert.deepEqual(
      actions.map(({ title }) => title),
      ["Make it $private", "Choose", "Ignore aws-test-acl here, with a reason …"],
    );
    assert.equal(actions[1]?.edit?.changes?.[uri(path("main.tf"))]?.[0]?.newText, '{\n    acl = "private"\n  }');
    assert.match(actions[2]?.edit?.changes?.[uri(path("main.tf"))]?.[0]?.newText ?? "", /^# Say here why/);
  });

  it("fixes all of a file on request only", async () => {
    await client.start([folder.path]);
    await client.open(path("main.tf"), PUBLIC + PUBLIC);
    const quick = await client.actions(path("main.tf"), HERE);
    assert.ok(quick.every(({ kind }) => kind === "quickfix"));
    for (const only of ["source.fixAll.plumbline", "source.fixAll", "source"]) {
      const [action, ...others] = await client.actions(path("main.tf"), HERE, [only]);
      assert.equal(action?.kind, "source.fixAll.plumbline");
      assert.deepEqual(others, []);
    }
    assert.deepEqual(await client.actions(path("main.tf"), HERE, ["refactor", "source.fixAll.other"]), []);
    const [action] = await client.actions(path("main.tf"), HERE, ["source.fixAll"]);
    await client.apply(action?.edit);
    await client.until(path("main.tf"), (list) => list.length === 0);
  });

  it("hands the ignore comment to the editor's command, and writes it with the reason", async () => {
    await client.start([folder.path], EDITOR, { suppressCommand: "editor.suppress" });
    await client.open(path("main.tf"), PUBLIC);
    const action = (await client.actions(path("main.tf"), HERE)).find(({ command }) => command !== undefined);
    assert.equal(action?.command?.command, "editor.suppress");
    const [{ findings }] = action.command.arguments as [{ findings: string[] }];
    const edit = await client.connection.sendRequest<object>("plumbline/suppress", { findings, reason: "It is" });
    await client.apply(edit);
    await client.until(path("main.tf"), (list, version) => list.length === 0 && version === 2);
    assert.equal(await client.connection.sendRequest("plumbline/suppress", { findings: ["gone"], reason: "x" }), null);
  });

  it("speaks the editor's language", async () => {
    await client.start([folder.path], undefined, undefined, "zh-cn");
    await client.open(path("main.tf"), PUBLIC);
    const [diagnostic] = await client.until(path("main.tf"), (list) => list.length === 1);
    assert.equal(diagnostic?.message, "所有人都可以读取。");
  });

  it("explains a finding on hover, and nothing in it is active", async () => {
    await client.start([folder.path]);
    await client.open(path("main.tf"), PUBLIC);
    const hover = await client.hover(path("main.tf"), 1, 12);
    const { value } = hover?.contents as { value: string };
    assert.match(value, /High risk · Security, Identities and permissions/);
    assert.match(value, /`it`/);
    assert.match(value, /\]\(https:\/\/example\.com\/acl\)/);
    assert.doesNotMatch(value, /<b>|\]\(command:|\(javascript:|\[can\]/);
    assert.deepEqual(hover?.range?.start, { line: 1, character: 8 });
    assert.equal(await client.hover(path("main.tf"), 0, 0), null);
  });

  it("shows no value of a version that was not checked, and findings when values break", async () => {
    await client.start([folder.path]);
    await client.open(path("main.tf"), PUBLIC);
    const said = async (): Promise<string> =>
      ((await client.hover(path("main.tf"), 1, 12))?.contents as { value: string } | undefined)?.value ?? "";
    await client.change(path("main.tf"), `${PUBLIC}# valued\n`);
    assert.match(await said(), /High risk[^]*"worth"/);
    await client.change(path("main.tf"), `${PUBLIC}# valued\n# broken\n`);
    assert.doesNotMatch(await said(), /worth/);
    await client.change(path("main.tf"), `${PUBLIC}# no value\n`);
    assert.match(await said(), /High risk/);
    assert.ok(client.log.some((line) => line.includes("the fake value broke")));
    await client.change(path("main.tf"), `${PUBLIC}# valued\n`);
    assert.match(await said(), /"worth"/);
  });

  it("cancels a running check when a newer version comes", async () => {
    await client.start([folder.path]);
    await client.open(path("main.tf"), `${PUBLIC}# slow\n`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await client.change(path("main.tf"), PUBLIC);
    await client.until(path("main.tf"), (list, version) => list.length === 1 && version === 2);
    assert.ok(client.published.every(({ uri: file, version }) => file !== uri(path("main.tf")) || version === 2));
  });

  it("says in the log what failed, answers all the same, and recovers", async () => {
    await client.start([folder.path]);
    await client.open(path("main.tf"), `${PUBLIC}# broken\n`);
    await client.wait(() => client.log.some((line) => line.includes("the fake broke")), "the log");
    assert.deepEqual(await client.actions(path("main.tf"), HERE), []);
    await client.change(path("main.tf"), PUBLIC);
    await client.until(path("main.tf"), (list) => list.length === 1);
  });

  it("follows files on the disk: made, changed, deleted, deleted with their folder", async () => {
    await client.start([folder.path]);
    await client.wait(() => watchedGlobs(client).includes("**/*.{tf,tofu,tfvars}"), "watchers");
    write("sub/main.tf", PUBLIC);
    await client.watched({ file: path("sub/main.tf"), type: 1 });
    await client.until(path("sub/main.tf"), (list) => list.length === 1);
    write("sub/main.tf", PRIVATE);
    await client.watched({ file: path("sub/main.tf"), type: 2 });
    await client.until(path("sub/main.tf"), (list) => list.length === 0);
    write("sub/main.tf", PUBLIC);
    await client.watched({ file: path("sub/main.tf"), type: 2 });
    await client.until(path("sub/main.tf"), (list) => list.length === 1);
    rmSync(path("sub"), { recursive: true });
    await client.watched({ file: path("sub"), type: 3 });
    await client.until(path("sub/main.tf"), (list) => list.length === 0);
  });

  it("reads what evaluation asks for, and watches it", async () => {
    write("main.tf", PUBLIC.replace('"public-read"', 'file("acl [1].txt")'));
    write("acl [1].txt", "public-read\n");
    await client.start([folder.path]);
    await client.until(path("main.tf"), (list) => list.length === 1);
    const watched = { baseUri: uri(folder.path), pattern: "acl [[]1[]].txt" };
    await client.wait(() => watchedGlobs(client).some((glob) => isDeepStrictEqual(glob, watched)), "a watcher");
    write("acl [1].txt", "private\n");
    await client.watched({ file: path("acl [1].txt"), type: 2 });
    await client.until(path("main.tf"), (list) => list.length === 0);
  });

  it("knows several folders, and takes one away", async () => {
    write("one/main.tf", PUBLIC);
    write("two/main.tf", PUBLIC);
    await client.start([path("one"), path("two")]);
    await client.until(path("one/main.tf"), (list) => list.length === 1);
    await client.until(path("two/main.tf"), (list) => list.length === 1);
    const event = { added: [], removed: [{ uri: uri(path("two")), name: "two" }] };
    await client.connection.sendNotification("workspace/didChangeWorkspaceFolders", { event });
    await client.until(path("two/main.tf"), (list) => list.length === 0);
    assert.equal(client.diagnostics(path("one/main.tf")).length, 1);
  });

  it("assesses a document without a folder with its neighbours", async () => {
    write("main.tf", PUBLIC.replace('"public-read"', "var.acl"));
    write("variables.tf", 'variable "acl" {\n  default = "public-read"\n}\n');
    await client.start([]);
    await client.open(path("main.tf"), PUBLIC.replace('"public-read"', "var.acl"));
    await client.until(path("main.tf"), (list) => list.length === 1);
  });

  it("follows the settings: severity, off and on", async () => {
    write("main.tf", PUBLIC);
    await client.start([folder.path]);
    await client.until(path("main.tf"), (list) => list[0]?.severity === 1);
    client.settings = { debounce: 0, severity: { high: "hint", low: "nonsense" } };
    await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    await client.until(path("main.tf"), (list) => list[0]?.severity === 4);
    client.settings = { debounce: 0, enable: false };
    await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    await client.until(path("main.tf"), (list) => list.length === 0);
    client.settings = { debounce: 0, enable: true };
    await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    await client.until(path("main.tf"), (list) => list[0]?.severity === 1);
  });

  it("says what restricted mode turns off until the workspace is trusted", async () => {
    const coverage = (): Promise<string> => client.connection.sendRequest("plumbline/page", { path: "/coverage.md" });
    await client.start([folder.path], EDITOR, { trusted: false });
    assert.match(await coverage(), /restricted/);
    await client.connection.sendNotification("plumbline/trusted");
    assert.doesNotMatch(await coverage(), /restricted/);
  });

  it("answers pulls, and publishes nothing, for an editor that only pulls", async () => {
    write("main.tf", PUBLIC);
    const textDocument = { diagnostic: { relatedDocumentSupport: false } };
    const workspace = { ...EDITOR.workspace, diagnostics: { refreshSupport: true } };
    const { capabilities } = await client.start([folder.path], { textDocument, workspace });
    assert.deepEqual(capabilities.diagnosticProvider, {
      identifier: "plumbline",
      interFileDependencies: true,
      workspaceDiagnostics: true,
    });
    await client.wait(() => client.refreshes > 0, "a refresh");
    const pull = (previousResultId?: string): Promise<{ kind: string; resultId: string; items: unknown[] }> =>
      client.connection.sendRequest("textDocument/diagnostic", { textDocument: { uri: uri(path("main.tf")) }, previousResultId });
    const first = await pull();
    assert.equal(first.kind, "full");
    assert.equal(first.items.length, 1);
    assert.equal((await pull(first.resultId)).kind, "unchanged");
    await client.open(path("main.tf"), PRIVATE);
    const second = await pull(first.resultId);
    assert.equal(second.kind, "full");
    assert.equal(second.items.length, 0);
    const all = await client.connection.sendRequest<{ items: { uri: string; items: unknown[] }[] }>("workspace/diagnostic", {
      previousResultIds: [{ uri: uri(path("main.tf")), value: first.resultId }],
    });
    assert.deepEqual(
      all.items.map((item) => [item.uri, item.items]),
      [[uri(path("main.tf")), []]],
    );
    assert.deepEqual(client.published, []);
  });

  it("shows problems beside findings", async () => {
    write("main.tf", `${PUBLIC}# odd\n`);
    await client.start([folder.path]);
    const diagnostics = await client.until(path("main.tf"), (list) => list.length === 2);
    assert.ok(diagnostics.some(({ code, severity }) => code === "odd" && severity === 2));
  });

  it("lists findings and pages for the extension, and says its state", async () => {
    const states: string[] = [];
    client.connection.onNotification("plumbline/status", ({ state }: { state: string }) => void states.push(state));
    write("main.tf", PUBLIC);
    await client.start([folder.path]);
    const [finding] = await client.connection.sendRequest<{ check: string; uri: string; risk: string }[]>("plumbline/findings");
    assert.deepEqual([finding?.check, finding?.uri, finding?.risk], ["aws-test-acl", uri(path("main.tf")), "high"]);
    const page = await client.connection.sendRequest<string>("plumbline/page", { path: "/checks/aws/aws-test-acl.md" });
    assert.match(page, /^# The bucket is &#60;b&#62;private/);
    assert.equal(await client.connection.sendRequest("plumbline/page", { path: "/checks/../../etc/passwd" }), null);
    assert.equal(states[0], "checking");
    assert.equal(states.at(-1), "ready");
  });

  it("ends cleanly", async () => {
    await client.start([folder.path]);
    assert.equal(await client.stop(), 0);
  });
});
