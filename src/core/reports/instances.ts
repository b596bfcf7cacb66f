import type { InstanceDescription, PartDescription } from "../inspection/describe.ts";
import { formatPath } from "../values/path.ts";
import { Places, plural, reasonText, type ReportContext } from "./context.ts";
import { shownValue } from "./values.ts";

/** Every instance as people read it. Attributes that have no value, and no default, are left out. */
export function* instancesText(instances: Iterable<InstanceDescription>, context: Omit<ReportContext, "show">): Generator<string> {
  const places = new Places({ ...context, show: "all" });
  let count = 0;
  for (const instance of instances) {
    count++;
    const { location } = instance;
    const lines = [instance.address, `  type       ${instance.type}`];
    if (location !== undefined) lines.push(`  place      ${places.path(location.file)}:${places.region(location).start.line}`);
    if (instance.provider !== undefined) lines.push(`  provider   ${instance.provider}`);
    if (instance.maybe !== undefined) lines.push(`  may not exist: ${instance.maybe.map(reasonText).join("; ")}`);
    const values = [...instance.values.entries].filter(([, value]) => value.kind !== "null" && value.kind !== "unknown");
    if (values.length > 0) lines.push("  values");
    for (const [name, value] of values) lines.push(`    ${name} = ${JSON.stringify(shownValue(value, name))}`);
    if (instance.parts.length > 0) lines.push("  parts");
    for (const part of instance.parts) lines.push(`    ${part.name}: ${partText(part)}`);
    if (instance.views.length > 0) lines.push("  views");
    for (const { name, value } of instance.views) lines.push(`    ${name} = ${JSON.stringify(shownValue(value, name))}`);
    if (instance.unknown.length > 0) lines.push("  unknown");
    for (const { path, reasons } of instance.unknown) lines.push(`    ${unknownPath(path)}: ${reasons.map(reasonText).join("; ")}`);
    yield `${lines.join("\n")}\n\n`;
  }
  yield `${plural(count, "instance")}.\n`;
}

/** One instance a line between the brackets. `version` grows when a member changes its meaning or goes away. */
export function* instancesJson(instances: Iterable<InstanceDescription>, context: Omit<ReportContext, "show">): Generator<string> {
  const places = new Places({ ...context, show: "all" });
  yield `{\n"version": 1,\n"tool": ${JSON.stringify({ name: "plumbline", version: context.version })},\n"instances": [`;
  let first = true;
  for (const instance of instances) {
    const { location } = instance;
    const json = {
      address: instance.address,
      type: instance.type,
      root: places.path(instance.root),
      ...(location === undefined ? {} : { file: places.path(location.file), ...places.region(location) }),
      provider: instance.provider ?? null,
      ...(instance.maybe === undefined ? {} : { mayNotExist: instance.maybe }),
      values: shownValue(instance.values),
      parts: Object.fromEntries(
        instance.parts.map(({ name, many, addresses, unresolved }) => [
          name,
          { many, instances: addresses, ...(unresolved.length === 0 ? {} : { unresolved }) },
        ]),
      ),
      views: Object.fromEntries(instance.views.map(({ name, value }) => [name, shownValue(value, name)])),
      unknown: instance.unknown.map(({ path, reasons }) => ({ path: unknownPath(path), reasons })),
    };
    yield `${first ? "" : ","}\n${JSON.stringify(json)}`;
    first = false;
  }
  yield "\n]\n}\n";
}

function unknownPath(path: InstanceDescription["unknown"][number]["path"]): string {
  return path.at(-1) === "…" ? `${formatPath(path.slice(0, -1))}[…]` : formatPath(path);
}

function partText({ addresses, unresolved, many }: PartDescription): string {
  const more =
    unresolved.length === 0
      ? ""
      : `unknown${addresses.length > 0 ? " whether there are more" : ""}: ${unresolved.map(reasonText).join("; ")}`;
  const there = addresses.join(", ");
  if (there === "") return more === "" ? (many ? "none" : "missing") : more;
  return more === "" ? there : `${there}; ${more}`;
}
