import type { CheckItem, Risk } from "../core/checks/model.ts";
import type { Language } from "../core/text/language.ts";
import type { LiveCost } from "../core/inspection/live-cost.ts";

type Noun = "argument" | "check" | "checkItem" | "file" | "resource" | "result" | "root";

/** What the server says in its own words: hovers, actions, the coverage, code lenses. Items and pages bring their own. */
export interface Words {
  readonly dimensions: Readonly<Record<CheckItem["dimensions"][number], string>>;
  readonly hover: {
    readonly risk: (risk: Risk) => string;
    readonly whatToDo: string;
    readonly benchmarks: string;
    readonly noValue: (name: string) => string;
    readonly unseen: (more: number) => string;
    readonly where: (places: string) => string;
    readonly more: (more: number) => string;
    readonly differs: (name: string) => string;
    readonly unknown: string;
    readonly unknownWithin: string;
  };
  readonly actions: {
    readonly fixAll: string;
    readonly ignore: (what: string) => string;
    readonly together: (findings: number) => string;
    readonly reason: string;
  };
  readonly coverage: {
    readonly count: (number: number, noun: Noun) => string;
    readonly assessed: (assessed: number, resources: string) => string;
    readonly unknown: (results: string) => string;
    readonly notChecked: (results: number) => string;
    readonly suppressed: (results: number) => string;
    readonly known: (results: number) => string;
    readonly off: (checks: string) => string;
    readonly skipped: (what: string) => string;
    readonly unread: (files: string) => string;
    readonly comma: string;
    readonly stop: string;
    readonly title: string;
    readonly results: string;
    readonly rows: Readonly<Record<"fail" | "pass" | "unknown" | "notApplicable" | "notChecked" | "suppressed" | "known", string>>;
    readonly summary: (checks: string, roots: string, resources: string, assessed: number) => string;
    readonly sections: Readonly<
      Record<"unknown" | "unsupported" | "unreadNames" | "roots" | "off" | "unreadFiles" | "skippedFiles", string>
    >;
  };
  readonly cost: (cost: LiveCost) => string;
}

const nouns: Readonly<Record<Noun, string>> = {
  argument: "unknown argument",
  check: "check",
  checkItem: "check item",
  file: "file",
  resource: "resource",
  result: "result",
  root: "root module",
};

const count = (number: number, noun: string): string => `${String(number)} ${noun}${number === 1 ? "" : "s"}`;

const english: Words = {
  dimensions: { ciem: "Identities and permissions", security: "Security", compliance: "Compliance" },
  hover: {
    risk: (risk) => `${risk.charAt(0).toUpperCase()}${risk.slice(1)} risk`,
    whatToDo: "What to do:",
    benchmarks: "Benchmarks:",
    noValue: (name) => `${name} has no value: nothing is made of it.`,
    unseen: (more) => `So in all places that were looked at; ${String(more)} more were not.`,
    where: (places) => `In ${places}:`,
    more: (more) => `And ${String(more)} more.`,
    differs: (name) => `${name} is not the same everywhere.`,
    unknown: "Not known:",
    unknownWithin: "Not known in it:",
  },
  actions: {
    fixAll: "Fix all safe Plumbline findings",
    ignore: (what) => `Ignore ${what} here, with a reason …`,
    together: (findings) => `these ${String(findings)} low-risk findings`,
    reason: "Say here why this is accepted.",
  },
  coverage: {
    count: (number, noun) => count(number, nouns[noun]),
    assessed: (assessed, resources) => `${String(assessed)} of ${resources} assessed`,
    unknown: (results) => `${results} unknown`,
    notChecked: (results) => `${String(results)} not checked`,
    suppressed: (results) => `${String(results)} suppressed`,
    known: (results) => `${String(results)} known from the baseline`,
    off: (checks) => `${checks} off`,
    skipped: (what) => `${what} skipped`,
    unread: (files) => `${files} not read in full`,
    comma: ", ",
    stop: ".",
    title: "What Plumbline looked at",
    results: "Results",
    rows: {
      fail: "Failed",
      pass: "Passed",
      unknown: "Unknown: a value is only known after apply, or could not be read",
      notApplicable: "Not applicable",
      notChecked: "Not checked: a defect of a check item",
      suppressed: "Suppressed",
      known: "Known from the baseline",
    },
    summary: (checks, roots, resources, assessed) =>
      `${checks} selected, ${roots}, ${resources}, ${String(assessed)} of them assessed.`,
    sections: {
      unknown: "Why results are unknown",
      unsupported: "Resource types that no check item looks at",
      unreadNames: "Arguments that the providers' schemas do not have",
      roots: "Root modules",
      off: "Check items that are turned off",
      unreadFiles: "Files that could not be read in full",
      skippedFiles: "Files that were not evaluated",
    },
  },
  cost: ({ instances, items, scanTimes, free, fee, atLeast }) => {
    const several = instances > 1 ? `${count(instances, "instance")}, ` : "";
    const times = `${atLeast ? "at least " : ""}${count(scanTimes, "scan time")}`;
    return `${several}${count(items, "check item")} · live: ${times}, ${String(free)} free, ${String(scanTimes - free)} billable: ${fee}`;
  },
};

const chineseNouns: Readonly<Record<Noun, string>> = {
  argument: "个未知参数",
  check: "个检查项",
  checkItem: "个检查项",
  file: "个文件",
  resource: "个资源",
  result: "个结果",
  root: "个根模块",
};

const chineseRisks: Readonly<Record<Risk, string>> = { high: "高风险", medium: "中风险", low: "低风险" };

const chinese: Words = {
  dimensions: { ciem: "身份与权限", security: "安全", compliance: "合规" },
  hover: {
    risk: (risk) => chineseRisks[risk],
    whatToDo: "处理建议：",
    benchmarks: "基准：",
    noValue: (name) => `${name} 没有值：没有由它产生的内容。`,
    unseen: (more) => `在查看过的位置均如此；另有 ${String(more)} 处未查看。`,
    where: (places) => `在 ${places} 中：`,
    more: (more) => `另有 ${String(more)} 处。`,
    differs: (name) => `${name} 在各处的值不同。`,
    unknown: "未知：",
    unknownWithin: "其中未知：",
  },
  actions: {
    fixAll: "修复 Plumbline 所有可安全修复的发现",
    ignore: (what) => `在此忽略 ${what}，并填写理由…`,
    together: (findings) => `这 ${String(findings)} 个低风险发现`,
    reason: "在此说明为何可以接受。",
  },
  coverage: {
    count: (number, noun) => `${String(number)} ${chineseNouns[noun]}`,
    assessed: (assessed, resources) => `${resources}中已检查 ${String(assessed)} 个`,
    unknown: (results) => `${results}未知`,
    notChecked: (results) => `${String(results)} 个未检查`,
    suppressed: (results) => `${String(results)} 个已忽略`,
    known: (results) => `${String(results)} 个在基线中已知`,
    off: (checks) => `${checks}已关闭`,
    skipped: (what) => `跳过${what}`,
    unread: (files) => `${files}未能完整读取`,
    comma: "，",
    stop: "。",
    title: "Plumbline 的检查范围",
    results: "结果",
    rows: {
      fail: "未通过",
      pass: "通过",
      unknown: "未知：某个值在 apply 之后才能知道，或无法读取",
      notApplicable: "不适用",
      notChecked: "未检查：检查项自身的缺陷",
      suppressed: "已忽略",
      known: "基线中已知",
    },
    summary: (checks, roots, resources, assessed) =>
      `已选择 ${checks}，${roots}，${resources}，其中已检查 ${String(assessed)} 个。`,
    sections: {
      unknown: "结果未知的原因",
      unsupported: "没有检查项涉及的资源类型",
      unreadNames: "提供商模式中没有的参数",
      roots: "根模块",
      off: "已关闭的检查项",
      unreadFiles: "未能完整读取的文件",
      skippedFiles: "未求值的文件",
    },
  },
  cost: ({ instances, items, scanTimes, free, fee, atLeast }) => {
    const several = instances > 1 ? `${String(instances)} 个实例，` : "";
    const times = `${atLeast ? "至少 " : ""}${String(scanTimes)} 次扫描`;
    return `${several}${String(items)} 个检查项 · 云账号：${times}，免费 ${String(free)}，计费 ${String(scanTimes - free)}：${fee}`;
  },
};

export const wordsOf = (language: Language): Words => (language === "zh-cn" ? chinese : english);
