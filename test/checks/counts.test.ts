import assert from "node:assert/strict";
import { countCatalogue, countsText } from "../../scripts/counts.ts";
import { assignTiers } from "../../scripts/tiers.ts";
import { bundled } from "../harness/check-world.ts";

/* How large the catalogue is. A number here only goes up: raise it when the catalogue has grown. */

/** By decision (docs/writing-checks.md), so no more and no fewer. */
const FREE = 83;

/** What the catalogue promised at first: 120 a cloud, 60 on identities, 150 fixes, 90 and 210 by edition. It has had these since. */
const AT_LEAST = {
  aws: 194,
  alibaba: 169,
  tencent: 181,
  ciem: 109,
  sourceFixes: 400,
  advanced: 95,
  enterprise: 220,
} as const;

/** Share of examples that leave out what decides and can't be decided. */
const UNKNOWN_AT_MOST = 0.1;

const tree = await bundled();
const counts = countCatalogue(tree);

describe("the catalogue", () => {
  it("has as many items for each cloud as it had", () => {
    for (const cloud of ["aws", "alibaba", "tencent"] as const) {
      assert.ok(counts.clouds[cloud].items >= AT_LEAST[cloud], `${cloud}: ${counts.clouds[cloud].items}`);
    }
  });

  it("has as many items on identities and permissions", () => {
    assert.ok(counts.all.dimensions.ciem >= AT_LEAST.ciem, String(counts.all.dimensions.ciem));
  });

  it("mends as much in source", () => {
    assert.ok(counts.all.sourceFixes >= AT_LEAST.sourceFixes, String(counts.all.sourceFixes));
  });

  it("gives each edition what the one before it has, and more", () => {
    const { free, advanced, enterprise } = counts.free;
    assert.equal(free, FREE);
    assert.ok(advanced >= AT_LEAST.advanced, String(advanced));
    assert.ok(enterprise >= AT_LEAST.enterprise, String(enterprise));
    assert.ok(free < advanced && advanced < enterprise && enterprise < counts.all.items);
  });

  it("decides nine in ten examples that leave out what decides", () => {
    const { examples, unknown } = counts.omitted;
    assert.ok(examples > 100, String(examples));
    const told = unknown.map(({ check, example }) => `${check} ${String(example.path.at(-1))}`).join(", ");
    assert.ok(unknown.length <= UNKNOWN_AT_MOST * examples, `${unknown.length} of ${examples}: ${told}`);
  });

  it("says of each other one why", () => {
    assert.deepEqual(
      counts.omitted.unknown.filter(({ example }) => (example.title ?? "") === "").map(({ check }) => check),
      [],
      "write the reason as the example's `title`",
    );
  });

  it("is what the README says", () => {
    assert.match(countsText(counts), new RegExp(`\\| all \\| ${tree.checks.length} \\|`));
  });
});

describe("the tiers of the bundled items", () => {
  it("are those that the rule gives", () => {
    const tiers = assignTiers(tree.checks.filter(({ deprecated }) => !deprecated));
    const others = tree.checks.filter(({ id, tier, deprecated }) => !deprecated && tiers.get(id) !== tier).length;
    // Work on three clouds goes on at the same time: the rule is applied when it meets.
    assert.ok(others <= 60, `${others} items have another tier: run \`node scripts/tiers.ts\``);
  });
});

describe("the tiers", () => {
  const item = (id: string, risk: "high" | "medium" | "low", more: object = {}) => ({
    id,
    cloud: "aws" as const,
    risk,
    benchmarks: [] as readonly string[],
    tier: "paid" as const,
    ...more,
  });

  it("go to the risky items first, and of those to what a benchmark asks for", () => {
    const tiers = assignTiers(
      [
        item("low", "low", { benchmarks: ["cis-aws-5.0/1.1"] }),
        item("high", "high"),
        item("asked", "high", { benchmarks: ["cis-aws-5.0/1.2"] }),
        item("medium", "medium"),
        item("given", "low", { tier: "free" }),
      ],
      { advanced: 1, enterprise: 2 },
    );
    assert.deepEqual(Object.fromEntries(tiers), {
      asked: "advanced",
      high: "enterprise",
      medium: "enterprise",
      low: "paid",
      given: "free",
    });
  });

  it("take turns between the clouds", () => {
    const of = (cloud: "aws" | "alibaba" | "tencent") => [1, 2].map((n) => ({ ...item(`${cloud}-${n}`, "high"), cloud }));
    const tiers = assignTiers([...of("tencent"), ...of("alibaba"), ...of("aws")], { advanced: 3, enterprise: 0 });
    assert.deepEqual(
      [...tiers]
        .filter(([, tier]) => tier === "advanced")
        .map(([id]) => id)
        .sort(),
      ["alibaba-1", "aws-1", "tencent-1"],
    );
  });
});
