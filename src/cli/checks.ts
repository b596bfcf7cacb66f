import type { CheckItem } from "../core/checks/model.ts";
import { checksByName } from "../core/configuration/select.ts";
import { fixTitles } from "../core/reports/context.ts";
import { didYouMean } from "../core/text/nearest.ts";

/** `checks list`. */
export function listChecks(checks: readonly CheckItem[], json: boolean): string {
  const sorted = [...checks].sort((a, b) => (a.id < b.id ? -1 : 1));
  if (json) return `${JSON.stringify(sorted.map(summaryOf), null, 2)}\n`;
  const width = Math.max(0, ...sorted.map(({ id }) => id.length));
  const lines = sorted.map((check) => `${check.id.padEnd(width)}  ${check.risk.padEnd(6)}  ${check.title}`);
  return `${lines.join("\n")}\n\n${sorted.length} check items. \`plumbline checks show ID\` tells more of one.\n`;
}

/** `checks show ID`; a former id is understood. Without such an item: undefined and what to say. */
export function showCheck(
  checks: readonly CheckItem[],
  id: string,
  json: boolean,
): { readonly text: string } | { readonly wrong: string } {
  const names = checksByName(checks);
  const check = names.get(id);
  if (check === undefined) return { wrong: `There is no check item "${id}".${didYouMean(id, names.keys())}` };
  if (json) return { text: `${JSON.stringify([{ ...summaryOf(check), ...detailsOf(check) }], null, 2)}\n` };
  const lines = [
    check.title,
    "",
    `id          ${check.id}`,
    ...(check.aliases.length === 0 ? [] : [`formerly    ${check.aliases.join(", ")}`]),
    ...(check.deprecated ? ["            deprecated"] : []),
    `looks at    ${check.instance.join(", ")}`,
    `risk        ${check.risk}`,
    `dimensions  ${check.dimensions.join(", ")}`,
    `category    ${check.category}`,
    `tier        ${check.tier} (files are always free)`,
    ...(check.benchmarks.length === 0 ? [] : [`benchmarks  ${check.benchmarks.join(", ")}`]),
    "",
    ...paragraph("Why", check.why),
    ...paragraph("Advice", check.advice),
    ...paragraph("Condition", check.assert.source),
    ...(check.parameters.size === 0 ? [] : ["Parameters"]),
    ...[...check.parameters].map(([name, { title, type }]) => `  ${name} (${type}): ${title}`),
    ...(check.parameters.size === 0 ? [] : [""]),
    ...(check.fixes.length === 0 ? [] : ["Fixes"]),
    ...fixTitles(check).map(({ title, safe }) => `  ${title}${safe ? " (safe: --fix applies it)" : ""}`),
    ...(check.fixes.length === 0 ? [] : [""]),
    ...(check.references.length === 0 ? [] : ["References", ...check.references.map((link) => `  ${link}`), ""]),
    `Ignore it at one place with \`# plumbline:ignore ${check.id} <reason>\` above the block.`,
  ];
  return { text: `${lines.join("\n")}\n` };
}

function summaryOf(check: CheckItem): object {
  return {
    id: check.id,
    cloud: check.cloud,
    service: check.service,
    instance: check.instance,
    dimensions: check.dimensions,
    category: check.category,
    risk: check.risk,
    tier: check.tier,
    fix: { source: check.fixes.length > 0, live: check.live !== undefined },
    title: check.title,
  };
}

function detailsOf(check: CheckItem): object {
  return {
    aliases: check.aliases,
    deprecated: check.deprecated,
    in: check.in,
    assert: check.assert.source,
    why: check.why,
    advice: check.advice,
    benchmarks: check.benchmarks,
    references: check.references,
    parameters: Object.fromEntries([...check.parameters].map(([name, { type, title }]) => [name, { type, title }])),
    fixes: fixTitles(check),
  };
}

function paragraph(title: string, text: string): string[] {
  return text === ""
    ? []
    : [
        title,
        ...text
          .trim()
          .split("\n")
          .map((line) => `  ${line}`),
        "",
      ];
}
