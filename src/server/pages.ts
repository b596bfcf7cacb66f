import type { CheckItem, Dimension, LiveFix, Risk } from "../core/checks/model.ts";
import type { Language } from "../core/text/language.ts";
import { pageWords } from "../core/reports/page-words.ts";
import { toJson } from "../core/values/json.ts";
import { wordsOf } from "./words.ts";
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
  readonly liveFix: Pick<LiveFix, "title" | "risk" | "restores" | "restoresNote" | "permissions"> | undefined;
  /** What a live scan calls beside listing the instances. */
  readonly permissions: readonly string[];
  readonly in: CheckItem["in"];
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
export function checkPage(check: CheckItem, language: Language): string {
  const text = (parts: CheckItem["message"]): string =>
    parts.map((part) => (typeof part === "string" ? part : `{${part.source}}`)).join("");
  return renderCheckPage(
    {
      ...check,
      parameters: [...check.parameters].map(([name, parameter]) => ({
        name,
        type: parameter.type,
        default: JSON.stringify(toJson(parameter.default)),
        title: parameter.title,
      })),
      fixes: check.fixes.map(({ title, safe }) => ({ title: text(title), safe })),
      liveFix: check.live,
      permissions: [],
      assert: check.assert.source,
      when: check.when?.source,
      avoid: undefined,
      prefer: undefined,
    },
    language,
  );
}

export function renderCheckPage(page: CheckPage, language: Language): string {
  const words = WORDS[language];
  const facts = [
    [words.risk, words.risks[page.risk]],
    [words.dimensions, page.dimensions.map((name) => words.dimensionNames[name]).join(words.comma)],
    [words.category, words.categories[page.category] ?? page.category],
    [words.looksAt, page.instance.map((type) => `\`${type}\``).join(words.comma)],
    ...(page.in === "both" ? [] : [[words.where, page.in === "live" ? words.liveOnly : words.filesOnly]]),
  ];
  const blocks = [
    `# ${escapeMarkdown(page.title)}`,
    `\`${page.id}\``,
    facts.map(([name, value]) => `- **${name ?? ""}${words.colon}** ${value ?? ""}`).join("\n"),
    `## ${words.why}`,
    proseMarkdown(page.why.trim()),
  ];
  if (page.avoid !== undefined) blocks.push(`## ${words.avoid}`, ...example(page.avoid, words));
  if (page.prefer !== undefined) blocks.push(`## ${words.prefer}`, ...example(page.prefer, words));
  blocks.push(`## ${words.fix}`);
  if (page.advice !== "") blocks.push(proseMarkdown(page.advice.trim()));
  if (page.fixes.length > 0) {
    const items = page.fixes.map(({ title, safe }) => `- ${proseMarkdown(title)}${safe ? words.safe : ""}`);
    blocks.push(page.fixes.length === 1 ? words.quickFix : words.quickFixes, items.join("\n"));
  } else if (page.noFix !== undefined) {
    blocks.push(`${words.noFix}${proseMarkdown(page.noFix.trim())}`);
  }
  if (page.liveFix !== undefined) blocks.push(words.inAccount, ...remedy(page.liveFix, words));
  if (page.parameters.length > 0) {
    const rows = page.parameters.map(
      ({ name, type, default: value, title }) => `| \`${name}\` | ${type} | \`${value}\` | ${proseMarkdown(title)} |`,
    );
    blocks.push(`## ${words.parameters}`, words.setThem);
    blocks.push([`| ${words.parameterColumns.join(" | ")} |`, "| --- | --- | --- | --- |", ...rows].join("\n"));
  }
  blocks.push(`## ${words.decides}`);
  if (page.when !== undefined) blocks.push(words.appliesWhen, fence("cel", page.when));
  blocks.push(words.passesWhen, fence("cel", page.assert));
  if (page.permissions.length > 0) {
    blocks.push(`## ${words.permissions}`, words.permissionsNeeded, page.permissions.map((action) => `- \`${action}\``).join("\n"));
  }
  blocks.push(`## ${words.ignore}`, words.ignoreHow);
  blocks.push(fence("hcl", `# plumbline:ignore ${page.id} until=2027-12-31 ${words.ignoreReason}`));
  blocks.push(words.ignoreEnd);
  if (page.benchmarks.length > 0) {
    const up = language === "en" ? ".." : "../..";
    blocks.push(`## ${words.benchmarks}`, page.benchmarks.map((name) => `- ${benchmarkLink(name, up)}`).join("\n"));
  }
  if (page.references.length > 0) {
    blocks.push(`## ${words.references}`, page.references.map((address) => `- ${linkMarkdown(address)}`).join("\n"));
  }
  return `${blocks.join("\n\n")}\n`;
}

/** `cis-aws-5.0/2.1.1`, to the page of the benchmark. */
function benchmarkLink(reference: string, up: string): string {
  const [name = "", number = ""] = reference.split("/");
  const text = escapeMarkdown(`${name} ${number}`);
  return /^[a-z0-9-]+(?:\.\d+)*$/.test(name) ? `[${text}](${up}/benchmarks/${name}.md)` : text;
}

function remedy({ title, risk, restores, restoresNote, permissions }: NonNullable<CheckPage["liveFix"]>, words: Words): string[] {
  const note = restoresNote === undefined ? "" : ` ${proseMarkdown(restoresNote)}`;
  return [
    [
      `- ${proseMarkdown(title)}`,
      `- ${words.remedyRisks[risk]}`,
      `- ${words.restores[restores]}${note}`,
      `- ${words.remedyPermissions}${permissions.map((action) => `\`${action}\``).join(words.comma)}`,
    ].join("\n"),
  ];
}

interface Words {
  readonly risk: string;
  readonly risks: Readonly<Record<Risk, string>>;
  readonly dimensions: string;
  readonly dimensionNames: Readonly<Record<Dimension, string>>;
  readonly category: string;
  readonly categories: Readonly<Record<string, string>>;
  readonly looksAt: string;
  readonly where: string;
  readonly liveOnly: string;
  readonly filesOnly: string;
  readonly colon: string;
  readonly comma: string;
  readonly why: string;
  readonly avoid: string;
  readonly prefer: string;
  readonly fix: string;
  readonly safe: string;
  readonly quickFix: string;
  readonly quickFixes: string;
  readonly noFix: string;
  readonly inAccount: string;
  readonly remedyRisks: Readonly<Record<LiveFix["risk"], string>>;
  readonly restores: Readonly<Record<LiveFix["restores"], string>>;
  readonly remedyPermissions: string;
  readonly parameters: string;
  readonly setThem: string;
  readonly parameterColumns: readonly string[];
  readonly decides: string;
  readonly appliesWhen: string;
  readonly passesWhen: string;
  readonly permissions: string;
  readonly permissionsNeeded: string;
  readonly ignore: string;
  readonly ignoreHow: string;
  readonly ignoreReason: string;
  readonly ignoreEnd: string;
  readonly benchmarks: string;
  readonly references: string;
}

const ENGLISH: Words = {
  risk: "Risk",
  risks: { high: "high", medium: "medium", low: "low" },
  dimensions: "Dimensions",
  dimensionNames: wordsOf("en").dimensions,
  category: "Category",
  categories: {},
  looksAt: "Looks at",
  where: "Where",
  liveOnly: "live accounts only",
  filesOnly: "files only",
  colon: ":",
  comma: ", ",
  why: "Why",
  avoid: "Avoid",
  prefer: "Prefer",
  fix: "Fix",
  safe: " (safe: part of *fix all*)",
  quickFix: "Quick fix in the editor:",
  quickFixes: "Quick fixes in the editor:",
  noFix: "No quick fix in the editor: ",
  inAccount: "In a live account (`plumbline remedy`, or *Fix in the Account…*):",
  remedyRisks: {
    none: "Nothing is interrupted.",
    traffic: "Traffic that relies on it may stop.",
    restart: "Something restarts.",
    irreversible: "It can't be undone.",
  },
  restores: {
    exact: "Undo restores what was there.",
    partial: "Undo restores what was there in part.",
    none: "Undo restores nothing.",
  },
  remedyPermissions: "It needs ",
  parameters: "Parameters",
  setThem: "Set them in `plumbline.yaml`.",
  parameterColumns: ["Name", "Type", "Default", "Meaning"],
  decides: "How it decides",
  appliesWhen: "It applies when",
  passesWhen: "It passes when",
  permissions: "Permissions",
  permissionsNeeded: "On live accounts it reads with these, beside listing the instances:",
  ignore: "Ignore it",
  ignoreHow: "Put a comment with a reason above the resource, or on the module call:",
  ignoreReason: "Say here why this is accepted.",
  ignoreEnd: "Leave `until=` out for an exception without an end.",
  benchmarks: "Benchmarks",
  references: "References",
};

const CHINESE: Words = {
  risk: "风险",
  risks: { high: "高", medium: "中", low: "低" },
  dimensions: "维度",
  dimensionNames: wordsOf("zh-cn").dimensions,
  category: "类别",
  categories: pageWords("zh-cn").categories,
  looksAt: "检查对象",
  where: "适用于",
  liveOnly: "仅云账号",
  filesOnly: "仅文件",
  colon: "：",
  comma: "、",
  why: "为什么",
  avoid: "避免",
  prefer: "推荐",
  fix: "修复",
  safe: "（安全：包含在“全部修复”中）",
  quickFix: "编辑器中的快速修复：",
  quickFixes: "编辑器中的快速修复：",
  noFix: "编辑器中没有快速修复：",
  inAccount: "在云账号中（`plumbline remedy`，或“在账号中修复…”）：",
  remedyRisks: {
    none: "不会造成中断。",
    traffic: "依赖它的流量可能中断。",
    restart: "会有资源重启。",
    irreversible: "无法撤销。",
  },
  restores: { exact: "撤销可恢复原状。", partial: "撤销可恢复部分原状。", none: "撤销不能恢复原状。" },
  remedyPermissions: "所需权限：",
  parameters: "参数",
  setThem: "在 `plumbline.yaml` 中设置。",
  parameterColumns: ["名称", "类型", "默认值", "含义"],
  decides: "判断方式",
  appliesWhen: "适用条件",
  passesWhen: "通过条件",
  permissions: "权限",
  permissionsNeeded: "在云账号中，除列出实例外，还需要以下只读权限：",
  ignore: "忽略",
  ignoreHow: "在资源上方或模块调用处写一条带理由的注释：",
  ignoreReason: "在此说明为何可以接受。",
  ignoreEnd: "若例外没有期限，可省略 `until=`。",
  benchmarks: "基准",
  references: "参考",
};

const WORDS: Readonly<Record<Language, Words>> = { en: ENGLISH, "zh-cn": CHINESE };

function example({ title, terraform }: PageExample, { colon }: Words): string[] {
  return [...(title === undefined ? [] : [`${proseMarkdown(title)}${colon}`]), fence("hcl", terraform)];
}

/** Longer than any run of back quotes inside. */
function fence(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = "`".repeat(longest + 1);
  return `${marks}${language}\n${text.trim()}\n${marks}`;
}
