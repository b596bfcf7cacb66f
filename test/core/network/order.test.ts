import assert from "node:assert/strict";
import { openTo } from "../../../src/core/network/open.ts";
import { unknown, reason, NUMBER } from "../../../src/core/values/make.ts";
import type { Value } from "../../../src/core/values/value.ts";
import { instance, open, partial, shown, toValue } from "../cel/world.ts";

/* An open rule for TCP 22 beside one other rule: open, stopped, or no telling. */

const accept = {
  direction: "ingress",
  action: "accept",
  protocol: "tcp",
  ports: [{ from: 22, to: 22 }],
  cidrs: ["0.0.0.0/0"],
  priority: 10,
};
const drop = { ...accept, action: "drop", priority: 1 };
const maybe = [{ kind: "count", detail: "var.n" }] as const;

function outcome(rules: unknown): "open" | "stopped" | "unknown" {
  const found = shown(openTo(toValue(rules), toValue("ingress"), toValue("tcp"), toValue(22)));
  if (!Array.isArray(found)) return "unknown";
  if (found.some((one) => one !== "…?")) return "open";
  return found.length > 0 ? "unknown" : "stopped";
}

const rows: readonly (readonly [name: string, other: unknown, expected: ReturnType<typeof outcome>])[] = [
  ["a drop before it", drop, "stopped"],
  ["a drop of the same priority", { ...drop, priority: 10 }, "stopped"],
  ["a drop after it", { ...drop, priority: 11 }, "open"],
  ["a drop in the other direction", { ...drop, direction: "egress" }, "open"],
  ["a drop of another port", { ...drop, ports: [{ from: 23, to: 65535 }] }, "open"],
  ["a drop of another protocol", { ...drop, protocol: "udp" }, "open"],
  ["a drop of every protocol", { ...drop, protocol: "all", ports: [{ from: 0, to: 65535 }] }, "stopped"],
  ["a drop of half of the internet", { ...drop, cidrs: ["0.0.0.0/1"] }, "open"],
  ["a drop of both halves", { ...drop, cidrs: ["0.0.0.0/1", "128.0.0.0/1"] }, "stopped"],
  ["a drop of the other family", { ...drop, cidrs: ["::/0"] }, "open"],
  ["a drop of networks that are not known", { ...drop, cidrs: open() }, "unknown"],
  ["a drop whose priority is not known", { ...drop, priority: unknown(NUMBER, reason("computed")) }, "unknown"],
  ["a rule whose action is not known", { ...drop, action: open() }, "unknown"],
  ["a drop that may not exist", instance(drop, maybe), "unknown"],
  ["another accept rule", { ...accept, cidrs: ["10.0.0.0/8"] }, "open"],
];

describe("An open rule", () => {
  for (const [name, other, expected] of rows) {
    it(`is ${expected === "unknown" ? "nothing certain" : expected} beside ${name}`, () => {
      assert.equal(outcome([accept, other]), expected);
      assert.equal(outcome([other, accept]), expected, "in the other order");
    });
  }

  it("stays a finding where further rules are not known, unless the files have a drop", () => {
    assert.equal(outcome(partial([accept])), "open");
    assert.equal(outcome(partial([accept, { ...drop, priority: 11 }])), "unknown");
    assert.equal(outcome(partial([drop])), "unknown");
    assert.equal(outcome(partial([])), "unknown");
  });

  it("is nothing certain when it may not exist", () => {
    assert.equal(outcome([instance(accept, maybe)]), "unknown");
    assert.equal(outcome([accept, instance(accept, maybe)]), "open");
  });

  it("may be asked for about several ports at once, and comes once with every network that it opens", () => {
    const both = { ...accept, ports: [{ from: 22, to: 3389 }], cidrs: ["0.0.0.0/0", "::/0"] };
    const partlyStopped = { ...drop, ports: [{ from: 22, to: 22 }], cidrs: ["::/0"] };
    const ask = (rules: unknown, ports: unknown) =>
      shown(openTo(toValue(rules), toValue("ingress"), toValue("tcp"), toValue(ports)));
    const [one, ...others] = ask([partlyStopped, both], [22, 3389]) as readonly { readonly cidrs: readonly string[] }[];
    assert.deepEqual(one?.cidrs, ["0.0.0.0/0", "::/0"]);
    assert.deepEqual(others, []);
    assert.deepEqual(ask([partlyStopped, both], [22]), ask([partlyStopped, both], 22));
    assert.deepEqual(ask([accept], [80, 443]), []);
    assert.deepEqual(ask([accept], []), []);
    assert.deepEqual(ask([accept], partial([80])), ["…?"]);
    assert.ok(!Array.isArray(ask([accept], [22, open()])), "a port that is not known leaves everything open");
  });

  it("is at its place in the list that is asked, whoever asked about the same rules before", () => {
    const rules = toValue([accept]);
    const placesIn = (of: Value): unknown => {
      const found = openTo(of, toValue("ingress"), toValue("tcp"), toValue(22));
      const [rule] = "items" in found ? found.items : [];
      const cidrs = rule?.kind === "object" ? rule.entries.get("cidrs") : undefined;
      return cidrs !== undefined && "items" in cidrs ? cidrs.items.map(({ path }) => path) : undefined;
    };
    assert.deepEqual(placesIn(rules), [undefined]);
    assert.deepEqual(placesIn({ ...rules, path: ["ingress"] }), [["ingress", 0, "cidrs", 0]]);
    assert.deepEqual(placesIn({ ...rules, path: ["egress"] }), [["egress", 0, "cidrs", 0]]);
    assert.deepEqual(placesIn(rules), [undefined]);
  });
});
