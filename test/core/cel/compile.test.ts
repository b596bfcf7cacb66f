import assert from "node:assert/strict";
import { compile, compileMessage, verdict } from "../../../src/core/cel/compile.ts";
import { reason, STRING, unknown } from "../../../src/core/values/make.ts";
import { displayValue } from "../../../src/core/values/text.ts";
import { formatPath } from "../../../src/core/values/path.ts";
import type { UnknownValue } from "../../../src/core/values/value.ts";
import { compiled, environment, instance, many, one, open, partial, scope, sensitive, shown, toValue } from "./world.ts";
import type { Shape } from "./world.ts";

const rule = { direction: "s", action: "s", protocol: "s", ports: [{ from: "n", to: "n" }], cidrs: ["s"], priority: "n" } as const;
const shape: Record<string, Shape> = {
  name: "s",
  size: "n",
  on: "b",
  tags: ["s"],
  policies: [{ json: "s" }],
  rules: [rule],
  block: one({ on: "b", name: "s", inner: one({ level: "n" }) }),
  trails: many({ active: "b", name: "s", logGroup: one({ filters: many({ pattern: "s" }) }) }),
  settings: { mode: "s", networks: ["s"] },
  parameters: [{ name: "s", value: "s" }],
  namespace: "s",
  secret_id: "s",
  created: "s",
  data: "s",
  parameterGroup: one({ family: "s", parameter: [{ name: "s", value: "s" }] }),
};
const env = environment(shape);

function result(text: string, data: object = {}): unknown {
  return shown(compiled(text, env).evaluate(scope(data)));
}

function problems(text: string): string {
  return compile(text, env)
    .problems.map((one) => `${text.slice(one.range.start, one.range.end)}: ${one.message}`)
    .join("\n");
}

function trace(text: string, data: object): { value: unknown; evidence: string[]; failing: unknown; witnesses: number } {
  const traced = compiled(text, env).trace(scope(data));
  return {
    value: shown(traced.value),
    evidence: traced.evidence.map(formatPath),
    failing: shown(traced.failing),
    witnesses: traced.witnesses.length,
  };
}

const open22 = {
  direction: "ingress",
  action: "accept",
  protocol: "tcp",
  ports: [{ from: 20, to: 30 }],
  cidrs: ["10.0.0.0/8", "0.0.0.0/0"],
  priority: 0,
};
const publicPolicy = JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" }] });

describe("Null in the check language", () => {
  it("is what selecting from null gives, and equals null only", () => {
    assert.equal(result("block.on == true"), false);
    assert.equal(result("block.inner.level == null"), true);
    assert.equal(result("name != null"), false);
    assert.equal(result("has(name)"), false);
  });

  it("makes ordering, arithmetic and functions unknown", () => {
    for (const text of [
      "size > 1",
      "size + 1 == 2",
      "name.startsWith('a')",
      "cidr(name).prefix == 0",
      "age(created) < 3",
      "!on",
      "size(tags) == 0",
    ]) {
      assert.equal(result(text), "unknown: null operand", text);
    }
  });

  it("is the empty list to all, exists, empty and flat", () => {
    assert.equal(result("tags.all(t, t == 'x')"), true);
    assert.equal(result("tags.exists(t, t == 'x')"), false);
    assert.equal(result("empty(tags)"), true);
    assert.deepEqual(result("flat([tags, name, ['a']])"), ["a"]);
  });

  it("is no pass as an assertion's value", () => {
    assert.deepEqual(verdict(toValue(null)), { kind: "unknown", reasons: [{ kind: "null operand", detail: "" }] });
    assert.equal(verdict(toValue("yes")).kind, "unknown");
    assert.equal(verdict(toValue(true)).kind, "pass");
  });
});

describe("Lists known in part", () => {
  it("decide by their known elements where these are enough", () => {
    assert.equal(result("tags.exists(t, t == 'a')", { tags: partial(["a"]) }), true);
    assert.equal(result("tags.all(t, t == 'b')", { tags: partial(["a"]) }), false);
    assert.equal(result("empty(tags)", { tags: partial(["a"]) }), false);
    assert.equal(result("size(tags) >= 1", { tags: partial(["a"]) }), true);
    assert.equal(result("tags[0] == 'a'", { tags: partial(["a"]) }), true);
  });

  it("leave the rest unknown", () => {
    for (const text of [
      "tags.exists(t, t == 'b')",
      "tags.all(t, t == 'a')",
      "size(tags) == 1",
      "tags == ['a']",
      "tags[1] == 'b'",
      "'b' in tags",
    ]) {
      assert.equal(result(text, { tags: partial(["a"]) }), "unknown: variable var.rest", text);
    }
    assert.equal(result("empty(tags)", { tags: partial([]) }), "unknown: variable var.rest");
  });

  it("take unknown() for any number of elements", () => {
    assert.deepEqual(result("flat([name, unknown('prefix list')])", { name: "a" }), ["a", "…?"]);
    assert.deepEqual(result("[name, unknown('x')]", { name: "a" }), ["a", "…?"]);
  });

  it("count an instance that may not exist for nothing certain", () => {
    const maybe = [{ kind: "count", detail: "var.n" }] as const;
    const trails = (active: boolean): object => ({ trails: [instance({ active }, maybe)] });
    assert.equal(result("trails.exists(t, t.active)", trails(true)), "unknown: count var.n");
    assert.equal(result("trails.exists(t, t.active)", trails(false)), false);
    assert.equal(result("trails.all(t, t.active)", trails(true)), true);
    assert.equal(result("trails.all(t, t.active)", trails(false)), "unknown: count var.n");
    assert.equal(result("empty(trails)", trails(true)), "unknown: count var.n");
    assert.equal(result("block == null", { block: instance({}, maybe) }), "unknown: count var.n");
  });
});

describe("Unknown values", () => {
  it("keep their reasons, and matter only where they decide", () => {
    assert.equal(result("on && size == 1", { on: open(), size: 2 }), false);
    assert.equal(result("on || size == 1", { on: open(), size: 1 }), true);
    assert.equal(result("on && size == 1", { on: open(), size: open("var.y") }), "unknown: variable var.x, variable var.y");
    assert.equal(result("(on ? 'a' : 'a') == 'a'", { on: open() }), true);
    assert.equal(result("(on ? 'a' : 'b') == 'a'", { on: open() }), "unknown: variable var.x");
  });

  it("are known not to be what their refinement excludes", () => {
    const refined = { ...open(), refinement: { notNull: true, prefix: "arn:", minimum: 3 } };
    assert.equal(result("name == null", { name: refined }), false);
    assert.equal(result("name.startsWith('arn')", { name: refined }), true);
    assert.equal(result("name == 'x'", { name: refined }), false);
    assert.equal(result("size >= 3", { size: refined }), true);
  });
});

describe("Checking against the instance type", () => {
  it("names what a path lacks, and the nearest names", () => {
    assert.match(problems("nmae == 'x'"), /^nmae: There is no `nmae` here. Did you mean `name`/);
    assert.match(problems("block.onn == true"), /^onn: .*Did you mean `on`/);
    assert.match(problems("settings.mod == 'x'"), /Did you mean `mode`/);
    assert.match(problems("trails.exists(t, t.activ)"), /Did you mean `active`/);
  });

  it("refuses division, reserved words, wrong types, wrong arity and unknown functions", () => {
    assert.match(problems("size / 2 == 1"), /`\/` is not part/);
    assert.match(problems("namespace == 'x'"), /The attribute is `self.namespace`/);
    assert.equal(result("self.namespace == 'x'", { namespace: "x" }), true);
    assert.match(problems("name == 1"), /A string never equals a number/);
    assert.match(problems("size && on"), /must be a bool, but this is a number/);
    assert.match(problems("cidr(name, name).prefix == 0"), /takes 1 arguments, not 2/);
    assert.match(problems("cdir(name).prefix == 0"), /Did you mean `cidr`/);
    assert.match(problems("name.matches('(')"), /not a valid RE2/);
    assert.match(problems("parameters.exists(p, p.name == 'x')"), /the attribute is `self.parameters`|has no|list/);
    assert.match(problems("name =="), /Unexpected token/);
    assert.match(problems("failing.x == 1"), /`failing` can be used/);
  });

  it("refuses a negation that a missing part passes", () => {
    for (const text of ["block.on != false", "!(block.on == true)", "!(block.name in ['a'])", "block.inner.level != 3"]) {
      assert.match(problems(text), /This negation holds when `block/, text);
    }
    for (const text of [
      "block != null && block.on != false",
      "block == null || block.on != false",
      "has(block) && !(block.on == true)",
      "block.on == true",
      "block.name != null",
    ]) {
      assert.equal(problems(text), "", text);
    }
  });

  it("says what an expression reads", () => {
    assert.deepEqual(compiled("trails.exists(t, t.active) && self.parameters[0].name == block.name", env).reads, [
      ["trails"],
      ["trails", "*"],
      ["trails", "*", "active"],
      ["parameters", "*", "name"],
      ["block", "name"],
    ]);
    assert.equal(compiled("!literal(secret_id)", env).usesLiteral, true);
  });
});

describe("Functions of the check language", () => {
  it("work on strings", () => {
    const data = { name: "A-b", created: "2026-01-01T00:00:00Z" };
    for (const text of [
      "name.startsWith('A') && name.endsWith('b') && name.contains('-')",
      "name.lowerAscii() == 'a-b' && name.upperAscii() == 'A-B'",
      "name.split('-') == ['A', 'b'] && name.split('-')[5] == null",
      "name.matches('^[A-Z]-') && size(name) == 3 && name.substring(2) == 'b'",
      "name.replace('-', '+') + 1 == 'A+b1'",
      "age(created) == 151 && age(now) == 0",
      "version('15.4').major == 15 && version('1.30').compare('1.9') > 0",
      "cidr('10.1.0.0/16').private && cidr('10.0.0.0/8').contains('10.2.0.0/16') && cidr('::/0').prefix == 0",
      "0.1 + 0.2 == 0.3 && 9007199254740993 - 1 == 9007199254740992",
      "base64('aGVsbG8=') == 'hello'",
      "table('runtimes', 'old').on",
      "{'a': 1}['a'] == 1 && 'a' in {'a': 1}",
    ]) {
      assert.equal(result(text, data), true, text);
    }
    assert.equal(result("table('runtimes', 'none').on"), "unknown: unknown not in the table");
  });

  it("never show a sensitive value, but compare it", () => {
    const data = { name: sensitive("hunter2") };
    assert.equal(result("name == 'hunter2'", data), true);
    for (const text of ["name", "name + 'x'", "name.upperAscii()", "name.split('n')[0]", "flat([name])"]) {
      assert.equal(displayValue(compiled(text, env).evaluate(scope(data))), "(sensitive)", text);
    }
  });
});

describe("What is not known", () => {
  const hole = (secret?: true): UnknownValue =>
    unknown(STRING, reason("variable", "var.x"), secret === undefined ? {} : { sensitive: secret });

  it("leaves the known pieces of a text known, and a sensitive hole sensitive", () => {
    assert.equal(result("empty(secrets('PASSWORD=' + name))", { name: hole(true) }), false);
    assert.equal(result("empty(secrets('NAME=' + name))", { name: hole() }), "unknown: variable var.x");
    const pieces = unknown(STRING, reason("variable", "var.x"), {
      refinement: { pieces: ["postgres://app:wJalrXUtnFEMI7K@", hole()] },
    });
    assert.equal(result("empty(secrets('URL=' + name))", { name: pieces }), false);
  });

  it("leaves a rest in a list made flat", () => {
    assert.equal(
      result("empty(flat(policies.filter(p, p.json == 'b')))", { policies: partial([{ json: "a" }]) }),
      "unknown: variable var.rest",
    );
  });
});

describe("Evidence", () => {
  it("is what decided a false conjunction and a false disjunction", () => {
    assert.deepEqual(trace("on == true && size > 1", { on: true, size: 1 }).evidence, ["size"]);
    assert.deepEqual(trace("on == true || size > 1", { on: false, size: 1 }).evidence.toSorted(), ["on", "size"]);
    assert.deepEqual(trace("!(on || size > 1)", { on: true, size: 1 }).evidence, ["on"]);
    assert.deepEqual(trace("settings.mode == 'a'", { settings: { mode: null } }).evidence, ["settings.mode"]);
    assert.deepEqual(trace("block != null", {}).evidence, ["block"]);
  });

  it("stays short where a long list decides, and keeps every witness", () => {
    const tags = Array.from({ length: 5000 }, (_, index) => `t${index}`);
    const traced = trace("tags.all(t, t == 'none')", { tags });
    assert.ok(traced.evidence.length <= 100, `${traced.evidence.length} paths`);
    assert.equal(traced.evidence[0], "tags[0]");
    assert.equal(traced.witnesses, 5000);
  });

  it("is the open network of a rule", () => {
    const traced = trace("empty(openTo(rules, 'ingress', 'tcp', 22))", { rules: [{ ...open22, cidrs: ["10.0.0.0/8"] }, open22] });
    assert.equal(traced.value, false);
    assert.deepEqual(traced.evidence, ["rules[1].cidrs[1]"]);
    assert.deepEqual((traced.failing as { cidrs: unknown }).cidrs, ["0.0.0.0/0"]);
  });

  it("is the statement of a document, which is also what failed", () => {
    const traced = trace("block.on == true || policies.all(p, empty(policy(p.json).publicStatements))", {
      policies: [{ json: publicPolicy }],
    });
    assert.equal(traced.evidence[0], "policies[0].json#statements[0]");
    assert.deepEqual((traced.failing as { actions: unknown }).actions, ["s3:GetObject"]);
  });

  it("goes through parts to the instance that holds the attribute", () => {
    const traced = trace("trails.exists(t, t.active)", { trails: [instance({ active: false }), instance({ active: false })] });
    assert.deepEqual(traced.evidence, ["trails[0].active", "trails[1].active"]);
    assert.equal(traced.witnesses, 2);
    assert.deepEqual(trace("trails.exists(t, t.active)", { trails: [] }).evidence, ["trails"]);
    assert.equal(trace("trails.exists(t, t.active)", { trails: [] }).failing, null);
  });

  it("names the first true element of a negated exists", () => {
    const traced = trace("!(on && tags.exists(t, t == 'b'))", { on: true, tags: ["a", "b"] });
    assert.deepEqual(traced.evidence, ["on", "tags[1]"]);
    assert.equal(traced.failing, "b");
  });
});

describe("Messages", () => {
  it("hold expressions in braces and braces as {{", () => {
    const { message, problems: wrong } = compileMessage("{{a}} {name} is {size + 1}: {tags}.", env);
    assert.deepEqual(wrong, []);
    const text = message.map((one) =>
      typeof one === "string" ? one : displayValue(one.evaluate(scope({ size: 1, tags: ["a", "b", "c", "d"] }))),
    );
    assert.equal(text.join(""), "{a} not set is 2: a, b, c, ….");
  });

  it("are checked against what failed", () => {
    const { failingType } = compiled("empty(openTo(rules, 'ingress', 'tcp', 22))", env);
    assert.ok(failingType !== undefined);
    const withFailing = environment(shape, { failing: failingType });
    assert.deepEqual(compileMessage("{failing.cidrs}", withFailing).problems, []);
    const [wrong] = compileMessage("From {failing.cidr}", withFailing).problems;
    assert.deepEqual(wrong?.range, { start: 14, end: 18 });
    assert.equal(compileMessage("{name", env).problems.length, 1);
  });
});
