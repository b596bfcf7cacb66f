/**
 * Writes docs/checks/: a page for every check item, in English and in the languages that it has texts in, a page for every benchmark,
 * and an index: `node scripts/generate-docs.ts`. With `--check` it writes nothing and fails on a stale, missing or left-over page.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { itemsByControl, type Benchmark } from "../src/core/checks/benchmarks.ts";
import type { CheckItem, LiveFix } from "../src/core/checks/model.ts";
import { readPermissions } from "../src/core/checks/permissions.ts";
import { withTexts } from "../src/core/checks/texts.ts";
import { escapeMarkdown } from "../src/core/text/markdown.ts";
import { renderCheckPage, type CheckPage, type PageExample } from "../src/server/pages.ts";
import { loadCheckTree, root } from "./check-files.ts";

const target = join(root, "docs", "checks");
const CLOUDS = { aws: "AWS", alibaba: "Alibaba Cloud", tencent: "Tencent Cloud" } as const;

/** As it stands in the YAML: the harness proves that it is right, this only shows it. */
interface Written {
  readonly title: string;
  readonly why: string;
  readonly advice?: string;
  readonly parameters?: Readonly<Record<string, { readonly type: string; readonly default: unknown; readonly title: string }>>;
  readonly fix?: {
    readonly source?: readonly { readonly title: string; readonly safe?: boolean }[];
    readonly live?: Pick<LiveFix, "title" | "risk" | "restores" | "permissions"> & { readonly restoresNote?: string };
  };
  readonly noFix?: string;
  readonly examples?: Readonly<Record<string, readonly Example[]>>;
}

type Example = string | { readonly title?: string; readonly terraform?: string };

const tree = await loadCheckTree();
const items = tree.checks.toSorted((a, b) => (a.id < b.id ? -1 : 1));
const pages = new Map<string, string>([["index.md", index()]]);
for (const item of items) {
  const written = tree.sources.get(item.file)?.data as Written;
  pages.set(`${item.cloud}/${item.id}.md`, renderCheckPage(pageOf(item, written), "en"));
  for (const [language, texts] of tree.translations) {
    const its = texts.get(item.file)?.data;
    if (its === undefined) continue;
    // Titles of examples are in English.
    const page = untitled(pageOf(item, withTexts(written, its) as Written));
    pages.set(`${language}/${item.cloud}/${item.id}.md`, renderCheckPage(page, language));
  }
}
for (const benchmark of tree.benchmarks.values()) pages.set(`benchmarks/${benchmark.name}.md`, benchmarkPage(benchmark));
const present = existsSync(target)
  ? readdirSync(target, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => name.replaceAll("\\", "/"))
  : [];
const leftOver = present.filter((name) => !pages.has(name));
const stale = [...pages].filter(([name, text]) => !present.includes(name) || readFileSync(join(target, name), "utf8") !== text);

if (process.argv.includes("--check")) {
  const wrong = [...leftOver, ...stale.map(([name]) => name)];
  if (wrong.length > 0) {
    console.error(`docs/checks is stale (${wrong.slice(0, 5).join(", ")}${wrong.length > 5 ? ", …" : ""}): run \`npm run gen\``);
    process.exitCode = 1;
  }
} else {
  for (const name of leftOver) rmSync(join(target, name));
  for (const [name, text] of stale) {
    mkdirSync(dirname(join(target, name)), { recursive: true });
    writeFileSync(join(target, name), text);
  }
}

function pageOf(item: CheckItem, written: Written): CheckPage {
  const live = written.fix?.live;
  return {
    id: item.id,
    title: written.title,
    instance: [tree.sources.get(item.file)?.data as { readonly instance: string | readonly string[] }].flatMap(
      ({ instance }) => instance,
    ),
    dimensions: item.dimensions,
    category: item.category,
    risk: item.risk,
    in: item.in,
    why: written.why,
    advice: written.advice ?? "",
    benchmarks: item.benchmarks,
    references: item.references,
    parameters: Object.entries(written.parameters ?? {}).map(([name, parameter]) => ({
      name,
      type: parameter.type,
      default: JSON.stringify(parameter.default),
      title: parameter.title,
    })),
    fixes: (written.fix?.source ?? []).map(({ title, safe }) => ({ title, safe: safe ?? false })),
    noFix: written.noFix,
    liveFix: live === undefined ? undefined : { ...live, restoresNote: live.restoresNote },
    permissions: readPermissions(item, tree.types),
    assert: item.assert.source,
    when: item.when?.source,
    avoid: exampleOf(written.examples?.["fail"]),
    prefer: exampleOf(written.examples?.["pass"]),
  };
}

function exampleOf(examples: readonly Example[] | undefined): PageExample | undefined {
  for (const example of examples ?? []) {
    if (typeof example === "string") return { title: undefined, terraform: example };
    if (example.terraform !== undefined) return { title: example.title, terraform: example.terraform };
  }
  return undefined;
}

function untitled(page: CheckPage): CheckPage {
  const plain = (example: PageExample | undefined): PageExample | undefined =>
    example === undefined ? undefined : { ...example, title: undefined };
  return { ...page, avoid: plain(page.avoid), prefer: plain(page.prefer) };
}

function index(): string {
  const lines = ["# Check items", "", `${items.length} check items over three clouds.`, "", "By benchmark:", ""];
  for (const benchmark of tree.benchmarks.values()) {
    const covered = itemsByControl(benchmark, items).size;
    lines.push(
      `- [${benchmark.title} ${benchmark.version}](benchmarks/${benchmark.name}.md): items on ${covered} of ${benchmark.controls.length} controls`,
    );
  }
  for (const cloud of Object.keys(CLOUDS) as (keyof typeof CLOUDS)[]) {
    const own = items.filter((item) => item.cloud === cloud);
    const services = [...new Set(own.map(({ service }) => service))].sort();
    lines.push("", `## ${CLOUDS[cloud]}`, "", `${own.length} check items on ${services.length} services.`);
    for (const service of services) {
      lines.push("", `### ${service}`, "");
      lines.push("| Check item | Title | Risk | Fix in source | Fix in the account |", "| --- | --- | --- | --- | --- |");
      for (const item of own.filter((one) => one.service === service)) {
        const cells = [
          `[${item.id}](${cloud}/${item.id}.md)`,
          escapeMarkdown(item.title),
          item.risk,
          item.fixes.length > 0 ? "yes" : "",
          item.live !== undefined ? "yes" : "",
        ];
        lines.push(`| ${cells.join(" | ")} |`);
      }
    }
  }
  return `${lines.join("\n")}\n`;
}

function benchmarkPage(benchmark: Benchmark): string {
  const covered = itemsByControl(benchmark, items);
  const manual = benchmark.controls.filter(({ assessment }) => assessment === "manual").length;
  const without = benchmark.controls.filter(({ number }) => !covered.has(number)).length;
  const lines = [
    `# ${escapeMarkdown(`${benchmark.title} ${benchmark.version}`)}`,
    "",
    `\`plumbline check --benchmark ${benchmark.name}\` reports by these ${benchmark.controls.length} controls.`,
    `The publisher calls ${manual} of them manual: a person judges them, and items may see a part. No item is about ${without}.`,
    "The numbers are the publisher's, the words are ours: read the benchmark itself for what it demands.",
    "",
    `<${benchmark.source}>`,
    "",
    "| Control | State | Level | Assessment | Check items |",
    "| --- | --- | --- | --- | --- |",
  ];
  for (const { number, title, level, assessment } of benchmark.controls) {
    const its = covered.get(number) ?? [];
    const links = its.map(({ id, cloud, in: world }) => `[${id}](../${cloud}/${id}.md)${world === "live" ? " (live)" : ""}`);
    lines.push(
      `| ${number} | ${escapeMarkdown(title)} | ${level} | ${assessment} | ${links.length > 0 ? links.join("<br>") : "none"} |`,
    );
  }
  return `${lines.join("\n")}\n`;
}
