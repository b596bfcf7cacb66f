import assert from "node:assert/strict";
import hcl2 from "hcl2-parser";
import { parseFile } from "../../../src/core/hcl/parse.ts";
import type { Body, Expression, SourceFile, Template, TemplatePart } from "../../../src/core/hcl/syntax.ts";
import { fixture, gaps, nativeFixtures } from "./tree.ts";

const oracle = hcl2 as { parseToObject(text: string): readonly unknown[] };

/** Our tree in the form that the other parser gives: expressions as `${source}`, constants as values. */
class Converter {
  readonly source: SourceFile;
  base = 0;

  constructor(source: SourceFile) {
    this.source = source;
  }

  file(): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const { node, base } of this.source.items) {
      this.base = base;
      this.#item({ start: 0, end: 0, items: [node] }, result);
    }
    return result;
  }

  #body(body: Body): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    this.#item(body, result);
    return result;
  }

  #item(body: Body, result: Record<string, unknown>): void {
    for (const item of body.items) {
      if (item.kind === "attribute") {
        result[item.name.name] = this.#value(item.value);
        continue;
      }
      let place = result;
      const path = [item.type.name, ...item.labels.map((label) => label.name)];
      for (const step of path.slice(0, -1)) place = (place[step] ??= {}) as Record<string, unknown>;
      ((place[path.at(-1) ?? ""] ??= []) as unknown[]).push(this.#body(item.body));
    }
  }

  #text(node: { readonly start: number; readonly end: number }): string {
    return this.source.text.slice(this.base + node.start, this.base + node.end);
  }

  #value(value: Expression): unknown {
    if (value.kind === "literal")
      return typeof value.value === "object" && value.value !== null ? Number(value.value.number) : value.value;
    if (value.kind === "template") return this.#template(value);
    if (value.kind === "tuple") return value.elements.map((element) => this.#value(element));
    if (value.kind === "object") {
      return Object.fromEntries(
        value.items.map((item) => [item.key.kind === "variable" ? item.key.name : this.#value(item.key), this.#value(item.value)]),
      );
    }
    return `\${${this.#text(value)}}`;
  }

  #template(template: Template): string {
    return template.parts.map((part) => this.#part(part)).join("");
  }

  #part(part: TemplatePart): string {
    const parts = (inner: readonly TemplatePart[]): string => inner.map((one) => this.#part(one)).join("");
    switch (part.kind) {
      case "text":
        return part.value;
      case "interpolation":
        return part.expression.kind === "template" ? this.#template(part.expression) : `\${${this.#text(part.expression)}}`;
      case "if":
        return `%{if ${this.#text(part.condition)}}${parts(part.then)}%{else}${parts(part.else)}%{endif}`;
      case "for":
        return `%{for ${part.valueName.name} in ${this.#text(part.collection)}}${parts(part.body)}%{endfor}`;
    }
  }
}

describe("HCL structure", () => {
  for (const name of nativeFixtures) {
    it(`of ${name} is what hashicorp/hcl reads`, () => {
      const text = fixture(name);
      const source = parseFile(`/${name}`, text);
      assert.deepEqual(source.problems, []);
      const [expected] = oracle.parseToObject(text);
      assert.deepEqual(new Converter(source).file(), expected);
    });

    it(`of ${name} covers every byte`, () => {
      for (const gap of gaps(parseFile(`/${name}`, fixture(name)))) {
        assert.match(
          gap,
          /^(?:[\s=,:(){}[\].?"!*/%+\-<>&|$~]|for\b|in\b|if\b|else\b|endif\b|endfor\b|<<-?\w+|\b[A-Z0-9]+$)*$/,
          gap,
        );
      }
    });

    it(`of ${name} is the same with CRLF and a byte order mark`, () => {
      const text = fixture(name);
      const source = parseFile(`/${name}`, `\u{feff}${text.replaceAll("\n", "\r\n")}`);
      assert.deepEqual(source.problems, []);
      const plain = JSON.stringify(new Converter(parseFile(`/${name}`, text)).file());
      assert.equal(JSON.stringify(new Converter(source).file()).replaceAll("\\r\\n", "\\n"), plain);
    });
  }
});
