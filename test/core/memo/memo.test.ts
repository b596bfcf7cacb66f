import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  forOnce,
  Input,
  lasting,
  Query,
  QueryFamily,
  Scratch,
  tentatively,
  untracked,
  withoutDepthLimit,
} from "../../../src/core/memo/memo.ts";

describe("memo", () => {
  it("asks for once: what is made meanwhile notes nothing, what lasts follows changes all the same", () => {
    const input = new Input(1);
    const outside = new Query(() => input.get() * 10);
    const family = new QueryFamily((key: number) => outside.get() + key);
    const [passing, kept] = forOnce(() => {
      equal(family.get(5), 15);
      return [new Query(() => input.get() + 1), lasting(() => new Query(() => input.get() + 2))];
    });
    deepEqual([passing.get(), kept.get()], [2, 3]);
    equal(passing.sourceCount, 0);
    equal(outside.observerCount, 0);
    equal(input.observerCount, 2);
    input.set(2);
    deepEqual([outside.get(), passing.get(), kept.get(), family.get(5)], [20, 2, 4, 15]);
    family.forget(5);
    equal(family.get(5), 25);
    input.set(3);
    equal(family.get(5), 35);
  });

  it("gives queries on a cycle the same values whether they are asked for once or not", () => {
    const values = (): readonly number[] => {
      const a: Query<number> = new Query(() => b.get() + 1, { onCycle: () => -1 });
      const b: Query<number> = new Query(() => a.get() + c.get(), { onCycle: () => -2 });
      const c: Query<number> = new Query(() => 7);
      const d: Query<number> = new Query(() => a.get() + b.get());
      return [d.get(), c.get(), b.get(), a.get()];
    };
    deepEqual(forOnce(values), values());
  });

  it("keeps the value of each key of a family that is asked for once, undefined too", () => {
    let runs = 0;
    const family = new QueryFamily((key: number) => (runs++, key % 2 === 0 ? key : undefined));
    equal(family.has(1), false);
    deepEqual(
      forOnce(() => [family.get(1), family.get(2), family.get(1), family.get(2)]),
      [undefined, 2, undefined, 2],
    );
    equal(runs, 2);
    deepEqual([family.get(1), family.get(2), runs], [undefined, 2, 2]);
    deepEqual(
      [family.has(1), family.isClean(1), family.last(1), family.last(2), family.last(3)],
      [true, true, undefined, 2, undefined],
    );
    family.sweep((key) => key === 2);
    deepEqual([family.size, family.get(1), runs], [1, undefined, 3]);
  });

  it("gives the queries of a family on a cycle the same values whether they are asked for once or not", () => {
    const values = (): readonly string[] => {
      const links = new Map([
        ["a", ["b"]],
        ["b", ["a", "c"]],
        ["c", []],
        ["d", ["c", "b"]],
      ]);
      const family: QueryFamily<string, string, string> = new QueryFamily(
        (key, owner) => `${owner}${key}(${(links.get(key) ?? []).map((link) => family.get(link)).join()})`,
        { onCycle: (key, owner) => `${owner}cycle ${key}` },
        "of ",
      );
      return ["d", "c", "b", "a", "b"].map((key) => family.get(key));
    };
    const expected = ["of d(of c(),of cycle b)", "of c()", "of cycle b", "of cycle a", "of cycle b"];
    deepEqual(values(), expected);
    deepEqual(forOnce(values), expected);
  });

  it("holds what was found out in a computation until another begins or the outermost ends", () => {
    const scratch = new Scratch(() => new Set<string>());
    equal(scratch.get(), undefined);
    const inner = new Query(() => scratch.get()?.add("inner").size);
    const outer = new Query(() => {
      scratch.get()?.add("before").add("too");
      const before = scratch.get()?.size;
      return [before, inner.get(), scratch.get()?.size];
    });
    deepEqual(outer.get(), [2, 1, 0]);
    equal(scratch.get(), undefined);
  });

  it("computes nothing until it is asked, and once only", () => {
    let runs = 0;
    const input = new Input(1);
    const query = new Query(() => (runs++, input.get() + 1));
    equal(runs, 0);
    equal(query.get() + query.get(), 4);
    equal(runs, 1);
  });

  it("recomputes only what read the changed input", () => {
    const runs: string[] = [];
    const a = new Input(1);
    const b = new Input(1);
    const left = new Query(() => (runs.push("left"), a.get()));
    const right = new Query(() => (runs.push("right"), b.get()));
    const sum = new Query(() => (runs.push("sum"), left.get() + right.get()));
    sum.get();
    runs.length = 0;
    b.set(2);
    equal(sum.get(), 3);
    deepEqual(runs, ["right", "sum"]);
  });

  it("stops where a recomputed value is equal", () => {
    let runs = 0;
    const input = new Input(1);
    const even = new Query(() => input.get() % 2 === 0);
    const text = new Query(() => (runs++, even.get() ? "even" : "odd"));
    text.get();
    input.set(3);
    equal(text.get(), "odd");
    equal(runs, 1);
  });

  it("does not compute what is no longer read", () => {
    const on = new Input(true);
    const divisor = new Input(1);
    const quotient = new Query(() => {
      if (divisor.get() === 0) throw new Error("Not reached.");
      return 1 / divisor.get();
    });
    const result = new Query(() => (on.get() ? quotient.get() : 0));
    equal(result.get(), 1);
    on.set(false);
    divisor.set(0);
    equal(result.get(), 0);
  });

  it("keeps the identity of an equal value", () => {
    const input = new Input(1);
    const query = new Query(() => [input.get() > 0], { equal: (a, b) => a[0] === b[0] });
    const before = query.get();
    input.set(2);
    equal(query.get(), before);
  });

  it("throws on a cycle without a value for it, and works again afterwards", () => {
    const loop = new Input(true);
    const query: Query<number> = new Query(() => (loop.get() ? query.get() : 7));
    throws(() => query.get(), /needs itself/);
    loop.set(false);
    equal(query.get(), 7);
  });

  it("follows chains of any length without exhausting the stack, and tells cycles from them", () => {
    const start = new Input(1);
    const chain: Query<number>[] = [new Query(() => start.get())];
    for (let index = 1; index < 20_000; index++) chain.push(new Query(() => (chain[index - 1]?.get() ?? 0) + 1));
    const last = chain.at(-1);
    equal(
      withoutDepthLimit(() => last?.get()),
      20_000,
    );
    start.set(2);
    equal(
      withoutDepthLimit(() => last?.get()),
      20_001,
    );
    const ring: Query<number>[] = Array.from(
      { length: 200 },
      (_, index) => new Query((): number => ring[(index + 1) % 200]?.get() ?? 0, { onCycle: () => -1 }),
    );
    deepEqual(
      withoutDepthLimit(() => ring.map((query) => query.get())),
      Array.from({ length: 200 }, () => -1),
    );
  });

  it("reads without dependency when untracked", () => {
    const input = new Input(1);
    const query = new Query(() => untracked(() => input.get()));
    equal(query.get(), 1);
    input.set(2);
    equal(query.get(), 1);
  });

  it("sweeps what nothing observes and the caller no longer uses", () => {
    const input = new Input(0);
    const family = new QueryFamily((key: number) => key + input.get());
    for (let key = 0; key < 100; key++) family.get(key);
    const reader = new Query(() => family.get(5));
    reader.get();
    family.sweep((key) => key === 7);
    equal(family.size, 2);
    equal(input.observerCount, 2);
  });

  it("keeps no observer of a former reading over many edits", () => {
    const index = new Input(0);
    const inputs = Array.from({ length: 50 }, (_, n) => new Input(n));
    const query = new Query(() => inputs[index.get()]?.get());
    for (let edit = 0; edit < 1000; edit++) {
      index.set(edit % 50);
      query.get();
    }
    equal(query.sourceCount, 2);
    equal(
      inputs.reduce((sum, input) => sum + input.observerCount, 0),
      1,
    );
  });

  it("is after a trial what it was before, and computes nothing again because of it", () => {
    const [a, b] = [new Input(1), new Input(10)];
    let runs = 0;
    const made = new QueryFamily((name: string) => (name === "a" ? a : b).get());
    const sum = new Query(() => (runs++, made.get("a") > 1 ? made.get("a") + made.get("b") : made.get("a")));
    equal(sum.get(), 1);
    equal(
      tentatively(() => {
        a.set(2);
        b.set(20);
        const inner = tentatively(() => (a.set(5), sum.get()));
        return inner * 100 + sum.get();
      }),
      2522,
    );
    equal(runs, 3);
    equal(sum.get(), 1);
    equal(runs, 3);
    b.set(30);
    equal(sum.get(), 1);
    equal(runs, 3);
    a.set(3);
    equal(sum.get(), 33);
    throws(() => tentatively(() => void (a.set(9), sum.get(), JSON.parse("{"))));
    equal(sum.get(), 33);
  });

  it("equals a computation from scratch after any edits of a graph without cycles", () => {
    sameAsFresh((index, value) => ({ ...value, reads: value.reads.filter((read) => read < index) }));
  });

  it("equals a computation from scratch after any edits of a graph with cycles", () => {
    sameAsFresh((_, value) => ({ ...value, choose: false }));
  });

  it("gives every query of a cycle the same value, whichever is asked first", () => {
    for (const first of [0, 1, 2]) {
      const reads = [[1], [2], [0]].map((list) => new Input<GraphNode>({ reads: list, choose: false, modulo: 5 }));
      const queries = graph(reads);
      queries[first]?.get();
      deepEqual(
        queries.map((query) => query.get()),
        [-1, -1, -1],
      );
    }
  });

  it("lets a query that outlives its cycle keep its own result", () => {
    const loop = new Input(true);
    const body: Query<string> = new Query(() => `a(${reference.get()})`, { onCycle: () => "", outlivesCycle: true });
    const reference: Query<string> = new Query(() => (loop.get() ? body.get() : "free"), { onCycle: () => "cycle" });
    equal(body.get(), "a(cycle)");
    equal(reference.get(), "cycle");
    loop.set(false);
    equal(body.get(), "a(free)");
    loop.set(true);
    equal(reference.get(), "cycle");
    equal(body.get(), "a(cycle)");
    ok(body.isClean);
  });
});

interface GraphNode {
  readonly reads: readonly number[];
  readonly choose: boolean;
  readonly modulo: number;
}

function sameAsFresh(adapt: (index: number, node: GraphNode) => GraphNode): void {
  const node = fc.record({
    reads: fc.array(fc.nat(11), { maxLength: 3 }),
    choose: fc.boolean(),
    modulo: fc.integer({ min: 1, max: 5 }),
  });
  const edit = fc.record({ at: fc.nat(11), node, ask: fc.array(fc.nat(11), { maxLength: 4 }) });
  const graphs = fc.array(node, { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(graphs, fc.array(edit, { maxLength: 12 }), (nodes, edits) => {
      const current = nodes.map((value, index) => new Input<GraphNode>(adapt(index, value)));
      const kept = graph(current);
      for (const { at, node: changed, ask } of edits) {
        for (const index of ask) kept[index]?.get();
        current[at]?.set(adapt(at, changed));
        const fresh = graph(current);
        for (let index = 11; index >= 0; index--) {
          equal(kept[index]?.get(), fresh[index]?.get(), `node ${index}`);
        }
      }
    }),
    { numRuns: 500 },
  );
}

/** Each node adds up what it reads; one that chooses reads its second only if the first is odd. */
function graph(inputs: readonly Input<GraphNode>[]): Query<number>[] {
  const queries: Query<number>[] = inputs.map(
    (input, index) =>
      new Query(
        () => {
          const { reads, choose, modulo } = input.get();
          let sum = index;
          for (const [position, read] of reads.entries()) {
            if (choose && position === 1 && sum % 2 === 0) continue;
            sum += queries[read]?.get() ?? 0;
          }
          return sum % modulo;
        },
        { onCycle: () => -1 },
      ),
  );
  return queries;
}
