import { complain, Fields, isData, type Complaints } from "../instances/fields.ts";
import type { Cloud } from "../instances/model.ts";
import type { DataSource } from "../instances/yaml-text.ts";
import type { Problem } from "../text/text.ts";
import type { CheckItem } from "./model.ts";

/** A published list of controls, of which check items cover some. The words are ours, the numbers the publisher's. */
export interface Benchmark {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly cloud: Cloud;
  readonly source: string;
  /** In the publisher's order. */
  readonly controls: readonly Control[];
}

export interface Control {
  readonly number: string;
  /** The compliant state. */
  readonly title: string;
  readonly level: number;
  /** Whether the publisher thinks that a program can tell. */
  readonly assessment: "automated" | "manual";
  /** It is about this address family only: what items find open to the other is another control's. */
  readonly addresses: "ipv4" | "ipv6" | undefined;
}

/** Reads `checks/benchmarks/<name>.yaml`, and says everything that is wrong. */
export function loadBenchmarks(files: readonly DataSource[]): {
  readonly benchmarks: ReadonlyMap<string, Benchmark>;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const benchmarks = new Map<string, Benchmark>();
  for (const file of files) {
    const complaints = { source: file, problems };
    if (!isData(file.data)) {
      if (file.data !== undefined) complain(complaints, [], "wrong-type", "A benchmark is a mapping with `name` and `controls`.");
      continue;
    }
    const fields = new Fields(complaints, [], file.data).only(
      ["name", "title", "version", "cloud", "source", "controls"],
      "A benchmark",
    );
    const name = fields.text("name");
    if (!file.path.endsWith(`/${name}.yaml`)) fields.complain("name", "wrong-name", "`name` must be the file's name.");
    const cloud = fields.oneOf("cloud", ["aws", "alibaba", "tencent"]);
    if (!fields.has("cloud")) complain(complaints, [], "missing-field", "Add the field `cloud`.");
    benchmarks.set(name, {
      name,
      title: fields.text("title"),
      version: fields.text("version"),
      cloud: cloud ?? "aws",
      source: fields.text("source"),
      controls: readControls(fields, complaints),
    });
  }
  return { benchmarks, problems };
}

function readControls(fields: Fields, complaints: Complaints): readonly Control[] {
  const controls: Control[] = [];
  const numbers = new Set<string>();
  for (const its of fields.items("controls")) {
    its.only(["number", "title", "level", "assessment", "addresses"], "A control");
    const number = its.text("number");
    if (typeof its.data["number"] === "number") its.complain("number", "wrong-type", "Put the number in quotes: 1.10 is not 1.1.");
    if (numbers.has(number)) its.complain("number", "duplicate", `The control ${number} is there twice.`);
    numbers.add(number);
    const assessment = its.oneOf("assessment", ["automated", "manual"]);
    if (!its.has("assessment")) complain(complaints, its.path, "missing-field", "Add `assessment`: automated or manual.", "key");
    controls.push({
      number,
      title: its.text("title"),
      level: its.number("level") ?? 1,
      assessment: assessment ?? "manual",
      addresses: its.oneOf("addresses", ["ipv4", "ipv6"]),
    });
  }
  if (controls.length === 0) complain(complaints, [], "missing-field", "Add `controls`: a list with a number and a title each.");
  return controls;
}

/** The items that say they are about a control, by its number. */
export function itemsByControl(benchmark: Benchmark, items: Iterable<CheckItem>): ReadonlyMap<string, readonly CheckItem[]> {
  const found = new Map<string, CheckItem[]>();
  for (const item of items) {
    if (item.deprecated) continue;
    for (const reference of item.benchmarks) {
      const [name, number] = reference.split("/");
      if (name !== benchmark.name || number === undefined) continue;
      const list = found.get(number);
      if (list === undefined) found.set(number, [item]);
      else list.push(item);
    }
  }
  for (const list of found.values()) list.sort((a, b) => (a.id < b.id ? -1 : 1));
  return found;
}
