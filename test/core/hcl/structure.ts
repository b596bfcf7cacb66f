import type { Body, Expression, SourceFile, Template, TemplatePart } from "../../../src/core/hcl/syntax.ts";

/** Our tree in the form that the other parser gives: expressions as `${source}`, constants as values. */
export class Converter {
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
    if (value.kind === "unary" && value.operator === "-") {
      const operand = this.#value(value.operand);
      if (typeof operand === "number") return -operand;
    }
    if (value.kind === "tuple") return value.elements.map((element) => this.#value(element));
    if (value.kind === "object") {
      return Object.fromEntries(value.items.map((item) => [this.#key(item.key), this.#value(item.value)]));
    }
    return `\${${this.#text(value)}}`;
  }

  /** Words stand for themselves. */
  #key(key: Expression): string {
    return key.kind === "variable" || key.kind === "getAttribute" ? this.#text(key) : String(this.#value(key));
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
