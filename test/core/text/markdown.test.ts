import assert from "node:assert/strict";
import { marked } from "marked";
import { cellMarkdown, escapeMarkdown, proseMarkdown } from "../../../src/core/text/markdown.ts";

/* What Markdown is made of texts, as a renderer shows it. */

const shown = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replaceAll("\u200B", "")
    .trim();

const hostile =
  "a | b `x|y` [link](command:run) <img src=x> **bold** https://example.com ![p](http://q) #1 _u_ ~s~ $m$ &amp; @team";

describe("Markdown of a text", () => {
  it("shows exactly the text, and nothing of it becomes markup", async () => {
    for (const text of [hostile, "# heading", "- item", "1. item", "> quote", "`open", "www.example.com"]) {
      const html = await marked.parse(escapeMarkdown(text));
      assert.equal(shown(html), text);
      assert.doesNotMatch(html, /<(?!\/?p>)/, html);
    }
  });

  it("keeps code of prose, and only that", async () => {
    const html = await marked.parse(proseMarkdown(`Set \`http_tokens\` to \`required\`: ${hostile}`));
    assert.deepEqual(
      [...html.matchAll(/<code>([^<]*)<\/code>/g)].map(([, code]) => code),
      ["http_tokens", "required", "x|y"],
    );
    assert.doesNotMatch(html, /<(?!\/?(?:p|code)>)/, html);
  });

  it("stays in its cell of a table, with the bars of its code", async () => {
    const html = await marked.parse(`| | |\n| --- | --- |\n| ${cellMarkdown(hostile)} | ${cellMarkdown("`a|b\\|c`")} |\n`);
    const cells = [...html.matchAll(/<td>(.*?)<\/td>/g)].map(([, cell = ""]) => shown(cell));
    assert.equal(cells.length, 2);
    assert.equal(cells[0], hostile.replaceAll("`", ""));
    assert.match(cells[1] ?? "", /^a\|b/);
  });
});
