import { complain, isData, type Fields } from "../instances/fields.ts";
import type { DataPath } from "../instances/yaml-text.ts";

export const VERDICTS = ["pass", "fail", "unknown", "notApplicable", "none"] as const;
export type ExampleVerdict = (typeof VERDICTS)[number];

/** One entry of a check item's `examples`: documentation and test at once. */
export interface Example {
  readonly verdict: ExampleVerdict;
  readonly title: string | undefined;
  readonly terraform: string | undefined;
  /** A live-shaped instance, as plain data. */
  readonly instance: unknown;
  /** ISO date or time that the example is assessed at. */
  readonly now: string | undefined;
  /** Expected path of the primary evidence. */
  readonly at: string | undefined;
  /** Index of the source fix that must make it pass. */
  readonly fixed: number | undefined;
  /** Where it is written in the file's data. */
  readonly path: DataPath;
}

/** Reads `examples`; complains about what can't be one. */
export function readExamples(check: Fields, fixes: number): readonly Example[] {
  const all = check.fields("examples");
  if (all === undefined) return [];
  all.only(VERDICTS, "`examples`");
  return VERDICTS.flatMap((verdict) => {
    const entries = all.data[verdict];
    if (entries === undefined) return [];
    if (!Array.isArray(entries)) {
      all.complain(verdict, "wrong-type", `\`${verdict}\` must be a list of examples.`);
      return [];
    }
    return (entries as unknown[]).flatMap((entry, index) => readExample(all, verdict, entry, index, fixes) ?? []);
  });
}

function readExample(all: Fields, verdict: ExampleVerdict, entry: unknown, index: number, fixes: number): Example | undefined {
  const path = all.at(verdict, index);
  const bare = { verdict, title: undefined, instance: undefined, now: undefined, at: undefined, fixed: undefined, path };
  if (typeof entry === "string") return { ...bare, terraform: entry };
  if (!isData(entry)) {
    complain(all.complaints, path, "wrong-type", "An example is Terraform text, or a mapping with `terraform` or `instance`.");
    return undefined;
  }
  for (const name of Object.keys(entry)) {
    if (!["title", "terraform", "instance", "now", "at", "fixed"].includes(name)) {
      complain(all.complaints, [...path, name], "unknown-field", `An example has no field \`${name}\`.`, "key");
    }
  }
  const { title, terraform, instance, now, at, fixed } = entry;
  if ((typeof terraform === "string") === isData(instance)) {
    complain(all.complaints, path, "wrong-choice", "An example has either `terraform` (a text) or `instance` (a mapping).");
    return undefined;
  }
  if (fixed !== undefined && !(Number.isInteger(fixed) && Number(fixed) >= 0 && Number(fixed) < fixes)) {
    complain(all.complaints, [...path, "fixed"], "wrong-choice", "`fixed` is the index of a source fix, counted from 0.");
  }
  if ((at !== undefined || fixed !== undefined) && verdict !== "fail" && verdict !== "unknown") {
    complain(all.complaints, path, "wrong-choice", "`at` and `fixed` belong to examples that fail.");
  }
  return {
    verdict,
    title: typeof title === "string" ? title : undefined,
    terraform: typeof terraform === "string" ? terraform : undefined,
    instance,
    now: typeof now === "string" ? now : undefined,
    at: typeof at === "string" ? at : undefined,
    fixed: typeof fixed === "number" ? fixed : undefined,
    path,
  };
}
