import assert from "node:assert/strict";
import { parseExpression, parseTemplateText } from "../../../src/core/hcl/parse.ts";
import type { TemplatePart } from "../../../src/core/hcl/syntax.ts";

/** Texts as they are, interpolations as `<source>`, directives as their kind. */
function told(text: string): string {
  const { expression, problems } = parseExpression(text);
  assert.deepEqual(problems, [], text);
  assert.ok(expression.kind === "template", text);
  return tell(expression.parts, text);
}

function tell(parts: readonly TemplatePart[], source: string): string {
  return parts
    .map((part) => {
      switch (part.kind) {
        case "text":
          return part.value;
        case "interpolation":
          return `<${source.slice(part.expression.start, part.expression.end)}>`;
        case "if":
          return `<if ${tell(part.then, source)}|${tell(part.else, source)}>`;
        case "for":
          return `<for ${tell(part.body, source)}>`;
      }
    })
    .join("");
}

// What terraform 1.11 makes of the same texts.
describe("templates", () => {
  it("resolve escapes", () => {
    assert.equal(told(String.raw`"a\n\t\"\\ \u00e9 \U0001F600"`), 'a\n\t"\\ é \u{1F600}');
    assert.equal(told('"$$${a} $$$${b} $$ $% %%{x} $x"'), "$${a} $$${b} $$ $% %{x} $x");
    assert.equal(told('<<EOT\na\\n$${x} \\" %%{y}\nEOT\n'), 'a\\n${x} \\" %{y}\n');
  });

  it("strip white space at `~` up to the line's end in a heredoc", () => {
    assert.equal(told('<<EOT\n  %{ for x in ["a"] ~}\n  s ${x}\n  %{ endfor ~}\nEOT\n'), "  <for   s <x>\n  >");
    assert.equal(told('"a  ${~ b ~}  c"'), "a<b>c");
  });

  it("remove the common indentation of `<<-`, blank lines aside", () => {
    assert.equal(told('<<-EOT\n    x\n      ${"y"}\n\n   z ${~ "q" ~}\n      w\n  EOT\n'), ' x\n   <"y">\n\nz<"q">      w\n');
    assert.equal(told("<<-EOT\n\t\ta\n\t  b\n\tEOT\n"), "a\n b\n");
    assert.equal(
      told("<<-EOT\n    ${y}\n    a\n    %{ if true }\n    b\n    %{ else }\n    c\n    %{ endif }\n  EOT\n"),
      "<y>\na\n<if \nb\n|\nc\n>\n",
    );
    assert.equal(told("<<EOT\r\na\r\nb\r\nEOT\r\n"), "a\r\nb\r\n");
  });

  it("nest, in strings and in directives", () => {
    assert.equal(told('"${"${a}"} %{if x}%{for i in y}${i}%{endfor}%{endif}"'), '<"${a}"> <if <for <i>>|>');
    assert.equal(tell(parseTemplateText('say "${x}" \\n').parts, 'say "${x}" \\n'), 'say "<x>" \\n');
  });

  it("name what is wrong", () => {
    const codes = (text: string): readonly string[] => parseExpression(text).problems.map((problem) => problem.code);
    assert.deepEqual(codes(String.raw`"\q \u12"`), ["invalid-escape", "invalid-escape"]);
    assert.deepEqual(codes('"%{if a}x"'), ["unclosed-directive"]);
    assert.deepEqual(codes('"x%{endif}"'), ["stray-directive"]);
    assert.deepEqual(codes('"%{while}"'), ["invalid-directive"]);
    assert.deepEqual(codes('"${a b}"'), ["unexpected-text"]);
    assert.deepEqual(codes('"abc'), ["unclosed-string"]);
  });
});
