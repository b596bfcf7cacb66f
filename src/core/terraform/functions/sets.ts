import { convert, hasUnknown, mayShrink, setItems, unify } from "../../values/convert.ts";
import { DYNAMIC, list, listOf, setOf, tuple, tupleOf } from "../../values/make.ts";
import type { Type, Value } from "../../values/value.ts";
import { unknownFrom } from "../unknowns.ts";
import { fail, type Failure, type FunctionTable } from "./definition.ts";
import { itemsOf } from "./string.ts";
import { anySet, elementOf, holds, iterable } from "./sequences.ts";

/** Functions of sets. */
export const setFunctions: FunctionTable = {
  setintersection: {
    parameters: [anySet],
    variadic: anySet,
    result: setOf(DYNAMIC),
    run: (values) => setOperation(values, (item, others) => others.every((other) => holds(other, item)), false),
  },
  setsubtract: {
    parameters: [anySet, anySet],
    result: setOf(DYNAMIC),
    run: (values) => setOperation(values, (item, others) => !others.some((other) => holds(other, item)), false),
  },
  setunion: {
    parameters: [anySet],
    variadic: anySet,
    result: setOf(DYNAMIC),
    run: (values) => setOperation(values, () => true, true),
  },
  setproduct: {
    parameters: [],
    variadic: iterable,
    result: DYNAMIC,
    inner: true,
    run: (values, scope) => {
      if (values.length < 2) return fail("it takes two or more sets");
      let products: Value[][] = [[]];
      const elements: Type[] = [];
      const sets = values.some((value) => value.kind === "set");
      for (const value of values) {
        if (mayShrink(value)) return unknownFrom(DYNAMIC, [value]);
        const made = convert(value, listOf(DYNAMIC));
        if ("error" in made || made.value.kind !== "list") return fail("every argument must have elements of one type");
        const items = sets ? setItems(made.value.items) : made.value.items;
        elements.push(made.value.element);
        if (products.length * items.length > scope.budget.maximumElements)
          return unknownFrom(DYNAMIC, [{ kind: "unknown", type: DYNAMIC, reasons: [{ kind: "budget", detail: "setproduct" }] }]);
        products = products.flatMap((product) => items.map((item) => [...product, item]));
      }
      const tuples = products.map((product) => tuple(product));
      const element = tupleOf(elements);
      return sets ? { kind: "set", element, items: setItems(tuples) } : list(element, tuples);
    },
  },
};

function setOperation(
  values: readonly Value[],
  keep: (item: Value, others: readonly (readonly Value[])[]) => boolean,
  all: boolean,
): Value | Failure {
  // An empty set of no type takes any.
  const typed = values.filter((value) => !(value.kind === "set" && value.items.length === 0 && value.element.kind === "dynamic"));
  const element = unify(typed.map(elementOf));
  if (element === undefined) return fail("the sets must have one element type");
  if (!all && values.some(hasUnknown)) return unknownFrom(setOf(element), values);
  const sets: Value[][] = [];
  for (const value of values) {
    const items: Value[] = [];
    for (const item of itemsOf(value)) {
      const made = convert(item, element);
      if ("error" in made) return fail("the sets must have one element type");
      items.push(made.value);
    }
    sets.push(items);
  }
  const [first, ...others] = sets;
  const candidates = all ? sets.flat() : (first ?? []);
  return { kind: "set", element, items: setItems(candidates.filter((item) => keep(item, others))) };
}
