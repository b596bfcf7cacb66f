import assert from "node:assert/strict";
import { contains, isPrivate, parseCidr } from "../../../src/core/network/cidr.ts";
import { openTo } from "../../../src/core/network/open.ts";
import { parsePorts, portsValue } from "../../../src/core/network/ports.ts";
import { parseProtocol } from "../../../src/core/network/protocol.ts";
import { DYNAMIC, list, reason } from "../../../src/core/values/make.ts";
import type { Value } from "../../../src/core/values/value.ts";
import { open, partial, shown, toValue } from "../cel/world.ts";

const base = {
  direction: "ingress",
  action: "accept",
  protocol: "tcp",
  ports: [{ from: 22, to: 22 }],
  cidrs: ["0.0.0.0/0"],
  priority: 10,
};

function opened(...rules: object[]): unknown[] {
  const found = openTo(toValue(rules), toValue("ingress"), toValue("tcp"), toValue(22));
  return (shown(found) as ({ cidrs: unknown } | string)[]).map((one) => (typeof one === "string" ? one : one.cidrs));
}

describe("Networks", () => {
  it("are read in both families", () => {
    assert.equal(parseCidr("10.0.0.0/8")?.prefix, 8);
    assert.equal(parseCidr("2001:db8::1")?.prefix, 128);
    for (const text of ["10.0.0/8", "10.0.0.0/33", "256.0.0.0/8", "::1::/3", "x", "1:2:3:4:5:6:7:8:9/3", ""])
      assert.equal(parseCidr(text), undefined, text);
    assert.ok(contains(parseCidr("10.0.0.0/8")!, parseCidr("10.9.0.0/16")!));
    assert.ok(!contains(parseCidr("::/0")!, parseCidr("10.9.0.0/16")!));
    assert.ok(
      isPrivate(parseCidr("172.20.0.0/16")!) && !isPrivate(parseCidr("172.32.0.0/16")!) && !isPrivate(parseCidr("0.0.0.0/0")!),
    );
  });
});

describe("Ports and protocols", () => {
  it("are read in every cloud's notation", () => {
    assert.deepEqual(parsePorts("80,443"), [
      { from: 80, to: 80 },
      { from: 443, to: 443 },
    ]);
    assert.deepEqual(parsePorts("22/22"), [{ from: 22, to: 22 }]);
    for (const text of ["ALL", "-1/-1", "all"]) assert.deepEqual(parsePorts(text), [{ from: 0, to: 65535 }]);
    assert.equal(parsePorts("9-1"), undefined);
    assert.deepEqual(["6", "TCP", "-1", "ALL", "17", "gre"].map(parseProtocol), ["tcp", "tcp", "all", "all", "udp", "other"]);
    assert.deepEqual(shown(portsValue([toValue("-1"), toValue(null), toValue(null)])), [{ from: 0, to: 65535 }]);
    assert.deepEqual(shown(portsValue([toValue("tcp"), toValue(open()), toValue(22)])), "unknown: variable var.x");
  });
});

describe("openTo", () => {
  it("finds the rules that admit everyone to the port", () => {
    assert.deepEqual(opened(base, { ...base, cidrs: ["10.0.0.0/8", "::/0"] }, { ...base, ports: [{ from: 80, to: 90 }] }), [
      ["0.0.0.0/0"],
      ["::/0"],
    ]);
    assert.deepEqual(
      opened({ ...base, direction: "egress" }, { ...base, protocol: "udp" }, { ...base, cidrs: ["10.0.0.0/8"] }),
      [],
    );
    assert.deepEqual(opened({ ...base, cidrs: ["0.0.0.0/1", "128.0.0.0/1"] }), [["0.0.0.0/1", "128.0.0.0/1"]]);
    assert.deepEqual(opened({ ...base, cidrs: ["0.0.0.0/1"] }, { ...base, cidrs: ["128.0.0.0/1"] }), [
      ["0.0.0.0/1"],
      ["128.0.0.0/1"],
    ]);
    const quarters = ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"];
    assert.deepEqual(opened({ ...base, cidrs: quarters }), [quarters]);
    assert.deepEqual(opened({ ...base, cidrs: quarters.slice(1) }), []);
    assert.deepEqual(opened({ ...base, cidrs: ["::/1", "8000::/2", "c000::/2"] }), [["::/1", "8000::/2", "c000::/2"]]);
  });

  it("applies drops by priority, drop first on a tie", () => {
    const drop = { ...base, action: "drop" };
    assert.deepEqual(opened(base, { ...drop, priority: 1 }), []);
    assert.deepEqual(opened(base, drop), []);
    assert.deepEqual(opened(base, { ...drop, priority: 20 }), [["0.0.0.0/0"]]);
    assert.deepEqual(opened(base, { ...drop, priority: 1, cidrs: ["10.0.0.0/8"] }), [["0.0.0.0/0"]]);
    assert.deepEqual(opened(base, { ...drop, priority: 1, ports: [{ from: 80, to: 80 }] }), [["0.0.0.0/0"]]);
  });

  it("minds an unknown priority only beside a drop that overlaps", () => {
    assert.deepEqual(opened({ ...base, priority: open() }), [["0.0.0.0/0"]]);
    assert.deepEqual(opened({ ...base, priority: open() }, { ...base, action: "drop" }), ["…?"]);
    assert.deepEqual(opened({ ...base, priority: open() }, { ...base, action: "drop", ports: [{ from: 80, to: 80 }] }), [
      ["0.0.0.0/0"],
    ]);
  });

  it("keeps what is not known as the rest", () => {
    assert.deepEqual(opened({ ...base, cidrs: open() }), ["…?"]);
    assert.deepEqual(opened({ ...base, ports: open() }), ["…?"]);
    assert.deepEqual(opened({ ...base, cidrs: open(), ports: [{ from: 80, to: 80 }] }), []);
    const found = openTo(partial([base]), toValue("ingress"), toValue("tcp"), toValue(22));
    assert.equal((shown(found) as unknown[]).length, 2);
  });

  it("keeps a rule that may not exist as the rest, be it an accept or a drop", () => {
    const maybe = (rule: object): Value => ({
      kind: "instance",
      target: { type: "rule", address: "", select: (name) => toValue((rule as Record<string, unknown>)[name]) },
      maybe: [reason("variable", "var.x")],
    });
    const asked = [toValue("ingress"), toValue("tcp"), toValue(22)] as const;
    assert.deepEqual(shown(openTo(list(DYNAMIC, [maybe(base)]), ...asked)), ["…?"]);
    assert.deepEqual(shown(openTo(list(DYNAMIC, [maybe({ ...base, cidrs: open() })]), ...asked)), ["…?"]);
    assert.deepEqual(shown(openTo(list(DYNAMIC, [maybe({ ...base, ports: [{ from: 80, to: 80 }] })]), ...asked)), []);
    const drop = maybe({ ...base, action: "drop", priority: 1 });
    assert.deepEqual(shown(openTo(list(DYNAMIC, [toValue(base), drop]), ...asked)), ["…?"]);
  });
});
