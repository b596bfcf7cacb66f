import assert from "node:assert/strict";
import fc from "fast-check";
import { compile } from "../../../src/core/cel/compile.ts";
import type { Value } from "../../../src/core/values/value.ts";
import { environment, instance, many, open, partial, scope, shown, toValue } from "./world.ts";

const shape = { a: "b", b: "b", c: "b", n: "n", s: "s", xs: ["n"], ps: many({ on: "b", k: "n" }) } as const;
const env = environment(shape);

/** Random assertions over the names of `shape`. */
const { expression } = fc.letrec<{ expression: string; scalar: string }>((tie) => ({
  scalar: fc.constantFrom("n", "1", "2", "n + 1", "size(xs)", "xs[0]", "(a ? n : 2)"),
  expression: fc.oneof(
    { maxDepth: 4, depthIdentifier: "cel" },
    fc.constantFrom(
      "a",
      "b",
      "c",
      "true",
      "false",
      "has(n)",
      "empty(xs)",
      "empty(ps)",
      's == "x"',
      's.startsWith("x")',
      "n == null",
      "n in xs",
    ),
    fc.tuple(tie("scalar"), fc.constantFrom("==", "!=", "<", "<=", ">", ">="), tie("scalar")).map((one) => one.join(" ")),
    tie("expression").map((one) => `!(${one})`),
    fc
      .tuple(tie("expression"), fc.constantFrom("&&", "||", "==", "!="), tie("expression"))
      .map(([x, op, y]) => `(${x}) ${op} (${y})`),
    fc.tuple(tie("expression"), tie("expression"), tie("expression")).map(([x, y, z]) => `((${x}) ? (${y}) : (${z}))`),
    fc
      .tuple(fc.constantFrom("all", "exists", "exists_one"), fc.constantFrom("x == n", "x > 1", "a || x != 2", "!(x in xs)"))
      .map(([name, body]) => `xs.${name}(x, ${body})`),
    fc
      .tuple(fc.constantFrom("all", "exists", "exists_one"), fc.constantFrom("p.on", "p.k == n", "!p.on || p.k > 1", "p.on == a"))
      .map(([name, body]) => `ps.${name}(p, ${body})`),
    fc.constantFrom(
      "empty(xs.filter(x, x > n))",
      "xs.filter(x, a).all(y, y > 0)",
      "xs.map(x, x + 1).exists(y, y == n)",
      "size(flat([n, xs])) > 1",
      "empty(ps.filter(p, p.on))",
    ),
  ),
}));

const bool = fc.constantFrom<unknown>(true, false, null);
const small = fc.constantFrom<unknown>(0, 1, 2, 3, null);
const known = fc.record({
  a: bool,
  b: bool,
  c: bool,
  n: small,
  s: fc.constantFrom<unknown>("x", "y", "xy", null),
  xs: fc.oneof(fc.array(fc.constantFrom(0, 1, 2, 3), { maxLength: 3 }), fc.constant(null)),
  ps: fc.array(fc.record({ on: bool, k: small }), { maxLength: 3 }),
});

/** Takes knowledge away: whole values, the end of lists, elements' members. */
function forget(data: Record<string, unknown>, hidden: readonly boolean[], cut: number): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  let i = 0;
  for (const [name, value] of Object.entries(data)) {
    const hide = hidden[i++ % hidden.length] === true;
    if (!hide) result[name] = value;
    else if (Array.isArray(value) && cut <= value.length) {
      const kept = (value as unknown[]).slice(0, cut);
      result[name] = partial(kept.map((one) => (typeof one === "object" && one !== null ? { ...one, k: open(`${name}.k`) } : one)));
    } else result[name] = open(name);
  }
  return result;
}

describe("Three-valued logic of the check language", () => {
  it("keeps a decided verdict whatever the unknowns turn out to be", () => {
    fc.assert(
      fc.property(
        expression,
        known,
        fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
        fc.nat(3),
        (text, data, hidden, cut) => {
          const { program, problems } = compile(text, env);
          fc.pre(problems.length === 0 && program !== undefined);
          const before = program.evaluate(scope(forget(data, hidden, cut)));
          if (before.kind !== "bool") return;
          assert.equal(shown(program.evaluate(scope(data))), before.value, text);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("keeps a decided verdict whichever of the instances that may not exist do", () => {
    const count = [{ kind: "count", detail: "var.n" }] as const;
    fc.assert(
      fc.property(
        expression,
        known,
        fc.array(fc.constantFrom("here", "maybe, and is", "maybe, and is not"), { minLength: 3, maxLength: 3 }),
        (text, data, fates) => {
          const { program, problems } = compile(text, env);
          fc.pre(problems.length === 0 && program !== undefined);
          const fate = (index: number): string => fates[index] ?? "here";
          const doubtful = data.ps.map((one, index) => instance(one, fate(index) === "here" ? undefined : count));
          const before = program.evaluate(scope({ ...data, ps: doubtful }));
          if (before.kind !== "bool") return;
          const real = data.ps.filter((_, index) => fate(index) !== "maybe, and is not").map((one) => instance(one));
          assert.equal(shown(program.evaluate(scope({ ...data, ps: real }))), before.value, text);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("gives the same value in both modes", () => {
    fc.assert(
      fc.property(
        expression,
        known,
        fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
        fc.nat(3),
        (text, data, hidden, cut) => {
          const { program } = compile(text, env);
          fc.pre(program !== undefined);
          const world = scope(forget(data, hidden, cut));
          assert.deepEqual(shown(program.trace(world).value), shown(program.evaluate(world)), text);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it("follows Kleene's tables", () => {
    const values: [string, Value][] = [
      ["true", toValue(true)],
      ["false", toValue(false)],
      ["unknown", open()],
    ];
    const rank = (one: string): number => ["false", "unknown", "true"].indexOf(one);
    const name = (value: Value): string => (value.kind === "bool" ? String(value.value) : value.kind);
    for (const [x, a] of values) {
      for (const [y, b] of values) {
        const world = scope({ a, b });
        const result = (text: string): string => name(compile(text, env).program!.evaluate(world));
        assert.equal(result("a && b"), rank(x) < rank(y) ? x : y, `${x} && ${y}`);
        assert.equal(result("a || b"), rank(x) > rank(y) ? x : y, `${x} || ${y}`);
      }
    }
  });
});
