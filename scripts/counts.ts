import type { Example } from "../src/core/checks/examples.ts";
import type { CheckItem, Dimension, Tier } from "../src/core/checks/model.ts";
import type { Cloud } from "../src/core/instances/model.ts";
import type { CheckTree } from "./check-files.ts";

/** What the README says of the catalogue, and what its tests demand. */
export interface Counts {
  readonly clouds: Readonly<Record<Cloud, CloudCounts>>;
  readonly all: CloudCounts;
  /** Items that an edition scans live accounts with for free: each has those of the editions before it. */
  readonly free: Readonly<Record<Exclude<Tier, "paid">, number>>;
  /** Examples in which an attribute that decides is left out, and those of them that can't be decided. */
  readonly omitted: { readonly examples: number; readonly unknown: readonly OmittedExample[] };
}

export interface CloudCounts {
  readonly items: number;
  readonly dimensions: Readonly<Record<Dimension, number>>;
  readonly sourceFixes: number;
  readonly remedies: number;
  readonly files: number;
  readonly live: number;
}

export interface OmittedExample {
  readonly check: string;
  readonly example: Example;
}

const CLOUDS = ["aws", "alibaba", "tencent"] as const satisfies readonly Cloud[];

export function countCatalogue(tree: CheckTree): Counts {
  const items = tree.checks.filter(({ deprecated }) => !deprecated);
  const of = (cloud: Cloud): CloudCounts => cloudCounts(items.filter((item) => item.cloud === cloud));
  const tiers = (...names: readonly Tier[]): number => items.filter(({ tier }) => names.includes(tier)).length;
  const omitted = items.flatMap((item) => omittingExamples(tree, item).map((example) => ({ check: item.id, example })));
  return {
    clouds: { aws: of("aws"), alibaba: of("alibaba"), tencent: of("tencent") },
    all: cloudCounts(items),
    free: {
      free: tiers("free"),
      advanced: tiers("free", "advanced"),
      enterprise: tiers("free", "advanced", "enterprise"),
    },
    omitted: {
      examples: omitted.length,
      unknown: omitted.filter(({ example }) => example.verdict === "unknown" && !hasOtherUnknowns(example)),
    },
  };
}

function cloudCounts(items: readonly CheckItem[]): CloudCounts {
  const count = (test: (item: CheckItem) => boolean): number => items.filter(test).length;
  return {
    items: items.length,
    dimensions: {
      ciem: count(({ dimensions }) => dimensions.includes("ciem")),
      security: count(({ dimensions }) => dimensions.includes("security")),
      compliance: count(({ dimensions }) => dimensions.includes("compliance")),
    },
    sourceFixes: count(({ fixes }) => fixes.length > 0),
    remedies: count(({ live }) => live !== undefined),
    files: count((item) => item.in !== "live"),
    live: count((item) => item.in !== "files"),
  };
}

/** Examples in Terraform that leave out an attribute, block or part which the item's condition reads and no provider demands. */
export function omittingExamples(tree: CheckTree, check: CheckItem): readonly Example[] {
  if (check.in === "live") return [];
  const schema = tree.types.get(check.instance[0] ?? "")?.schema;
  const optional = check.assert.reads.filter(([first = ""]) => schema?.attributes.get(first)?.required !== true);
  const words = new Set(optional.map((read) => read.findLast((step) => step !== "*" && step !== "self")));
  return (tree.examples.get(check.id) ?? []).filter(
    ({ terraform }) =>
      terraform !== undefined && [...words].some((word) => word === undefined || !new RegExp(`\\b${word}\\b`).test(terraform)),
  );
}

/** Undecided because of a variable, a data source or a module that is not there, not because something is left out. */
function hasOtherUnknowns({ terraform = "" }: Example): boolean {
  return /\b(?:var|data|module|local)\.\w/.test(terraform);
}

/** The part of the README between its marks. */
export function countsText(counts: Counts): string {
  const row = (name: string, { items, dimensions, sourceFixes }: CloudCounts): string =>
    `| ${[name, items, dimensions.ciem, dimensions.security, dimensions.compliance, sourceFixes].join(" | ")} |`;
  const { all, clouds, free, omitted } = counts;
  const share = omitted.examples === 0 ? 0 : (100 * omitted.unknown.length) / omitted.examples;
  return [
    "| cloud | check items | identities and permissions | security | compliance | with a fix in source |",
    "| --- | --- | --- | --- | --- | --- |",
    ...CLOUDS.map((cloud) => row({ aws: "AWS", alibaba: "Alibaba Cloud", tencent: "Tencent Cloud" }[cloud], clouds[cloud])),
    row("all", all),
    "",
    "On files all of them are free.",
    `On live accounts, ${free.free} are free for everybody, ${free.advanced} for Advanced and ${free.enterprise} for Enterprise.`,
    `Of ${omitted.examples} examples that leave out what decides, ${omitted.unknown.length} (${share.toFixed(1)}%) can't be decided from files.`,
  ].join("\n");
}

const verified: Readonly<Record<Cloud, readonly [name: string, where: string]>> = {
  aws: ["AWS", "moto; for six items that moto lacks or has wrong, answers in the shape of the SDK's models"],
  alibaba: ["Alibaba Cloud", "a double that changes its state as the API documents"],
  tencent: ["Tencent Cloud", "a double that changes its state as the API documents; requests checked against the SDK's models"],
};

/** The remedies of each cloud, how many are undone exactly, and what they were tried on. */
export function remediesText({ checks }: CheckTree): string {
  const all = checks.filter(({ deprecated, live }) => !deprecated && live !== undefined);
  const row = (name: string, items: readonly CheckItem[], where: string): string => {
    const of = (test: (live: NonNullable<CheckItem["live"]>) => boolean): number =>
      items.filter(({ live }) => live !== undefined && test(live)).length;
    const counts = [
      items.length,
      of(({ restores }) => restores === "exact"),
      of(({ restores }) => restores === "partial"),
      of(({ risk }) => risk === "none"),
    ];
    return `| ${name} | ${counts.join(" | ")} | ${where} |`;
  };
  return [
    "| Cloud | Remedies | Undone exactly | Undone in part | Without a risk | Verified on |",
    "| --- | --- | --- | --- | --- | --- |",
    ...CLOUDS.map((cloud) =>
      row(
        verified[cloud][0],
        all.filter((item) => item.cloud === cloud),
        verified[cloud][1],
      ),
    ),
    row("All", all, ""),
  ].join("\n");
}
