import type { Attribute, Block, TopLevel } from "../hcl/syntax.ts";
import type { FilePath, TextRange } from "../text/text.ts";
import type { Declaration } from "./model.ts";
import type { PlacedProblem } from "./placed-problem.ts";
import type { Declared } from "./sources.ts";

export function blockOf(declared: Declared | undefined): Block | undefined {
  return declared?.node.kind === "block" ? declared.node : undefined;
}

/** The declaration whose file holds an item of a merged block. */
export function declarationOf(declared: Declared, holder: Attribute | Block | undefined): Declaration {
  if (declared.parts.length > 1 && holder !== undefined) {
    for (const { node, declaration } of declared.parts) if (holds(node, holder)) return declaration;
  }
  return declared.declaration;
}

function holds(node: Attribute | Block, holder: Attribute | Block): boolean {
  return node === holder || (node.kind === "block" && node.body.items.some((item) => holds(item, holder)));
}

export function placed(
  declared: Declared,
  holder: Attribute | Block,
  range: TextRange,
  code: string,
  message: string,
): PlacedProblem {
  return { declaration: declarationOf(declared, holder), range: plainRange(range), severity: "error", code, message };
}

/** Ranges come as whole syntax nodes. */
export function plainRange({ start, end }: TextRange): TextRange {
  return { start, end };
}

/** The same object while the call's text changes, so that an edited argument does not make a new module instance. */
export class CallDeclaration implements Declaration {
  readonly #find: () => Declaration | undefined;
  #last: Declaration | undefined;

  constructor(find: () => Declaration | undefined) {
    this.#find = find;
  }

  get file(): FilePath {
    return this.#current().file;
  }

  get item(): TopLevel {
    return this.#current().item;
  }

  #current(): Declaration {
    this.#last = this.#find() ?? this.#last;
    if (this.#last === undefined) throw new Error("A module instance without a call.");
    return this.#last;
  }
}
