import type { Template, TemplatePart } from "../hcl/syntax.ts";
import { convert } from "../values/convert.ts";
import { string, STRING, unknown } from "../values/make.ts";
import { typeName, typeOf } from "../values/type.ts";
import type { Value } from "../values/value.ts";
import { elementsOf } from "./iteration.ts";
import { asBool } from "./operators.ts";
import { type Evaluate, type EvaluationScope, invalid, spend, withNames } from "./scope.ts";
import { type Piece, textOfPieces } from "./text-pieces.ts";
import { marksOf, unknownFrom } from "./unknowns.ts";

export function evaluateTemplate(template: Template, scope: EvaluationScope, evaluate: Evaluate): Value {
  const [first] = template.parts;
  if (template.parts.length === 0) return string("");
  if (template.parts.length === 1 && first !== undefined && template.heredoc === undefined) {
    if (first.kind === "text") return string(first.value);
    if (first.kind === "interpolation") return evaluate(first.expression, scope);
  }
  const text = renderParts(template.parts, scope, evaluate);
  if (text.kind === "unknown" && text.reasons[0]?.kind === "budget" && text.refinement === undefined)
    scope.problem(template, "budget", "This makes more than can be evaluated here: what depends on it is not known.");
  return text;
}

/** Joins template parts; an unknown part keeps its neighbours as pieces. */
export function renderParts(parts: readonly TemplatePart[], scope: EvaluationScope, evaluate: Evaluate): Value {
  const pieces: Piece[] = [];
  const used: Value[] = [];
  appendParts(parts, scope, evaluate, pieces, used);
  return textOfPieces(pieces, marksOf(used));
}

function appendParts(
  parts: readonly TemplatePart[],
  scope: EvaluationScope,
  evaluate: Evaluate,
  pieces: Piece[],
  used: Value[],
): void {
  for (const part of parts) {
    if (!spend(scope, 1, part)) {
      pieces.push(unknown(STRING, { kind: "budget", detail: "template" }));
      return;
    }
    switch (part.kind) {
      case "text":
        pieces.push(part.value);
        break;
      case "interpolation": {
        const value = evaluate(part.expression, scope);
        used.push(value);
        const text = convert(value, STRING);
        // Terraform waits for the value of an unknown, whatever its type.
        if ("error" in text && value.kind === "unknown") pieces.push(unknown(STRING, value.reasons));
        else if ("error" in text)
          pieces.push(
            invalid(
              scope,
              part.expression,
              "invalid-template",
              `A template can't hold a ${typeName(typeOf(value))}: ${text.error}.`,
              STRING,
            ),
          );
        else if (text.value.kind === "string") pieces.push(text.value.value);
        else if (text.value.kind === "unknown") pieces.push(text.value);
        else pieces.push(invalid(scope, part.expression, "null-value", "A template can't hold null.", STRING));
        break;
      }
      case "if": {
        const condition = asBool(evaluate(part.condition, scope), part.condition, scope);
        used.push(condition);
        if (condition.kind === "bool") appendParts(condition.value ? part.then : part.else, scope, evaluate, pieces, used);
        else pieces.push(unknownFrom(STRING, [condition]));
        break;
      }
      case "for": {
        const collection = evaluate(part.collection, scope);
        used.push(collection);
        const elements = elementsOf(collection, part.collection, scope);
        if (elements === undefined) {
          pieces.push(unknownFrom(STRING, [collection]));
          break;
        }
        for (const [key, value] of elements) {
          const names = new Map([[part.valueName.name, value]]);
          if (part.keyName !== null) names.set(part.keyName.name, key);
          appendParts(part.body, withNames(scope, names), evaluate, pieces, used);
        }
        break;
      }
    }
  }
}
