import type { Category, Dimension, Risk } from "../checks/model.ts";
import type { Language } from "../text/language.ts";

/** What an HTML report says in its own words. */
export interface PageWords {
  readonly findings: (count: number, isNew: boolean) => string;
  readonly risks: Readonly<Record<Risk, string>>;
  readonly dimensions: Readonly<Record<Dimension, string>>;
  readonly categories: Readonly<Record<Category, string>>;
  readonly charts: Readonly<
    Record<"risk" | "dimension" | "category" | "benchmark" | "service" | "account" | "instance" | "principal" | "unchecked", string>
  >;
  readonly chartsLabel: string;
  readonly trend: string;
  readonly trendPoint: (at: string, passRate: number, passed: number, failed: number) => string;
  readonly filter: string;
  readonly search: string;
  readonly searchHint: string;
  readonly service: string;
  readonly all: string;
  /** `#` stands for the number. */
  readonly shown: string;
  readonly none: string;
  readonly fields: Readonly<
    Record<
      | "resource"
      | "resources"
      | "instance"
      | "account"
      | "region"
      | "why"
      | "advice"
      | "fix"
      | "evidence"
      | "related"
      | "benchmarks"
      | "references"
      | "item"
      | "change",
      string
    >
  >;
  readonly changes: Readonly<Record<"new" | "still" | "fixed", string>>;
  readonly safe: string;
  readonly problems: (count: number) => string;
  readonly problemColumns: readonly [severity: string, place: string, message: string];
  readonly others: (count: number) => string;
  readonly otherColumns: readonly [result: string, item: string, instance: string, where: string, reason: string];
  readonly kinds: Readonly<
    Record<"pass" | "fail" | "unknown" | "notApplicable" | "notChecked" | "suppressed" | "known" | "vanished", string>
  >;
  readonly unlisted: string;
  readonly scan: (account: string, at: string) => string;
  readonly scanCounts: (failed: number, passed: number, notApplicable: number, suppressed: number, notChecked: number) => string;
  readonly charged: (scanTimes: number, fee: string) => string;
  readonly scanLine: (scan: string, counts: string, charged: string) => string;
  readonly unfinished: string;
}

const plural = (count: number, one: string): string => `${String(count)} ${one}${count === 1 ? "" : "s"}`;

const english: PageWords = {
  findings: (count, isNew) => {
    const what = isNew ? "new finding" : "finding";
    return count === 0 ? `No ${what}s` : plural(count, what);
  },
  risks: { high: "high", medium: "medium", low: "low" },
  dimensions: { ciem: "identities and permissions", security: "security", compliance: "compliance" },
  categories: {
    identity: "identity",
    network: "network",
    data: "data",
    audit: "audit",
    protection: "protection",
    monitoring: "monitoring",
  },
  charts: {
    risk: "By risk",
    dimension: "By dimension",
    category: "By category",
    benchmark: "By benchmark",
    service: "By service",
    account: "By account",
    instance: "Instances with most findings",
    principal: "Principals with most findings",
    unchecked: "Not checked, and why",
  },
  chartsLabel: "Findings in numbers",
  trend: "Trend of the pass rate",
  trendPoint: (at, passRate, passed, failed) =>
    `${at}: ${String(passRate)}% pass (${String(passed)} passed, ${String(failed)} failed)`,
  filter: "Filter the findings",
  search: "Search",
  searchHint: "check, place, resource",
  service: "Service",
  all: "all",
  shown: "# shown",
  none: "No finding matches.",
  fields: {
    resource: "Resource",
    resources: "Resources",
    instance: "Instance",
    account: "Account",
    region: "Region",
    why: "Why",
    advice: "Advice",
    fix: "Fix",
    evidence: "What decides",
    related: "See also",
    benchmarks: "Benchmarks",
    references: "References",
    item: "Check item",
    change: "Since the scan before",
  },
  changes: { new: "new", still: "still there", fixed: "fixed" },
  safe: "safe: --fix applies it",
  problems: (count) => plural(count, "problem"),
  problemColumns: ["Severity", "Place", "Message"],
  others: (count) => plural(count, "other result"),
  otherColumns: ["Result", "Check item", "Instance", "Where", "Reason"],
  kinds: {
    pass: "pass",
    fail: "fail",
    unknown: "not decided",
    notApplicable: "not applicable",
    notChecked: "not checked",
    suppressed: "suppressed",
    known: "known",
    vanished: "gone",
  },
  unlisted: "could not be listed: nobody knows whether there is any",
  scan: (account, at) => `${account}, scanned ${at}`,
  scanCounts: (failed, passed, notApplicable, suppressed, notChecked) =>
    `${String(failed)} failed, ${String(passed)} passed, ${String(notApplicable)} not applicable, ${String(suppressed)} suppressed, ${String(notChecked)} not checked`,
  charged: (scanTimes, fee) => `${plural(scanTimes, "scan time")} charged, ${fee}`,
  scanLine: (scan, counts, charged) => `${scan}: ${counts}. ${charged}.`,
  unfinished: "The scan did not come to its end: what it had not checked by then is not here.",
};

const chinese: PageWords = {
  findings: (count, isNew) => (count === 0 ? `没有${isNew ? "新" : ""}发现` : `${String(count)} 个${isNew ? "新" : ""}发现`),
  risks: { high: "高", medium: "中", low: "低" },
  dimensions: { ciem: "身份与权限", security: "安全", compliance: "合规" },
  categories: {
    identity: "身份认证",
    network: "网络访问控制",
    data: "数据安全",
    audit: "日志审计",
    protection: "基础防护",
    monitoring: "监控告警",
  },
  charts: {
    risk: "按风险等级",
    dimension: "按维度",
    category: "按类别",
    benchmark: "按基准",
    service: "按服务",
    account: "按账号",
    instance: "发现最多的实例",
    principal: "发现最多的主体",
    unchecked: "未检查及原因",
  },
  chartsLabel: "发现统计",
  trend: "通过率趋势",
  trendPoint: (at, passRate, passed, failed) =>
    `${at}：通过率 ${String(passRate)}%（通过 ${String(passed)} 项，未通过 ${String(failed)} 项）`,
  filter: "筛选发现",
  search: "搜索",
  searchHint: "检查项、位置、资源",
  service: "服务",
  all: "全部",
  shown: "显示 # 个",
  none: "没有符合条件的发现。",
  fields: {
    resource: "资源",
    resources: "资源",
    instance: "实例",
    account: "账号",
    region: "地域",
    why: "原因",
    advice: "建议",
    fix: "修复",
    evidence: "判断依据",
    related: "另请参阅",
    benchmarks: "基准",
    references: "参考",
    item: "检查项",
    change: "与上次扫描相比",
  },
  changes: { new: "新增", still: "仍然存在", fixed: "已修复" },
  safe: "安全：--fix 可应用",
  problems: (count) => `${String(count)} 个问题`,
  problemColumns: ["严重程度", "位置", "内容"],
  others: (count) => `${String(count)} 个其他结果`,
  otherColumns: ["结果", "检查项", "实例", "位置", "原因"],
  kinds: {
    pass: "通过",
    fail: "未通过",
    unknown: "未确定",
    notApplicable: "不适用",
    notChecked: "未检查",
    suppressed: "已忽略",
    known: "已知",
    vanished: "已消失",
  },
  unlisted: "无法列出：无法得知是否存在",
  scan: (account, at) => `${account}，扫描于 ${at}`,
  scanCounts: (failed, passed, notApplicable, suppressed, notChecked) =>
    `${String(failed)} 项未通过，${String(passed)} 项通过，${String(notApplicable)} 项不适用，${String(suppressed)} 项已忽略，${String(notChecked)} 项未检查`,
  charged: (scanTimes, fee) => `计费 ${String(scanTimes)} 次扫描，${fee}`,
  scanLine: (scan, counts, charged) => `${scan}：${counts}。${charged}。`,
  unfinished: "扫描未能完成：其中未包含当时尚未检查的内容。",
};

export const pageWords = (language: Language): PageWords => (language === "zh-cn" ? chinese : english);
