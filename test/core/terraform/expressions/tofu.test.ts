import { deepEqual, equal, match, ok } from "node:assert/strict";
import { deflateRawSync, gzipSync } from "node:zlib";
import type { Refinement } from "../../../../src/core/values/value.ts";
import { plain } from "./recorded.ts";
import { evaluateInWorld } from "./world.ts";

/*
 * There is no OpenTofu on the machines that this runs on: what is expected follows its documentation (opentofu.org/docs/language/
 * functions) and its source (internal/lang/funcs of opentofu/opentofu), in examples of our own.
 */

function known(expression: string): unknown {
  const { value, refused } = evaluateInWorld(expression);
  equal(refused, undefined, expression);
  return plain(value);
}

function refusal(expression: string): string {
  const { value, refused } = evaluateInWorld(expression);
  equal(value.kind, "unknown", expression);
  ok(refused !== undefined, `${expression} is refused`);
  return refused;
}

function refinement(expression: string): Refinement | undefined {
  const { value, refused } = evaluateInWorld(expression);
  equal(refused, undefined, expression);
  ok(value.kind === "unknown", expression);
  return value.refinement;
}

const packed = (text: string, options = {}): string => gzipSync(text, options).toString("base64");
const UNKNOWN = "terraform_data.one.id";

describe("OpenTofu's cidrcontains", () => {
  for (const [prefix, inner, expected] of [
    ["10.20.0.0/16", "10.20.255.255", true],
    ["10.20.0.0/16", "10.21.0.0", false],
    ["10.20.0.0/16", "10.20.128.0/17", true],
    ["10.20.0.0/16", "10.20.0.0/16", true],
    ["10.20.0.0/16", "10.20.0.0/15", false],
    ["10.20.7.9/16", "10.20.1.1/24", true],
    ["0.0.0.0/0", "203.0.113.7", true],
    ["203.0.113.7/32", "203.0.113.7", true],
    ["2001:db8::/32", "2001:db8:ffff::1", true],
    ["2001:db8::/32", "2001:db9::/48", false],
    ["::/0", "fe80::/10", true],
    ["10.0.0.0/8", "::ffff:10.1.2.3", true],
  ] as const)
    it(`says ${expected} of ${inner} in ${prefix}`, () => equal(known(`cidrcontains("${prefix}", "${inner}")`), expected));

  it("refuses what is no address, and two families", () => {
    for (const [prefix, inner] of [
      ["10.0.0.0", "10.0.0.1"],
      ["10.0.0.0/33", "10.0.0.1"],
      ["10.0.0.0/8", "ten"],
      ["10.0.0.0/8", "10.0.0.1/99"],
      ["10.0.0.0/8", "fe80::1"],
      ["fe80::/10", "10.0.0.0/8"],
    ])
      match(refusal(`cidrcontains("${prefix}", "${inner}")`), /^The call of cidrcontains fails: /);
    match(refusal("cidrcontains(null, null)"), /must not be null/);
    match(refusal('cidrcontains("10.0.0.0/8")'), /takes 2 arguments/);
  });

  it("waits for unknown arguments and keeps marks", () => {
    deepEqual(refinement(`cidrcontains("10.0.0.0/8", ${UNKNOWN})`), { notNull: true });
    equal(evaluateInWorld('cidrcontains("10.0.0.0/8", sensitive("10.0.0.1"))').value.sensitive, true);
  });
});

describe("OpenTofu's urldecode", () => {
  for (const [text, expected] of [
    ["a+b%20c", "a b c"],
    ["100%25", "100%"],
    ["caf%C3%A9%2Fbar", "café/bar"],
    ["%F0%9F%98%80", "\u{1F600}"],
    ["plain", "plain"],
    ["", ""],
  ])
    it(`reads ${text}`, () => equal(known(`urldecode("${text?.replaceAll("%", "%") ?? ""}")`), expected));

  it("turns urlencode round", () => equal(known('urldecode(urlencode("a b&c=d/é?+%"))'), "a b&c=d/é?+%"));

  it("refuses half an escape", () => {
    match(refusal('urldecode("%4")'), /urldecode fails/);
    match(refusal('urldecode("%zz")'), /urldecode fails/);
  });
});

describe("OpenTofu's base64gunzip", () => {
  const long = Array.from({ length: 5000 }, (_, index) => `line ${index % 37} of ${index}\n`).join("");
  for (const [what, text, options] of [
    ["nothing", "", {}],
    ["a short text", "hello, world", {}],
    ["a long text", long, {}],
    ["a text that was only stored", long, { level: 0 }],
    ["a text in one fixed code", long.slice(0, 500), { strategy: 4 }],
    ["what repeats", "ab".repeat(40_000), { level: 9 }],
    ["text beyond ASCII", "é\u{1F600}".repeat(100), {}],
  ] as const)
    it(`unpacks ${what} as zlib packs it`, () => equal(known(`base64gunzip("${packed(text, options)}")`), text));

  it("unpacks several members, and headers with a name", () => {
    const two = Buffer.concat([gzipSync("one, "), gzipSync("two")]).toString("base64");
    equal(known(`base64gunzip("${two}")`), "one, two");
    const plainOne = gzipSync("named");
    const named = Buffer.concat([
      plainOne.subarray(0, 3),
      Buffer.of(8),
      plainOne.subarray(4, 10),
      Buffer.from("n.txt\0"),
      plainOne.subarray(10),
    ]);
    equal(known(`base64gunzip("${named.toString("base64")}")`), "named");
  });

  it("refuses what was not packed, or is broken", () => {
    const whole = gzipSync(long);
    for (const bytes of [
      Buffer.from("hello, world, this is no gzip"),
      whole.subarray(0, whole.length - 5),
      Buffer.concat([whole.subarray(0, 200), Buffer.of(1, 2, 3), whole.subarray(203)]),
      Buffer.concat([whole, Buffer.from("behind")]),
      deflateRawSync(long),
    ])
      match(refusal(`base64gunzip("${bytes.toString("base64")}")`), /base64gunzip fails/);
    match(refusal('base64gunzip("?")'), /no base64/);
  });

  it("never throws on bytes of any kind", () => {
    const whole = gzipSync(long.slice(0, 2000));
    for (let at = 0; at < whole.length; at++) {
      for (const change of [1, 0x80, 0xff]) {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        evaluateInWorld(`base64gunzip("${bytes.toString("base64")}")`);
      }
    }
  });

  it("leaves open what would unpack to more than there is room for", () => {
    const { value, refused } = evaluateInWorld(`base64gunzip("${packed("a".repeat(5_000_000))}")`);
    ok(value.kind === "unknown" && value.reasons[0]?.kind === "budget");
    match(refused ?? "", /more than can be evaluated/);
  });
});

describe("OpenTofu's flip_sensitive", () => {
  it("hides what is open and opens what is hidden", () => {
    const marks = (expression: string): unknown => evaluateInWorld(expression).value.sensitive;
    equal(marks('flip_sensitive("a")'), true);
    equal(marks('flip_sensitive(sensitive("a"))'), undefined);
    equal(known('flip_sensitive(flip_sensitive("a"))'), "a");
    equal(marks("flip_sensitive(null)"), true);
    equal(marks(`flip_sensitive(${UNKNOWN})`), true);
    equal(evaluateInWorld("flip_sensitive(ephemeralasnull(1))").value.kind, "number");
  });

  it("leaves marks inside alone", () => {
    const { value } = evaluateInWorld('flip_sensitive([sensitive("a"), "b"])');
    equal(value.sensitive, true);
    ok(value.kind === "tuple");
    deepEqual(
      value.items.map(({ sensitive }) => sensitive),
      [true, undefined],
    );
  });
});

describe("OpenTofu's convert", () => {
  for (const [expression, expected] of [
    ['convert("true", bool)', true],
    ["convert(5, string)", "5"],
    ['convert([1, "a"], list(string))', ["1", "a"]],
    ["convert([3, 1, 3], set(number))", [1, 3]],
    ["convert({ a = 1 }, map(string))", { a: "1" }],
    ['convert({}, object({ name = optional(string, "none"), size = optional(number) }))', { name: "none", size: null }],
    ['convert(jsondecode("{\\"a\\":1,\\"b\\":2}"), object({ a = string }))', { a: "1" }],
    ["convert(null, string)", null],
    ['convert("x", any)', "x"],
  ] as const)
    it(`answers ${expression}`, () => deepEqual(known(expression), expected));

  it("refuses what does not fit, and what is no type", () => {
    match(refusal('convert("x", number)'), /convert fails/);
    match(refusal('convert("x", text)'), /`text` is no type/);
    match(refusal("convert({}, object({ a = string }))"), /convert fails/);
    match(refusal('convert("x")'), /takes 2 arguments/);
  });

  it("gives an unknown its type", () => {
    const { value } = evaluateInWorld(`convert(${UNKNOWN}, number)`);
    ok(value.kind === "unknown" && value.type.kind === "number");
  });

  it("is a word of its own in core::", () => equal(known('core::convert("1", number)'), 1));
});

describe("OpenTofu's assumptions", () => {
  it("give the second value for the first", () => {
    equal(known(`assumeequal(${UNKNOWN}, "arn:x")`), "arn:x");
    equal(known('assumeequal("1", 1)'), 1);
    equal(evaluateInWorld('assumeequal(sensitive("a"), "a")').value.sensitive, undefined);
    match(refusal('assumeequal("a", "b")'), /assumeequal fails/);
    match(refusal('assumeequal("a", 1)'), /another type/);
    equal(evaluateInWorld(`assumeequal("a", ${UNKNOWN})`).value.kind, "unknown");
  });

  it("rule out null", () => {
    equal(known("assumenotnull(1)"), 1);
    match(refusal("assumenotnull(null)"), /is null/);
    equal(refinement("assumenotnull(terraform_data.any.output)")?.notNull, true);
    equal(known(`assumenotnull(tostring(terraform_data.any.output)) == null`), false);
  });

  it("tell how a text begins", () => {
    equal(known('assumestringprefix("vpc-1", "vpc-")'), "vpc-1");
    match(refusal('assumestringprefix("sub-1", "vpc-")'), /begins with something else/);
    equal(refinement(`assumestringprefix(${UNKNOWN}, "vpc-")`)?.prefix, "vpc-");
    equal(refinement(`assumestringprefix("vpc-1-\${${UNKNOWN}}", "vpc-")`)?.prefix, "vpc-1-");
    match(refusal(`assumestringprefix("sub-\${${UNKNOWN}}", "vpc-")`), /begins with something else/);
    equal(known('assumestringprefix(null, "vpc-")'), null);
    equal(known(`startswith(assumestringprefix(${UNKNOWN}, "vpc-"), "vpc-")`), true);
  });

  for (const [kind, empty, two] of [
    ["list", "[]", '["a", "b"]'],
    ["set", "toset([])", 'toset(["a", "b"])'],
    ["map", "{}", "{ a = 1, b = 2 }"],
  ] as const) {
    it(`bound the length of a ${kind}`, () => {
      const name = `assume${kind}length`;
      ok(known(`${name}(${two}, 1, 2)`));
      ok(known(`${name}min(${two}, 2)`));
      ok(known(`${name}max(${two}, 2)`));
      match(refusal(`${name}(${two}, 3, 4)`), /the length is another/);
      match(refusal(`${name}min(${empty}, 1)`), /the length is another/);
      match(refusal(`${name}max(${two}, 1)`), /the length is another/);
      match(refusal(`${name}max(${two}, 1.5)`), /whole number/);
      equal(known(`${name}min(null, 1)`), null);
      const open = `to${kind}(jsondecode(${UNKNOWN}))`;
      deepEqual([refinement(`${name}(${open}, 1, 3)`)?.minimumLength, refinement(`${name}(${open}, 1, 3)`)?.maximumLength], [1, 3]);
      equal(refinement(`${name}max(${name}(${open}, 1, 3), 2)`)?.maximumLength, 2);
      match(refusal(`${name}min(${name}max(${open}, 1), 2)`), /the length is another/);
    });
  }
});

describe("functions that neither has any more", () => {
  it("are refused", () => {
    for (const name of ["list", "map"]) match(refusal(`${name}("a", "b")`), new RegExp(`no function named "${name}"`));
  });
});
