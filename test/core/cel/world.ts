import type { Environment, Program, Scope, StaticType } from "../../../src/core/cel/program.ts";
import { compile } from "../../../src/core/cel/compile.ts";
import { fromJson } from "../../../src/core/values/json.ts";
import {
  BOOL,
  DYNAMIC,
  FALSE,
  listOf,
  NUMBER,
  object,
  objectOf,
  reason,
  STRING,
  TRUE,
  unknown,
} from "../../../src/core/values/make.ts";
import type { Path, Reason, Selectable, Type, Value } from "../../../src/core/values/value.ts";

/** Types in short: `s n b y`, `[T]`, `{a: T}`, and parts as `part(…)`. */
export type Shape = "s" | "n" | "b" | "y" | readonly [Shape] | Part | { readonly [name: string]: Shape };
export interface Part {
  readonly part: true;
  readonly many: boolean;
  readonly shape: { readonly [name: string]: Shape };
}

export function one(shape: { readonly [name: string]: Shape }): Part {
  return { part: true, many: false, shape };
}

export function many(shape: { readonly [name: string]: Shape }): Part {
  return { part: true, many: true, shape };
}

function isPart(shape: Shape): shape is Part {
  return typeof shape === "object" && "part" in shape && shape.part === true;
}

export function typeOfShape(shape: Shape): StaticType {
  if (shape === "s") return STRING;
  if (shape === "n") return NUMBER;
  if (shape === "b") return BOOL;
  if (shape === "y") return DYNAMIC;
  if (isPart(shape)) {
    const instance: Extract<StaticType, { kind: "instance" }> = {
      kind: "instance",
      types: ["part"],
      select: (name) => (shape.shape[name] === undefined ? undefined : typeOfShape(shape.shape[name])),
      names: () => Object.keys(shape.shape),
    };
    return shape.many ? { kind: "instances", of: instance } : instance;
  }
  if (Array.isArray(shape)) return listOf(typeOfShape((shape as readonly [Shape])[0]) as Type);
  return objectOf(new Map(Object.entries(shape).map(([name, of]) => [name, typeOfShape(of) as Type])));
}

export function environment(shape: { readonly [name: string]: Shape }, more: Partial<Environment> = {}): Environment {
  const root = typeOfShape(one(shape)) as Extract<StaticType, { kind: "instance" }>;
  return {
    name: (name) =>
      name === "self"
        ? root
        : name === "parameters"
          ? objectOf(
              new Map([
                ["days", NUMBER],
                ["length", NUMBER],
              ]),
            )
          : root.select(name),
    names: () => Object.keys(shape),
    table: (name) =>
      name === "runtimes"
        ? objectOf(
            new Map([
              ["deprecated", STRING],
              ["successor", STRING],
              ["on", BOOL],
              ["document", STRING],
            ]),
          )
        : undefined,
    dialect: "aws",
    ...more,
  };
}

/** Values as JSON; a `Value` stands for itself, an `instance(…)` for a part. */
export function toValue(data: unknown): Value {
  if (isValue(data)) return data;
  if (Array.isArray(data)) return { kind: "list", element: DYNAMIC, items: data.map(toValue) };
  if (typeof data === "object" && data !== null)
    return object(Object.entries(data).map(([key, item]) => [key, toValue(item)] as const));
  return fromJson(data);
}

function isValue(data: unknown): data is Value {
  return typeof data === "object" && data !== null && "kind" in data && typeof data.kind === "string" && !("part" in data);
}

class FakeInstance implements Selectable {
  readonly type = "part";
  readonly address = "example.a";
  readonly #values: ReadonlyMap<string, Value>;

  constructor(data: object) {
    this.#values = new Map(Object.entries(data).map(([name, value]) => [name, toValue(value)]));
  }

  select(name: string): Value {
    return this.#values.get(name) ?? { kind: "null", type: DYNAMIC };
  }

  trace(name: string): Value {
    return { ...this.select(name), path: [name] };
  }
}

export function instance(data: object, maybe?: readonly Reason[]): Value {
  return { kind: "instance", target: new FakeInstance(data), ...(maybe === undefined ? {} : { maybe }) };
}

export function open(detail = "var.x"): Value {
  return unknown(DYNAMIC, reason("variable", detail));
}

export function partial(items: readonly unknown[], detail = "var.rest"): Value {
  return { kind: "list", element: DYNAMIC, items: items.map(toValue), rest: [reason("variable", detail)] };
}

export function sensitive(value: string): Value {
  return { kind: "string", value, sensitive: true };
}

export function scope(data: object, more: Partial<Scope> = {}): Scope {
  return {
    instance: new FakeInstance(data),
    parameters: toValue({ days: 90, length: 14 }),
    now: "2026-06-01T00:00:00Z",
    table: (_name, key) =>
      key === "old"
        ? toValue({ deprecated: "2020-01-01", successor: "new", on: true })
        : key === "new"
          ? toValue({ deprecated: null, successor: null, on: false })
          : unknown(DYNAMIC, reason("unknown", "not in the table")),
    literal: (path: Path) => (path[0] === "secret_id" ? TRUE : FALSE),
    ...more,
  };
}

export function compiled(text: string, env: Environment): Program {
  const { program, problems } = compile(text, env);
  if (program === undefined) throw new Error(`${text}: ${problems.map((one) => one.message).join("; ")}`);
  return program;
}

/** True, false, a text, or `unknown: reasons`. */
export function shown(value: Value): unknown {
  if (value.kind === "unknown") return `unknown: ${value.reasons.map((one) => [one.kind, one.detail].join(" ").trim()).join(", ")}`;
  if (value.kind === "null") return null;
  if (value.kind === "bool" || value.kind === "string") return value.value;
  if (value.kind === "number") return Number(value.value);
  if ("items" in value) return [...value.items.map(shown), ...(value.rest === undefined ? [] : ["…?"])];
  if (value.kind === "instance") return value.target.address;
  return Object.fromEntries([...value.entries].map(([key, item]) => [key, shown(item)]));
}
