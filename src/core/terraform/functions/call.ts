import type { Call, Expression } from "../../hcl/syntax.ts";
import { convert, hasUnknown, withoutMarks, withoutOwnMarks } from "../../values/convert.ts";
import { BOOL, DYNAMIC, STRING, unknown } from "../../values/make.ts";
import type { Reason, Type, Value } from "../../values/value.ts";
import { affordable, type Evaluate, type EvaluationScope } from "../scope.ts";
import { marksOf, unknownFrom, withMarks } from "../unknowns.ts";
import { collectionFunctions } from "./collection.ts";
import { conversionFunctions } from "./conversion.ts";
import { dateFunctions } from "./date.ts";
import type { Failure, FunctionDefinition } from "./definition.ts";
import { encodingFunctions } from "./encoding.ts";
import { fileFunctions } from "./filesystem.ts";
import { hashFunctions } from "./hash.ts";
import { keyedFunctions } from "./keyed.ts";
import { networkFunctions } from "./network.ts";
import { numericFunctions } from "./numeric.ts";
import { setFunctions } from "./sets.ts";
import { stringFunctions } from "./string.ts";
import { textEncodingFunctions } from "./text-encoding.ts";
import { convertTo, tofuFunctions } from "./tofu.ts";
import { unevaluatedFunctions } from "./unevaluated.ts";

const functions: ReadonlyMap<string, FunctionDefinition> = new Map(
  Object.entries({
    ...collectionFunctions,
    ...conversionFunctions,
    ...dateFunctions,
    ...encodingFunctions,
    ...fileFunctions,
    ...hashFunctions,
    ...keyedFunctions,
    ...networkFunctions,
    ...numericFunctions,
    ...setFunctions,
    ...stringFunctions,
    ...textEncodingFunctions,
    ...unevaluatedFunctions,
    ...tofuFunctions,
  }),
);

/** The functions that are known, without their namespace. */
export function functionNames(): readonly string[] {
  return ["can", "convert", "try", ...functions.keys()].sort();
}

/** The value of a function call. `evaluate` is handed in so that `try` and `can` decide what is evaluated. */
export function callFunction(call: Call, scope: EvaluationScope, evaluate: Evaluate): Value {
  const name = call.name.name.startsWith("core::") ? call.name.name.slice("core::".length) : call.name.name;
  if (name === "try") return tryEach(call, scope, evaluate);
  if (name === "can") return can(call, scope, evaluate);
  if (name === "convert") {
    const converted = convertTo(call, scope, evaluate);
    return "failure" in converted ? refuse(call, scope, converted.failure) : converted;
  }
  const values = call.arguments.map((argument) => evaluate(argument, scope));
  const [template] = call.arguments;
  if (name === "templatestring" && template !== undefined) {
    // It waits for both before it looks at either.
    if (values.length === 2 && values.some((value) => value.kind === "unknown")) return unknownFrom(STRING, values);
    if (!isReference(template)) return refuse(call, scope, "the template must be a reference to something defined elsewhere");
  }
  if (call.expand) {
    const last = values.pop();
    if (last?.kind === "list" || last?.kind === "set" || last?.kind === "tuple") {
      if (last.rest !== undefined) return unknownFrom(DYNAMIC, [last]);
      values.push(...last.items.map((item) => withMarks(item, marksOf([last]))));
    } else if (last?.kind === "unknown") return unknownFrom(DYNAMIC, [last]);
    else return refuse(call, scope, "what stands before ... must be a list");
  }
  if (name.startsWith("provider::")) return unknown(DYNAMIC, { kind: "unsupported", detail: `function ${name}` });
  const definition = functions.get(name);
  if (definition === undefined) {
    scope.problem(call.name, "unknown-function", `There is no function named "${name}".`);
    return unknown(DYNAMIC, { kind: "invalid", detail: `function ${name}` });
  }
  return apply(call, definition, values, scope, evaluate);
}

function apply(
  call: Call,
  definition: FunctionDefinition,
  values: readonly Value[],
  scope: EvaluationScope,
  evaluate: Evaluate,
): Value {
  const { parameters, variadic } = definition;
  const least = parameters.length - (definition.optional ?? 0);
  if (values.length < least || (variadic === undefined && values.length > parameters.length)) {
    return refuse(
      call,
      scope,
      `it takes ${least === parameters.length ? least : `${least} to ${parameters.length}`}${variadic === undefined ? "" : " or more"} arguments, not ${values.length}`,
    );
  }
  const converted: Value[] = [];
  let misfit: string | undefined;
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    const parameter = parameters[index] ?? variadic;
    if (parameter === undefined || value === undefined) break;
    if (value.kind === "null" && parameter.null !== true) return refuse(call, scope, `argument ${index + 1} must not be null`);
    if (parameter.kinds !== undefined && !fits(value, parameter.kinds))
      misfit ??= `argument ${index + 1} must be a ${parameter.kinds.join(", ")}`;
    const result = convert(value, parameter.type);
    if ("error" in result) return refuse(call, scope, `argument ${index + 1}: ${result.error}`);
    converted.push(result.value);
  }
  if (misfit !== undefined) {
    // Terraform does not look at the kinds as long as something has no type yet.
    const untyped = converted.filter((value) => value.kind === "unknown" && value.type.kind === "dynamic");
    return untyped.length > 0 ? unknownFrom(DYNAMIC, converted) : refuse(call, scope, misfit);
  }
  const wrong = definition.check?.(converted);
  if (wrong !== undefined) return refuse(call, scope, wrong.failure);
  const type = (): Type => (typeof definition.result === "function" ? definition.result(converted) : definition.result);
  if (definition.raw === true) {
    const result = run(call, definition, converted, scope, evaluate);
    return "failure" in result ? refuse(call, scope, result.failure, type()) : definite(result, definition);
  }
  const marks = marksOf(converted);
  const plain = converted.map((value) => (definition.inner === true ? withoutOwnMarks(value) : withoutMarks(value, marks)));
  if (definition.holes !== true && plain.some((value) => !isKnownInWhole(value)))
    return definite(withMarks(unknownFrom(type(), plain), marks), definition);
  for (const value of plain) {
    if (affordable(value, call, scope) !== value) return withMarks(unknown(type(), { kind: "budget", detail: "size" }), marks);
  }
  const result = run(call, definition, plain, scope, evaluate);
  return "failure" in result ? refuse(call, scope, result.failure, type()) : definite(withMarks(result, marks), definition);
}

/** Most functions give something, whatever it is. */
function definite(value: Value, { maybeNull }: FunctionDefinition): Value {
  if (maybeNull === true || value.kind !== "unknown" || value.type.kind === "dynamic" || value.refinement?.notNull === true)
    return value;
  return { ...value, refinement: { ...value.refinement, notNull: true } };
}

/** What has no room in memory is a matter of the budget. */
function run(
  call: Call,
  definition: FunctionDefinition,
  values: readonly Value[],
  scope: EvaluationScope,
  evaluate: Evaluate,
): Value | Failure {
  let result: Value | Failure;
  try {
    result = definition.run(values, scope, evaluate);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    result = unknown(DYNAMIC, { kind: "budget", detail: "size" });
  }
  const isCut = "kind" in result && result.kind === "unknown" && result.reasons[0]?.kind === "budget";
  if (isCut && !values.some(hasUnknown))
    scope.problem(call, "budget", "This makes more than can be evaluated here: what depends on it is not known.");
  return result;
}

function fits(value: Value, kinds: readonly Type["kind"][]): boolean {
  const kind = value.kind === "null" || value.kind === "unknown" ? value.type.kind : value.kind;
  return kind === "dynamic" || kind === "instance" || kinds.includes(kind);
}

/** Not an unknown, and no list with an unknown rest. What is inside may still be unknown: functions look for themselves. */
function isKnownInWhole(value: Value): boolean {
  if (value.kind === "list" || value.kind === "set" || value.kind === "tuple") return value.rest === undefined;
  return value.kind !== "unknown";
}

function refuse(call: Call, scope: EvaluationScope, why: string, type: Type = DYNAMIC): Value {
  const message = `The call of ${call.name.name} fails: ${why}.`;
  scope.problem(call, "invalid-call", message);
  return unknown(type, { kind: "invalid", detail: message });
}

/** Evaluates without reporting, and tells whether terraform would refuse. */
function attempt(
  expression: Expression,
  scope: EvaluationScope,
  evaluate: Evaluate,
): { readonly value: Value; readonly refused: boolean; readonly perhaps: readonly Reason[] } {
  let refused = false;
  const perhaps: Reason[] = [];
  const value = evaluate(expression, {
    root: (name) => scope.root(name),
    problem: (range, code, message) => {
      // A reference to what is not declared is refused before anything is evaluated.
      if (code === "budget" || code === "unknown-reference") scope.problem(range, code, message);
      else refused = true;
    },
    budget: scope.budget,
    files: scope.files,
    ...(scope.splatElement === undefined ? {} : { splatElement: scope.splatElement }),
    perhaps: (reasons) => void perhaps.push(...reasons),
  });
  return { value, refused, perhaps };
}

function tryEach(call: Call, scope: EvaluationScope, evaluate: Evaluate): Value {
  for (const argument of call.arguments) {
    const { value, refused, perhaps } = attempt(argument, scope, evaluate);
    if (refused) continue;
    // Where the instance is not there, terraform goes on with the next argument.
    if (perhaps.length > 0 && !hasUnknown(value)) return unknown(DYNAMIC, perhaps, marksOf([value]));
    // An unknown might still fail once it is known, so terraform gives no more than an unknown. A reference can't fail any more.
    return hasUnknown(value) && !isPlain(argument) ? unknownFrom(DYNAMIC, [value]) : value;
  }
  return refuse(call, scope, "no argument can be evaluated without an error");
}

function can(call: Call, scope: EvaluationScope, evaluate: Evaluate): Value {
  const [argument] = call.arguments;
  if (argument === undefined || call.arguments.length > 1)
    return refuse(call, scope, `it takes 1 argument, not ${call.arguments.length}`);
  const { value, refused, perhaps } = attempt(argument, scope, evaluate);
  if (refused) return { kind: "bool", value: false };
  if (perhaps.length > 0) return unknown(BOOL, perhaps);
  if (hasUnknown(value) && !(isPlain(argument) && isTyped(value))) return unknownFrom(BOOL, [value], { notNull: true });
  return { kind: "bool", value: true };
}

/** References, and tuples and objects of them: nothing that could fail later. */
function isPlain(expression: Expression): boolean {
  switch (expression.kind) {
    case "variable":
    case "literal":
    case "splatElement":
      return true;
    case "getAttribute":
      return isPlain(expression.object);
    case "index":
      return isPlain(expression.object) && (expression.key.kind === "literal" || expression.key.kind === "template");
    case "parentheses":
      return isPlain(expression.inner);
    case "template":
      return expression.parts.every((part) => part.kind === "text");
    case "tuple":
      return expression.elements.every(isPlain);
    case "object":
      return expression.items.every((item) => item.bareKey && isPlain(item.value));
    default:
      return false;
  }
}

function isReference(expression: Expression): boolean {
  return expression.kind === "variable" || expression.kind === "getAttribute" || expression.kind === "index";
}

function isTyped(value: Value): boolean {
  return value.kind !== "unknown" || value.type.kind !== "dynamic";
}
