import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/* Everything that the extension and its pages say is there in Chinese, with the same holes. */

const root = join(import.meta.dirname, "../..");
const read = (file: string): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(join(root, file), "utf8")) as Readonly<Record<string, string>>;

/** First arguments of `vscode.l10n.t` and of the pages' `t`, each with where it stands. */
function said(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const folder of ["src/extension", "src/webview"]) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      if (!name.endsWith(".ts")) continue;
      const source = ts.createSourceFile(name, readFileSync(join(root, folder, name), "utf8"), ts.ScriptTarget.Latest, true);
      const visit = (node: ts.Node): void => {
        node.forEachChild(visit);
        if (!ts.isCallExpression(node) || !["vscode.l10n.t", "t"].includes(node.expression.getText(source))) return;
        const [text] = node.arguments;
        assert.ok(
          text !== undefined && ts.isStringLiteralLike(text),
          `${folder}/${name}: ${node.getText(source)} is no plain text`,
        );
        found.set(text.text, `${folder}/${name}`);
      };
      visit(source);
    }
  }
  return found;
}

const holes = (text: string): readonly string[] => [...text.matchAll(/\{\d+\}/g)].map(([hole]) => hole).sort();
/** What is for machines: commands, settings, code. */
const marks = (text: string): readonly string[] => [...text.matchAll(/\]\(command:[^)]*\)|`[^`]+`/g)].map(([mark]) => mark).sort();

describe("Chinese texts", () => {
  it("are there for everything that the extension says, and for nothing else", () => {
    const english = said();
    const chinese = read("l10n/bundle.l10n.zh-cn.json");
    assert.ok(english.size > 250, `only ${english.size} texts were found`);
    assert.deepEqual(
      [...english].filter(([text]) => chinese[text] === undefined),
      [],
    );
    assert.deepEqual(
      Object.keys(chinese).filter((text) => !english.has(text)),
      [],
    );
    for (const [text, translated] of Object.entries(chinese)) {
      assert.deepEqual(holes(translated), holes(text), text);
      assert.deepEqual(marks(translated), marks(text), text);
    }
  });

  it("are there for everything that it contributes", () => {
    const english = read("package.nls.json");
    const chinese = read("package.nls.zh-cn.json");
    assert.deepEqual(Object.keys(chinese), Object.keys(english));
    for (const [key, text] of Object.entries(english)) assert.deepEqual(marks(chinese[key] ?? ""), marks(text), key);
  });
});
