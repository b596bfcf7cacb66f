import type { Explanation } from "../inspection/explain.ts";
import { Places, reasonText, type ReportContext } from "./context.ts";
import { shownValue } from "./values.ts";

/** Characters of a line that are shown. */
const longestLine = 160;

/** A value and where it comes from, as people read it. */
export function explanationText(explanation: Explanation, context: Omit<ReportContext, "show">): string {
  const places = new Places({ ...context, show: "all" });
  const { address, path, value, hops, unknown, omitted } = explanation;
  const name = path === "" ? address : `${address}.${path}`;
  const lines = [`${name} = ${value.kind === "null" ? "not set" : JSON.stringify(shownValue(value, path), null, 2)}`];
  if (hops.length > 0) lines.push("");
  for (const [index, { location, kind, label }] of hops.entries()) {
    const { start } = places.region(location);
    const line = (places.quotedLine(location.file, start.line - 1) ?? "").trim().slice(0, longestLine);
    lines.push(
      `${index === 0 ? "  " : "  ← "}${places.path(location.file)}:${start.line}:${start.column}  ${hopText(kind, label, omitted)}`,
    );
    if (line !== "") lines.push(`      ${line}`);
  }
  if (hops.length === 0) lines.push("", "  Where it is written is not known: the configuration is not here.");
  for (const { reason, decidedBy } of unknown) lines.push("", `  not known: ${reasonText(reason)}`, `  ${decidedBy}`);
  return `${lines.join("\n")}\n`;
}

/** The same for programs. */
export function explanationJson(explanation: Explanation, context: Omit<ReportContext, "show">): string {
  const places = new Places({ ...context, show: "all" });
  const { address, path, value, hops, unknown, omitted } = explanation;
  const document = {
    version: 1,
    address,
    path,
    known: value.kind !== "unknown",
    value: shownValue(value, path),
    omitted,
    hops: hops.map(({ location, kind, label }) => ({ kind, label, file: places.path(location.file), ...places.region(location) })),
    unknown: unknown.map(({ reason, decidedBy }) => ({ ...reason, decidedBy })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function hopText(kind: Explanation["hops"][number]["kind"], label: string, omitted: boolean): string {
  switch (kind) {
    case "attribute":
    case "element":
      return `${label} is written here`;
    case "header":
      return omitted ? `${label} is not written: a default, or what the cloud makes of it` : `${label} is this block`;
    case "local":
      return `${label} is set here`;
    case "variable default":
      return `${label} has this default`;
    case "module argument":
      return `${label} is passed here`;
    case "variable file":
      return `${label} gets its value here`;
    case "module output":
    case "provider":
      return `${label} comes from here`;
    case "file":
      return `it is read from ${label}`;
  }
}
