import type { Language } from "../text/language.ts";

/** What findings say of the places that they point to, beside their check item's own words. Labels and paths are Terraform's. */
export interface PlaceWords {
  readonly written: string;
  readonly set: (label: string) => string;
  readonly default: (label: string) => string;
  readonly passed: (label: string) => string;
  readonly origin: (label: string) => string;
  readonly readFrom: (file: string) => string;
  readonly alsoDecides: (path: string) => string;
  readonly notSet: (path: string) => string;
  readonly lacking: string;
  readonly about: (address: string) => string;
  readonly has: (address: string) => string;
  readonly moreHave: (count: number) => string;
  /** Behind a message: in how many of the callers of a module, or of the instances of a block, it holds. */
  readonly share: (failing: number, all: number, of: "callers" | "instances") => string;
}

const english: PlaceWords = {
  written: "It is written here.",
  set: (label) => `${label} is set here.`,
  default: (label) => `${label} has this default.`,
  passed: (label) => `${label} is passed here.`,
  origin: (label) => `${label} comes from here.`,
  readFrom: (file) => `It is read from ${file}.`,
  alsoDecides: (path) => `\`${path}\` decides as well.`,
  notSet: (path) => `\`${path}\` is not set here.`,
  lacking: "What this block lacks decides as well.",
  about: (address) => `${address} is what this is about.`,
  has: (address) => `${address} has it.`,
  moreHave: (count) => `${String(count)} more instances have it.`,
  share: (failing, all, of) => ` (in ${String(failing)} of ${String(all)} ${of})`,
};

const chinese: PlaceWords = {
  written: "在此处写入。",
  set: (label) => `${label} 在此处设置。`,
  default: (label) => `${label} 的默认值在此处。`,
  passed: (label) => `${label} 在此处传入。`,
  origin: (label) => `${label} 来自此处。`,
  readFrom: (file) => `读取自 ${file}。`,
  alsoDecides: (path) => `\`${path}\` 同样起决定作用。`,
  notSet: (path) => `\`${path}\` 未在此处设置。`,
  lacking: "此块缺少的内容同样起决定作用。",
  about: (address) => `涉及的是 ${address}。`,
  has: (address) => `${address} 存在此问题。`,
  moreHave: (count) => `另有 ${String(count)} 个实例存在此问题。`,
  share: (failing, all, of) => `（${String(all)} 个${of === "callers" ? "调用方" : "实例"}中的 ${String(failing)} 个）`,
};

export const placeWords = (language: Language): PlaceWords => (language === "zh-cn" ? chinese : english);
