import type { CheckItem, Dimension, Risk } from "../core/checks/model.ts";
import { toJson } from "../core/values/json.ts";
import { dimensionName } from "./hover.ts";
import { escapeMarkdown, linkMarkdown, proseMarkdown } from "../core/text/markdown.ts";

/** What a documentation page says of a check item. */
export interface CheckPage {
  readonly id: string;
  readonly title: string;
  readonly instance: readonly string[];
  readonly dimensions: readonly Dimension[];
  readonly category: string;
  readonly risk: Risk;
  readonly why: string;
  readonly advice: string;
  readonly benchmarks: readonly string[];
  readonly references: readonly string[];
  readonly parameters: readonly {
    readonly name: string;
    readonly type: string;
    readonly default: string;
    readonly title: string;
  }[];
  readonly fixes: readonly { readonly title: string; readonly safe: boolean }[];
  readonly noFix: string | undefined;
  readonly liveFix: string | undefined;
  readonly assert: string;
  readonly when: string | undefined;
  /** Terraform that fails, and that passes. */
  readonly avoid: PageExample | undefined;
  readonly prefer: PageExample | undefined;
}

export interface PageExample {
  readonly title: string | undefined;
  readonly terraform: string;
}

/** The page of a loaded item: for items of the workspace, whose examples are not loaded. */
export function checkPage(check: CheckItem): string {
  const text = (parts: CheckItem["message"]): string =>
    parts.map((part) => (typeof part === "string" ? part : `{${part.source}}`)).join("");
  return renderCheckPage({
    ...check,
    parameters: [...check.parameters].map(([name, parameter]) => ({
      name,
      type: parameter.type,
      default: JSON.stringify(toJson(parameter.default)),
      title: parameter.title,
    })),
    fixes: check.fixes.map(({ title, safe }) => ({ title: text(title), safe })),
    liveFix: check.live?.title,
    assert: check.assert.source,
    when: check.when?.source,
    avoid: undefined,
    prefer: undefined,
  });
}

export function renderCheckPage(page: CheckPage): string {
  const blocks = [
    `# ${escapeMarkdown(page.title)}`,
    `\`${page.id}\``,
    [
      `- **Risk:** ${page.risk}`,
      `- **Dimensions:** ${page.dimensions.map(dimensionName).join(", ")}`,
      `- **Category:** ${page.category}`,
      `- **Looks at:** ${page.instance.map((type) => `\`${type}\``).join(", ")}`,
    ].join("\n"),
    "## Why",
    proseMarkdown(page.why.trim()),
  ];
  if (page.avoid !== undefined) blocks.push("## Avoid", ...example(page.avoid));
  if (page.prefer !== undefined) blocks.push("## Prefer", ...example(page.prefer));
  blocks.push("## Fix");
  if (page.advice !== "") blocks.push(proseMarkdown(page.advice.trim()));
  if (page.fixes.length > 0) {
    const items = page.fixes.map(({ title, safe }) => `- ${proseMarkdown(title)}${safe ? " (safe: part of *fix all*)" : ""}`);
    blocks.push(`Quick ${page.fixes.length === 1 ? "fix" : "fixes"} in the editor:`, items.join("\n"));
  } else if (page.noFix !== undefined) {
    blocks.push(`No quick fix in the editor: ${proseMarkdown(page.noFix.trim())}`);
  }
  if (page.parameters.length > 0) {
    const rows = page.parameters.map(
      ({ name, type, default: value, title }) => `| \`${name}\` | ${type} | \`${value}\` | ${proseMarkdown(title)} |`,
    );
    blocks.push("## Parameters", "Set them in `plumbline.yaml`.");
    blocks.push(["| Name | Type | Default | Meaning |", "| --- | --- | --- | --- |", ...rows].join("\n"));
  }
  blocks.push("## How it decides");
  if (page.when !== undefined) blocks.push("It applies when", fence("cel", page.when));
  blocks.push("It passes when", fence("cel", page.assert));
  blocks.push("## Ignore it", "Put a comment with a reason above the resource, or on the module call:");
  blocks.push(fence("hcl", `# plumbline:ignore ${page.id} until=2027-12-31 Say here why this is accepted.`));
  blocks.push("Leave `until=` out for an exception without an end.");
  if (page.benchmarks.length > 0)
    blocks.push("## Benchmarks", page.benchmarks.map((name) => `- ${escapeMarkdown(name)}`).join("\n"));
  if (page.references.length > 0) {
    blocks.push("## References", page.references.map((address) => `- ${linkMarkdown(address)}`).join("\n"));
  }
  return `${blocks.join("\n\n")}\n`;
}

function example({ title, terraform }: PageExample): string[] {
  return [...(title === undefined ? [] : [`${proseMarkdown(title)}:`]), fence("hcl", terraform)];
}

/** Longer than any run of back quotes inside. */
function fence(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = "`".repeat(longest + 1);
  return `${marks}${language}\n${text.trim()}\n${marks}`;
}
