/**
 * Writes docs/checks/<cloud>/<id>.md for every check item, and an index: `node scripts/generate-docs.ts`.
 * With `--check` it writes nothing and fails on a stale, missing or left-over page.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import type { Dimension, Risk } from "../src/core/checks/model.ts";
import { escapeMarkdown } from "../src/core/text/markdown.ts";
import { renderCheckPage, type CheckPage, type PageExample } from "../src/server/pages.ts";

const root = join(import.meta.dirname, "..");
const checks = join(root, "checks");
const target = join(root, "docs", "checks");
const CLOUDS = { aws: "AWS", alibaba: "Alibaba Cloud", tencent: "Tencent Cloud" } as const;

/** As it stands in the YAML: the harness proves that it is right, this only shows it. */
interface Written {
  readonly title: string;
  readonly instance: string | readonly string[];
  readonly dimensions: readonly Dimension[];
  readonly category: string;
  readonly risk: Risk;
  readonly why: string;
  readonly advice?: string;
  readonly benchmarks?: readonly string[];
  readonly references?: readonly string[];
  readonly when?: string;
  readonly assert: string;
  readonly parameters?: Readonly<Record<string, { readonly type: string; readonly default: unknown; readonly title: string }>>;
  readonly fix?: {
    readonly source?: readonly { readonly title: string; readonly safe?: boolean }[];
    readonly live?: { readonly title: string };
  };
  readonly noFix?: string;
  readonly examples?: Readonly<Record<string, readonly Example[]>>;
}

type Example = string | { readonly title?: string; readonly terraform?: string };

interface Item {
  readonly cloud: keyof typeof CLOUDS;
  readonly service: string;
  readonly page: CheckPage;
}

const items = (Object.keys(CLOUDS) as (keyof typeof CLOUDS)[]).flatMap((cloud) => itemsOf(cloud));
const pages = new Map<string, string>([["index.md", index()]]);
for (const { cloud, page } of items) pages.set(`${cloud}/${page.id}.md`, renderCheckPage(page));
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

function itemsOf(cloud: keyof typeof CLOUDS): Item[] {
  const services = readdirSync(join(checks, cloud), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return services
    .map(({ name }) => name)
    .sort()
    .flatMap((service) =>
      readdirSync(join(checks, cloud, service))
        .filter((name) => /^[^.]+\.yaml$/.test(name) && name !== "instances.yaml")
        .sort()
        .map((name) => {
          const written = parse(readFileSync(join(checks, cloud, service, name), "utf8")) as Written;
          return { cloud, service, page: pageOf(`${cloud}-${service}-${name.slice(0, -5)}`, written) };
        }),
    );
}

function pageOf(id: string, written: Written): CheckPage {
  return {
    id,
    title: written.title,
    instance: typeof written.instance === "string" ? [written.instance] : written.instance,
    dimensions: written.dimensions,
    category: written.category,
    risk: written.risk,
    why: written.why,
    advice: written.advice ?? "",
    benchmarks: written.benchmarks ?? [],
    references: written.references ?? [],
    parameters: Object.entries(written.parameters ?? {}).map(([name, parameter]) => ({
      name,
      type: parameter.type,
      default: JSON.stringify(parameter.default),
      title: parameter.title,
    })),
    fixes: (written.fix?.source ?? []).map(({ title, safe }) => ({ title, safe: safe ?? false })),
    noFix: written.noFix,
    liveFix: written.fix?.live?.title,
    assert: written.assert,
    when: written.when,
    avoid: exampleOf(written.examples?.fail),
    prefer: exampleOf(written.examples?.pass),
  };
}

function exampleOf(examples: readonly Example[] | undefined): PageExample | undefined {
  for (const example of examples ?? []) {
    if (typeof example === "string") return { title: undefined, terraform: example };
    if (example.terraform !== undefined) return { title: example.title, terraform: example.terraform };
  }
  return undefined;
}

function index(): string {
  const lines = ["# Check items", "", `${items.length} check items over three clouds.`];
  for (const cloud of Object.keys(CLOUDS) as (keyof typeof CLOUDS)[]) {
    const own = items.filter((item) => item.cloud === cloud);
    lines.push("", `## ${CLOUDS[cloud]}`, "", `${own.length} check items.`, "");
    lines.push("| Check item | Title | Service | Risk | Quick fix |", "| --- | --- | --- | --- | --- |");
    for (const { service, page } of own) {
      const cells = [
        `[${page.id}](${cloud}/${page.id}.md)`,
        escapeMarkdown(page.title),
        service,
        page.risk,
        page.fixes.length > 0 ? "yes" : "",
      ];
      lines.push(`| ${cells.join(" | ")} |`);
    }
  }
  return `${lines.join("\n")}\n`;
}
