import assert from "node:assert/strict";
import { STRING, unknown } from "../../../src/core/values/make.ts";
import { displayValue } from "../../../src/core/values/text.ts";
import { compiled, environment, open, scope, sensitive, shown } from "./world.ts";

/* Every function and method over an argument that is missing, not known, or secret. */

const env = environment({ s: "s", n: "n", list: ["s"] });

/** A call of `s`, a known argument for which it decides, and what it gives for null where that is no unknown. */
const calls: readonly (readonly [call: string, known: string, ofNull?: unknown])[] = [
  ['s.startsWith("a")', "abc"],
  ['s.endsWith("a")', "abc"],
  ['s.contains("a")', "abc"],
  ['s.matches("^a")', "abc"],
  ["s.lowerAscii()", "abc"],
  ["s.upperAscii()", "abc"],
  ["s.trim()", "abc"],
  ['s.split("b")', "abc"],
  ["s.substring(1)", "abc"],
  ['s.replace("a", "b")', "abc"],
  ['s + "x"', "abc"],
  ["size(s)", "abc"],
  ["cidr(s).prefix", "10.0.0.0/8"],
  ["cidr(s).private", "10.0.0.0/8"],
  ['cidr("10.0.0.0/8").contains(s)', "10.0.0.0/8"],
  ["version(s).major", "1.2"],
  ['version("1.2").compare(s)', "1.2"],
  ["age(s)", "2026-01-01T00:00:00Z"],
  ["base64(s)", "aGVsbG8="],
  ["json(s).a == 1", '{"a":1}'],
  ["int(s)", "12"],
  ["string(s)", "12"],
  ['table("runtimes", s).on', "old"],
  ["empty(secrets(s))", "abc"],
  ["policy(s).admin", '{"Statement":[]}'],
  ["empty(policy(s).publicStatements)", '{"Statement":[]}'],
  ["s < 'b'", "abc"],
  ["s == 'abc'", "abc", false],
  ["s in ['abc']", "abc", false],
  ["has(s)", "abc", false],
];

describe("A function or method", () => {
  for (const [call, known, ofNull] of calls) {
    it(`decides for what it knows and leaves the rest open: ${call}`, () => {
      const program = compiled(call, env);
      const of = (s: unknown): unknown => shown(program.evaluate(scope({ s })));
      assert.ok(!String(of(known)).startsWith("unknown"), `of a known argument: ${String(of(known))}`);
      if (ofNull === undefined) assert.match(String(of(null)), /^unknown: /, "of null");
      else assert.equal(of(null), ofNull);
      assert.match(String(of(open())), /^unknown: .*variable var\.x/, "of an unknown argument");
    });

    it(`shows no secret, and neither does a trace of it: ${call}`, () => {
      const program = compiled(call, env);
      const world = scope({ s: sensitive("hunter2hunter2") });
      const values = [program.evaluate(world), program.trace(world).value];
      for (const value of values) assert.ok(!/hunter/i.test(displayValue(value)), displayValue(value));
    });
  }
});

describe("An assertion", () => {
  it("never passes on nothing but null and unknown values", () => {
    const assertions = [
      's.startsWith("a") || s.endsWith("a")',
      "n > 1 && n < 5",
      "n + 1 >= 1",
      "age(s) < 90",
      "cidr(s).prefix > 0",
      "cidr(s).private",
      "!policy(s).admin",
      "empty(policy(s).publicStatements)",
      "policy(s).deniesInsecureTransport",
      "empty(secrets(s))",
      "version(s).compare('1.0') >= 0",
      "list.exists(x, x.contains('a'))",
      "list.exists_one(x, x == 'a')",
      "n >= parameters.length",
      "n <= parameters.days && n > 0",
      'table("runtimes", s).on',
      "base64(s) == 'a'",
      "json(s).all(x, x.a == 1)",
      "s.matches('^$')",
      "int(s) == 0",
    ];
    for (const text of assertions) {
      for (const nothing of [null, open()]) {
        const value = compiled(text, env).evaluate(scope({ s: nothing, n: nothing, list: nothing }));
        assert.notEqual(shown(value), true, `${text} over ${nothing === null ? "null" : "unknown"}`);
      }
    }
  });
});

describe("`json(text)`", () => {
  const result = (assertion: string, s: unknown): unknown => shown(compiled(assertion, env).evaluate(scope({ s })));

  it("reads text, and says null of what is not there", () => {
    assert.equal(
      result("json(s).all(c, c.privileged == null || c.privileged == false)", '[{"name":"a"},{"privileged":false}]'),
      true,
    );
    assert.equal(result("json(s).all(c, c.privileged == null || c.privileged == false)", '[{"privileged":true}]'), false);
  });

  it("knows nothing of text that is no JSON", () => {
    assert.match(JSON.stringify(result("json(s).all(c, c.privileged == false)", "[{")), /unknown|invalid/);
  });
});

describe("the identity of a resource that is not made yet", () => {
  const of = (name: string): unknown =>
    unknown(STRING, [{ kind: "computed", detail: "" }], { origin: { address: "aws_kms_key.a", path: [name] } });
  const result = (assertion: string, s: unknown): unknown => shown(compiled(assertion, env).evaluate(scope({ s })));

  it("is neither null nor empty", () => {
    assert.equal(result('has(s) && s != ""', of("arn")), true);
    assert.equal(result("s == null", of("id")), false);
    assert.equal(result('has(s) && s != ""', of("name")), true);
  });

  it("is not known otherwise", () => {
    for (const [assertion, value] of [
      ["has(s)", of("description")],
      ['s == "arn:aws:kms:eu-central-1:111122223333:key/a"', of("arn")],
    ] as const)
      assert.notEqual(typeof result(assertion, value), "boolean", assertion);
  });
});
