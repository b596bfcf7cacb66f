/** Languages of what items and reports say. */
export type Language = "en" | "zh-cn";

export const LANGUAGES = ["en", "zh-cn"] as const satisfies readonly Language[];

/** For a locale of an editor or a system: `zh-CN`, `zh_Hans_SG.UTF-8`. Readers of traditional characters get English. */
export function languageOf(locale: string | undefined): Language {
  const [language, ...more] = (locale ?? "").toLowerCase().split(/[-_.@]/);
  if (language !== "zh") return "en";
  return more.some((part) => ["tw", "hk", "mo", "hant"].includes(part)) ? "en" : "zh-cn";
}
