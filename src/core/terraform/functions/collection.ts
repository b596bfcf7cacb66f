import { contentKey, convert, hasUnknown, mayShrink, sameValue, unify } from "../../values/convert.ts";
import {
  bool,
  BOOL,
  compareStrings,
  DYNAMIC,
  ExactDecimal,
  list,
  listOf,
  NULL,
  nullOf,
  number,
  NUMBER,
  STRING,
  tuple,
  tupleOf,
} from "../../values/make.ts";
import { typeOf } from "../../values/type.ts";
import type { Type, UnknownValue, Value } from "../../values/value.ts";
import { marksOf, maybeElement, unknownFrom, withMarks } from "../unknowns.ts";
import { fail, type Failure, type FunctionTable } from "./definition.ts";
import { decimalOf } from "./numeric.ts";
import { graphemes, itemsOf, textOf } from "./string.ts";
import {
  any,
  anyList,
  deepMarks,
  elementOf,
  entriesOf,
  holds,
  iterable,
  like,
  listOfItems,
  nullable,
  sequence,
  sequenceOnly,
} from "./sequences.ts";

function boolean(values: readonly Value[], decisive: boolean): Value | Failure {
  const [value] = values;
  const items = itemsOf(value);
  const hidden: Value[] = [];
  for (const item of items) {
    if (item.kind === "null") {
      if (!decisive) return bool(false);
      continue;
    }
    if (item.kind === "unknown") hidden.push(item);
    else if (item.kind === "bool" && item.value === decisive) return bool(decisive);
  }
  return hidden.length > 0 ? unknownFrom(BOOL, hidden, { notNull: true }) : bool(!decisive);
}

/** The marks of lists that come undone go to the whole. */
function flattenInto(value: Value, out: Value[], marks: { sensitive?: true; ephemeral?: true }): Value | undefined {
  const items = sequence(value);
  if (items === undefined) {
    // An unknown of any type may be a list: then the length is not known.
    if (
      value.kind === "unknown" &&
      (value.type.kind === "dynamic" || value.type.kind === "list" || value.type.kind === "set" || value.type.kind === "tuple")
    )
      return value;
    out.push(value);
    return undefined;
  }
  Object.assign(marks, marksOf([items]));
  if (items.rest !== undefined || mayShrink(items)) return value;
  for (const item of items.items) {
    const hidden = flattenInto(item, out, marks);
    if (hidden !== undefined) return hidden;
  }
  return undefined;
}

/** The type of tuples one behind the other. */
function concatenated(types: readonly Type[]): Type {
  if (types.every(({ kind }) => kind === "tuple"))
    return tupleOf(types.flatMap((type) => (type.kind === "tuple" ? type.elements : [])));
  const element = types.every(({ kind }) => kind === "list")
    ? unify(types.map((type) => (type.kind === "list" ? type.element : DYNAMIC)))
    : undefined;
  return element === undefined ? DYNAMIC : listOf(element);
}

/** Not known, and certainly not empty: what is known of it has letters. */
function isSomeText({ refinement }: UnknownValue): boolean {
  const { prefix = "", document, pieces = [] } = refinement ?? {};
  return prefix !== "" || document !== undefined || pieces.some((piece) => typeof piece === "string" && piece !== "");
}

export const collectionFunctions: FunctionTable = {
  alltrue: { parameters: [{ type: listOf(BOOL) }], result: BOOL, run: (values) => boolean(values, false) },
  anytrue: { parameters: [{ type: listOf(BOOL) }], result: BOOL, run: (values) => boolean(values, true) },
  chunklist: {
    parameters: [anyList, { type: NUMBER }],
    result: listOf(listOf(DYNAMIC)),
    inner: true,
    run: ([value, size]) => {
      const items = itemsOf(value);
      const length = decimalOf(size).toNumber();
      if (!(length >= 0 && Number.isInteger(length))) return fail("the size must be a whole number from 0");
      const element = value?.kind === "list" ? value.element : DYNAMIC;
      const step = length === 0 ? Math.max(1, items.length) : length;
      const chunks: Value[] = [];
      for (let at = 0; at < items.length; at += step) chunks.push(list(element, items.slice(at, at + step)));
      return list(listOf(element), chunks);
    },
  },
  coalesce: {
    parameters: [],
    variadic: nullable,
    result: (values) => unify(values.map(typeOf)) ?? DYNAMIC,
    raw: true,
    run: (values) => {
      const type = unify(values.map(typeOf));
      if (type === undefined) return fail("all arguments must have the same type");
      for (const value of values) {
        if (value.kind === "unknown")
          return value.refinement?.notNull === true && value.type.kind !== "string"
            ? withMarks(value, deepMarks(values))
            : withMarks(unknownFrom(type, [value]), deepMarks(values));
        if (value.kind === "null" || (value.kind === "string" && value.value === "")) continue;
        const made = convert(value, type);
        return "error" in made ? value : withMarks(made.value, deepMarks(values));
      }
      return fail("every argument is null or an empty string");
    },
  },
  coalescelist: {
    parameters: [],
    variadic: nullable,
    result: DYNAMIC,
    raw: true,
    run: (values) => {
      const marks = deepMarks(values);
      const isList = ({ kind }: Type): boolean => kind === "list" || kind === "tuple" || kind === "dynamic";
      for (const value of values) {
        const items = sequence(value);
        if (value.kind === "unknown" || items?.rest !== undefined) return withMarks(unknownFrom(DYNAMIC, [value]), marks);
        if (!isList(typeOf(value))) return fail("every argument must be a list");
        if (items !== undefined && items.items.length > 0)
          return values.every((other) => isList(typeOf(other))) ? withMarks(value, marks) : fail("every argument must be a list");
      }
      return fail("every argument is an empty list");
    },
  },
  compact: {
    parameters: [{ type: listOf(STRING) }],
    result: listOf(STRING),
    run: ([value]) => {
      const items = itemsOf(value);
      const hidden = items.filter((item) => item.kind === "unknown" && !isSomeText(item));
      if (hidden.length > 0) return unknownFrom(listOf(STRING), hidden);
      return list(
        STRING,
        items.filter((item) => item.kind === "unknown" || (item.kind === "string" && item.value !== "")),
      );
    },
  },
  concat: {
    parameters: [],
    variadic: sequenceOnly,
    result: DYNAMIC,
    raw: true,
    run: (values) => {
      const hidden = values.filter((value) => value.kind === "unknown" || sequence(value)?.rest !== undefined);
      if (hidden.length > 0) return withMarks(unknownFrom(concatenated(values.map(typeOf)), hidden), marksOf(values));
      if (values.some((value) => sequence(value) === undefined)) return fail("every argument must be a list");
      const items = values.flatMap(itemsOf);
      const lists = values.every((value) => value.kind === "list" || value.kind === "set");
      return withMarks(lists ? listOfItems(items) : tuple(items), marksOf(values));
    },
  },
  contains: {
    parameters: [any, any],
    result: BOOL,
    run: ([value, item]) => {
      const items = sequence(value);
      if (items === undefined) return fail("the first argument must be a list, tuple or set");
      let hidden = false;
      for (const other of items.items) {
        const same = sameValue(other, item ?? NULL);
        if (same === true) return bool(true);
        if (same === undefined) hidden = true;
      }
      return hidden ? unknownFrom(BOOL, [items, item ?? NULL], { notNull: true }) : bool(false);
    },
  },
  distinct: {
    parameters: [anyList],
    result: ([value]) => (value === undefined ? DYNAMIC : typeOf(value)),
    run: ([value]) => {
      const items = itemsOf(value);
      if (items.some(hasUnknown)) return unknownFrom(value === undefined ? DYNAMIC : typeOf(value), items);
      const common = listOfItems(items);
      const seen = new Set<string | undefined>();
      const kept = itemsOf(common).filter((item) => {
        const key = contentKey(item);
        return !seen.has(key) && seen.add(key);
      });
      return common.kind === "list" ? list(common.element, kept) : tuple(kept);
    },
  },
  element: {
    parameters: [sequenceOnly, { type: NUMBER }],
    result: DYNAMIC,
    raw: true,
    maybeNull: true,
    run: ([value, index]) => {
      const items = sequence(value);
      if (value?.kind === "unknown" && value.refinement?.element !== undefined && index?.kind === "number")
        return withMarks(maybeElement(value.refinement.element, value), marksOf([index]));
      const hidden = [value, index].filter((one): one is Value => one?.kind === "unknown");
      if (hidden.length > 0 || items?.rest !== undefined) {
        const listType = value === undefined ? DYNAMIC : typeOf(value);
        if (listType.kind === "tuple" && index?.kind === "number") {
          const of = listType.elements[decimalOf(index).modulo(Math.max(1, listType.elements.length)).toNumber()];
          return of === undefined ? fail("there is no element with that index") : unknownFrom(of, hidden);
        }
        const marks = index === undefined ? {} : marksOf([index]);
        return withMarks(
          unknownFrom(listType.kind === "list" ? listType.element : DYNAMIC, hidden.length > 0 ? hidden : [items ?? NULL]),
          marks,
        );
      }
      if (items === undefined) return fail("the first argument must be a list or tuple");
      if (items.items.length === 0) return fail("the list is empty");
      const at = decimalOf(index).toNumber();
      const size = items.items.length;
      const rest = at % size;
      // Counting from the end is open to lists only.
      const found = rest < 0 && items.kind === "tuple" ? undefined : items.items[(rest + size) % size];
      return found === undefined
        ? fail("the index must be a whole number from 0")
        : withMarks(found, marksOf(index === undefined ? [items] : [items, index]));
    },
  },
  flatten: {
    parameters: [any],
    result: DYNAMIC,
    raw: true,
    run: ([value]) => {
      if (value === undefined) return fail("a value is missing");
      const entries = entriesOf(value);
      // One that is not wholly known passes, and so it does here.
      if (entries !== undefined && !hasUnknown(value)) return fail("the argument must be a list, set or tuple");
      if (value.kind === "unknown") return unknownFrom(DYNAMIC, [value]);
      if (entries === undefined && sequence(value) === undefined) return fail("the argument must be a list, set or tuple");
      const items: Value[] = [];
      const marks = marksOf([value]);
      const hidden = flattenInto(entries === undefined ? value : tuple([...entries.values()]), items, marks);
      return withMarks(hidden === undefined ? tuple(items) : unknownFrom(DYNAMIC, [hidden]), marks);
    },
  },
  index: {
    parameters: [any, any],
    result: NUMBER,
    run: ([value, item]) => {
      const items = itemsOf(value);
      for (const [index, other] of items.entries()) {
        const same = sameValue(other, item ?? NULL);
        if (same === undefined) return unknownFrom(NUMBER, items);
        if (same) return number(index);
      }
      return fail("the list has no such element");
    },
  },
  length: {
    parameters: [any],
    result: NUMBER,
    raw: true,
    run: ([value]) => {
      if (value === undefined) return fail("a value is missing");
      const items = sequence(value);
      if (items?.rest !== undefined) return unknownFrom(NUMBER, [value], { notNull: true, minimum: items.items.length });
      // Unknown elements of a set may turn out to be equal.
      if (items !== undefined && mayShrink(items))
        return unknownFrom(NUMBER, [value], { notNull: true, minimum: 1, maximum: items.items.length });
      if (items !== undefined) return withMarks(number(items.items.length), marksOf([value]));
      const entries = entriesOf(value);
      if (entries !== undefined) return withMarks(number(entries.size), marksOf([value]));
      if (value.kind === "string") return withMarks(number(graphemes(value.value).length), marksOf([value]));
      if (value.kind === "unknown") {
        if (value.type.kind === "tuple") return withMarks(number(value.type.elements.length), marksOf([value]));
        if (value.type.kind === "object") return withMarks(number(value.type.attributes.size), marksOf([value]));
        if (value.type.kind === "number" || value.type.kind === "bool")
          return fail("the argument must be a string, a list or a map");
        return unknownFrom(NUMBER, [value], {
          notNull: true,
          minimum: value.refinement?.minimumLength ?? graphemes(value.refinement?.prefix ?? "").length,
          ...(value.refinement?.maximumLength === undefined ? {} : { maximum: value.refinement.maximumLength }),
        });
      }
      return fail("the argument must be a string, a list or a map");
    },
  },
  matchkeys: {
    parameters: [anyList, anyList, anyList],
    result: ([values]) => (values?.kind === "list" ? typeOf(values) : listOf(DYNAMIC)),
    check: ([, keys, wanted]) => {
      const types = [keys, wanted].map((value) => (value === undefined ? DYNAMIC : elementOf(value)));
      return unify(types) === undefined ? fail("the keys and what is searched for must have one type") : undefined;
    },
    run: ([values, keys, wanted]) => {
      const all = itemsOf(values);
      const names = itemsOf(keys);
      if (all.length !== names.length) return fail("values and keys must have the same length");
      if (names.length > 0 && (names.some(hasUnknown) || itemsOf(wanted).some(hasUnknown)))
        return unknownFrom(values === undefined ? listOf(DYNAMIC) : typeOf(values), [...names, ...itemsOf(wanted)]);
      const kept = all.filter((_item, index) => holds(itemsOf(wanted), names[index] ?? NULL));
      return list(values?.kind === "list" ? values.element : DYNAMIC, kept);
    },
  },
  one: {
    parameters: [iterable],
    result: DYNAMIC,
    raw: true,
    maybeNull: true,
    run: ([value]) => {
      if (value?.kind === "unknown" && value.type.kind === "tuple") {
        if (value.type.elements.length > 1) return fail("the list has more than one element");
        return unknownFrom(value.type.elements[0] ?? DYNAMIC, [value]);
      }
      if (value?.kind === "unknown" && value.refinement?.element !== undefined)
        return maybeElement(value.refinement.element, value);
      if (value?.kind === "unknown") {
        const element = value.type.kind === "list" || value.type.kind === "set" ? value.type.element : DYNAMIC;
        return unknownFrom(element, [value]);
      }
      const items = sequence(value);
      if (items === undefined) return fail("the argument must be a list, set or tuple");
      if (items.rest !== undefined || mayShrink(items)) return unknownFrom(DYNAMIC, [items]);
      if (items.items.length > 1) return fail("the list has more than one element");
      return withMarks(items.items[0] ?? nullOf(items.kind === "tuple" ? DYNAMIC : items.element), marksOf([items]));
    },
  },
  range: {
    parameters: [{ type: NUMBER }],
    variadic: { type: NUMBER },
    result: listOf(NUMBER),
    run: (values, scope) => {
      const numbers = values.map(decimalOf);
      const [start, end] =
        numbers.length === 1
          ? [new ExactDecimal(0), numbers[0] ?? new ExactDecimal(0)]
          : [numbers[0] ?? new ExactDecimal(0), numbers[1] ?? new ExactDecimal(0)];
      const step = numbers[2] ?? new ExactDecimal(end.lessThan(start) ? -1 : 1);
      if (step.isZero()) return fail("the step must not be zero");
      if (end.lessThan(start) && step.isPositive()) return fail("the step must be negative to count down");
      if (end.greaterThan(start) && step.isNegative()) return fail("the step must be positive to count up");
      const items: Value[] = [];
      const limit = Math.min(1024, scope.budget.maximumElements);
      for (let at = start; step.isPositive() ? at.lessThan(end) : at.greaterThan(end); at = at.plus(step)) {
        if (items.length >= limit) return fail("more than 1024 elements would be made");
        items.push(number(at));
      }
      return list(NUMBER, items);
    },
  },
  reverse: {
    parameters: [iterable],
    result: ([value]) => (value === undefined ? DYNAMIC : typeOf(value)),
    inner: true,
    run: ([value]) => {
      const items = sequence(value);
      if (items !== undefined && mayShrink(items)) return unknownFrom(listOf(elementOf(items)), [items]);
      return items === undefined ? fail("the argument must be a list or tuple") : like(items, [...items.items].reverse());
    },
  },
  slice: {
    parameters: [sequenceOnly, { type: NUMBER }, { type: NUMBER }],
    result: ([value]) => (value !== undefined && typeOf(value).kind === "list" ? typeOf(value) : DYNAMIC),
    inner: true,
    check: ([value, from, to]) => {
      if (value?.kind !== "unknown" || value.type.kind !== "tuple" || from?.kind !== "number" || to?.kind !== "number")
        return undefined;
      const [start, end] = [decimalOf(from).toNumber(), decimalOf(to).toNumber()];
      return start < 0 || end < start || end > value.type.elements.length ? fail("the indexes lie outside the list") : undefined;
    },
    run: ([value, from, to]) => {
      const items = sequence(value);
      const start = decimalOf(from).toNumber();
      const end = decimalOf(to).toNumber();
      if (items === undefined || items.kind === "set") return fail("the first argument must be a list or tuple");
      if (!Number.isInteger(start) || !Number.isInteger(end)) return fail("the indexes must be whole numbers");
      if (start < 0 || end < start || end > items.items.length) return fail("the indexes lie outside the list");
      return like(items, items.items.slice(start, end));
    },
  },
  sort: {
    parameters: [{ type: listOf(STRING) }],
    result: listOf(STRING),
    run: ([value]) => {
      const items = itemsOf(value);
      const hidden = items.filter((item) => item.kind === "unknown");
      // Only the length is known then.
      if (hidden.length > 0)
        return list(
          STRING,
          items.map(() => unknownFrom(STRING, hidden, { notNull: true })),
        );
      if (items.some((item) => item.kind === "null")) return fail("the list holds null");
      return list(
        STRING,
        [...items].sort((a, b) => compareStrings(textOf(a), textOf(b))),
      );
    },
  },
  sum: {
    parameters: [any],
    result: NUMBER,
    run: ([value]) => {
      const items = itemsOf(value);
      if (items.length === 0) return fail("the list is empty");
      let total = new ExactDecimal(0);
      for (const item of items) {
        const made = convert(item, NUMBER);
        if ("error" in made || made.value.kind === "null") return fail("every element must be a number");
        if (made.value.kind === "unknown") return unknownFrom(NUMBER, [made.value], { notNull: true });
        total = total.plus(decimalOf(made.value));
      }
      return number(total);
    },
  },
};
