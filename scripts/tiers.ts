import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CheckItem, Tier } from "../src/core/checks/model.ts";
import { loadCheckTree, root } from "./check-files.ts";

/*
 * Gives every item that is not free for everybody its edition: `node scripts/tiers.ts` rewrites `tier` in the items. Which items are
 * free is a decision (docs/writing-checks.md), 83 of them (test/checks/counts.test.ts): whoever takes one away names another in its
 * place. The others follow from risk and benchmarks.
 */

/** Items that an edition adds to the ones before it. */
const SIZES = { advanced: 12, enterprise: 125 } as const;

type Ranked = Pick<CheckItem, "id" | "cloud" | "risk" | "benchmarks" | "tier">;

const RISKS = ["high", "medium", "low"] as const;
const CLOUDS = ["aws", "alibaba", "tencent"] as const;

/** Risk first, then what a benchmark asks for, the clouds taking turns, by id. */
export function assignTiers(
  items: readonly Ranked[],
  sizes: { readonly advanced: number; readonly enterprise: number } = SIZES,
): ReadonlyMap<string, Tier> {
  const tiers = new Map<string, Tier>(items.flatMap(({ id, tier }) => (tier === "free" ? [[id, tier] as const] : [])));
  const classes = new Map<string, number>();
  const ranked = items
    .filter(({ tier }) => tier !== "free")
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((item) => {
      const asked = item.benchmarks.length > 0 ? 0 : 1;
      const rank = 2 * RISKS.indexOf(item.risk) + asked;
      const turn = classes.get(`${rank} ${item.cloud}`) ?? 0;
      classes.set(`${rank} ${item.cloud}`, turn + 1);
      return { id: item.id, key: [rank, turn, CLOUDS.indexOf(item.cloud)] as const };
    })
    .toSorted((a, b) => a.key[0] - b.key[0] || a.key[1] - b.key[1] || a.key[2] - b.key[2]);
  for (const [index, { id }] of ranked.entries()) {
    tiers.set(id, index < sizes.advanced ? "advanced" : index < sizes.advanced + sizes.enterprise ? "enterprise" : "paid");
  }
  return tiers;
}

if (import.meta.main) {
  const tree = await loadCheckTree();
  const tiers = assignTiers(tree.checks.filter(({ deprecated }) => !deprecated));
  let changed = 0;
  for (const { id, file } of tree.checks) {
    const tier = tiers.get(id);
    const text = tree.texts.get(file) ?? "";
    const written = tier === undefined ? text : text.replace(/^tier:[ \t]*\w+/m, `tier: ${tier}`);
    if (written === text) continue;
    await writeFile(join(root, "checks", file), written);
    changed++;
  }
  process.stdout.write(`${changed} of ${tree.checks.length} items have another tier now.\n`);
}
