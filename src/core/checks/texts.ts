import { compileMessage, messageExpressions } from "../cel/compile.ts";
import type { Environment } from "../cel/program.ts";
import { complain, Fields, isData, type Complaints, type Data } from "../instances/fields.ts";
import type { DataPath, DataSource } from "../instances/yaml-text.ts";
import { didYouMean } from "../text/nearest.ts";
import type { Language } from "../text/language.ts";
import type { FilePath } from "../text/text.ts";

/** `aws/s3/bucket-x.yaml` for `aws/s3/bucket-x.zh-cn.yaml`; undefined: not a file with texts. */
export function translatedFile(path: FilePath): { readonly of: FilePath; readonly language: Language } | undefined {
  const match = /^(.*)\.(zh-cn)(\.ya?ml)$/.exec(path);
  return match === null ? undefined : { of: `${match[1] ?? ""}${match[3] ?? ""}`, language: "zh-cn" };
}

/** An item's data with the texts of another language in place of its own. What these lack, or have in a wrong form, stays English. */
export function withTexts(item: unknown, texts: unknown): unknown {
  if (!isData(item) || !isData(texts)) return item;
  const translated: Record<string, unknown> = { ...item };
  for (const name of ["title", "message", "why", "advice", "noFix"]) {
    if (isText(texts[name]) && isText(item[name])) translated[name] = texts[name];
  }
  const labels = isData(texts["labels"]) ? texts["labels"] : {};
  const parameters = isData(texts["parameters"]) ? texts["parameters"] : {};
  translated["parameters"] = withTitles(item["parameters"], parameters);
  const { fix } = item;
  if (isData(fix)) {
    const titles: readonly unknown[] = Array.isArray(texts["fixes"]) ? texts["fixes"] : [];
    translated["fix"] = {
      ...fix,
      ...(Array.isArray(fix["source"]) ? { source: sourceFixes(fix["source"] as readonly unknown[], titles, labels) } : {}),
      ...(isData(fix["live"]) ? { live: remedy(fix["live"], texts, parameters) } : {}),
    };
  }
  return withoutAbsent(translated);
}

/** An instances.yaml with titles of another language. */
export function withInstanceTexts(file: unknown, texts: unknown): unknown {
  if (!isData(file) || !isData(file["types"]) || !isData(texts)) return file;
  return { ...file, types: withTitles(file["types"], texts) };
}

function sourceFixes(fixes: readonly unknown[], titles: readonly unknown[], labels: Data): readonly unknown[] {
  return fixes.map((fix, index) => {
    if (!isData(fix)) return fix;
    const title = titles[index];
    return { ...fix, ...(isText(title) ? { title } : {}), edits: withLabels(fix["edits"], labels) };
  });
}

function remedy(live: Data, texts: Data, parameters: Data): Data {
  return withoutAbsent({
    ...live,
    ...(isText(texts["remedy"]) ? { title: texts["remedy"] } : {}),
    ...(isText(texts["restoresNote"]) && isText(live["restoresNote"]) ? { restoresNote: texts["restoresNote"] } : {}),
    parameters: withTitles(live["parameters"], parameters),
  });
}

/** Mappings with a `title` each, by name. */
function withTitles(all: unknown, titles: Data): unknown {
  if (!isData(all)) return all;
  return Object.fromEntries(
    Object.entries(all).map(([name, one]) => [name, isData(one) && isText(titles[name]) ? { ...one, title: titles[name] } : one]),
  );
}

function withLabels(value: unknown, labels: Data): unknown {
  if (Array.isArray(value)) return (value as readonly unknown[]).map((item) => withLabels(item, labels));
  if (!isData(value)) return value;
  const entries = Object.entries(value).map(([name, item]): [string, unknown] => {
    if (name !== "ask" || !isData(item)) return [name, withLabels(item, labels)];
    const label = isText(item["label"]) ? labels[item["label"]] : undefined;
    return [name, isText(label) ? { ...item, label } : item];
  });
  return Object.fromEntries(entries);
}

function withoutAbsent(data: Record<string, unknown>): Data {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}

const TEXT_FIELDS = [
  "title",
  "message",
  "why",
  "advice",
  "noFix",
  "fixes",
  "remedy",
  "restoresNote",
  "parameters",
  "labels",
] as const;
const LONGEST_WHY = 400;

/**
 * Says everything that is wrong with the texts of an item in another language: they say what the item says, with the same values.
 * `environment` is the one of the item's message.
 */
export function checkTexts(texts: DataSource, item: Data, environment: Environment, complaints: Complaints): void {
  if (!isData(texts.data)) {
    if (texts.data !== undefined) complain(complaints, [], "wrong-type", "Texts are a mapping with `title`, `message`, `why` …");
    return;
  }
  const fields = new Fields(complaints, [], texts.data).only(TEXT_FIELDS, "A file of texts");
  for (const name of ["title", "message", "why", "advice"]) fields.text(name);
  if (fields.textOr("why", "").length > LONGEST_WHY) {
    fields.complain("why", "too-long", `\`why\` is longer than ${LONGEST_WHY} characters.`);
  }
  const fix = isData(item["fix"]) ? item["fix"] : {};
  const live = isData(fix["live"]) ? fix["live"] : undefined;
  sameField(fields, "noFix", item["noFix"]);
  sameField(fields, "remedy", live?.["title"]);
  sameField(fields, "restoresNote", live?.["restoresNote"]);
  sameNames(fields, "parameters", titlesOf(item["parameters"], live?.["parameters"]), "parameter");
  sameNames(fields, "labels", labelsIn(fix["source"]), "question with the label");
  sameExpressions(fields, ["message"], item["message"], environment);

  const titles = (Array.isArray(fix["source"]) ? (fix["source"] as readonly unknown[]) : []).map((one) =>
    isData(one) ? one["title"] : undefined,
  );
  const translated = fields.texts("fixes");
  if (translated.length !== titles.length) {
    const message = `Write one title for each source fix, in the item's order: it has ${titles.length}, and here are ${translated.length}.`;
    complain(complaints, ["fixes"], "wrong-number", message);
  }
  for (const [index] of translated.entries()) sameExpressions(fields, ["fixes", index], titles[index], environment);
}

/** The same of the titles of an instances.yaml: `{ <type>: title }`. */
export function checkInstanceTexts(texts: DataSource, file: Data, complaints: Complaints): void {
  if (!isData(texts.data)) {
    if (texts.data !== undefined)
      complain(complaints, [], "wrong-type", "Titles of instance types are a mapping from type to title.");
    return;
  }
  const types = isData(file["types"]) ? Object.keys(file["types"]) : [];
  const fields = new Fields(complaints, [], texts.data);
  for (const name of Object.keys(texts.data)) {
    if (types.includes(name)) fields.text(name);
    else
      fields.complain(
        name,
        "unknown-type",
        `The instances.yaml beside this has no type \`${name}\`.${didYouMean(name, types)}`,
        "key",
      );
  }
  for (const name of types) if (!fields.has(name)) complain(complaints, [], "missing-field", `Add the title of \`${name}\`.`);
}

function sameField(fields: Fields, name: string, english: unknown): void {
  if (isText(english)) fields.text(name);
  else if (fields.has(name)) fields.complain(name, "not-allowed", `The item has nothing that \`${name}\` would translate.`, "key");
}

function sameNames(fields: Fields, name: string, english: ReadonlySet<string>, what: string): void {
  const its = fields.fields(name);
  for (const given of Object.keys(its?.data ?? {})) {
    if (english.has(given)) its?.text(given);
    else its?.complain(given, "unknown-name", `The item has no ${what} \`${given}\`.${didYouMean(given, english)}`, "key");
  }
  for (const wanted of english) {
    if (its?.has(wanted) === true) continue;
    complain(fields.complaints, its === undefined ? [] : [name], "missing-field", `Translate \`${wanted}\` in \`${name}\`.`, "key");
  }
}

/** Values keep their meaning in every language; only words that a condition chooses between differ. */
function sameExpressions(fields: Fields, at: DataPath, english: unknown, environment: Environment): void {
  let text: unknown = fields.data;
  for (const step of at)
    text = Array.isArray(text) ? (text as readonly unknown[])[Number(step)] : isData(text) ? text[step] : undefined;
  if (!isText(text) || !isText(english)) return;
  const { problems } = compileMessage(text, environment);
  for (const { range, message } of problems) complain(fields.complaints, at, "cel", message, range);
  if (problems.length > 0) return;
  const wanted = messageExpressions(english).map(withoutWords);
  const given = messageExpressions(text).map(withoutWords);
  if (wanted.toSorted().join("\n") === given.toSorted().join("\n")) return;
  const braces =
    wanted.length === 0
      ? "none"
      : messageExpressions(english)
          .map((one) => `\`{${one}}\``)
          .join(", ");
  complain(fields.complaints, at, "other-values", `The values in braces must be those of the English text: ${braces}.`);
}

/** `{x ? 'one' : 'other ' + y + ' words'}`: the words are the text's own, and so is white space. */
function withoutWords(expression: string): string {
  return expression.replaceAll(/([?:+]\s*)(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")/g, "$1''").replaceAll(/\s+/g, "");
}

function titlesOf(...all: readonly unknown[]): ReadonlySet<string> {
  return new Set(all.flatMap((one) => (isData(one) ? Object.keys(one) : [])));
}

function labelsIn(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(value)) for (const item of value as readonly unknown[]) labelsIn(item, found);
  else if (isData(value)) {
    for (const [name, item] of Object.entries(value)) {
      if (name === "ask" && isData(item) && isText(item["label"])) found.add(item["label"]);
      labelsIn(item, found);
    }
  }
  return found;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
