import { deepEqual, equal } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { MADE_UP, plannedFixtures, readRun, recordPlan, type RecordedPlan } from "../../../../scripts/record-plans.ts";
import { terraformEnvironment } from "../../../../src/host/environment.ts";
import type { ResourceInstance } from "../../../../src/core/terraform/model.ts";
import { object } from "../../../../src/core/values/make.ts";
import type { Value } from "../../../../src/core/values/value.ts";
import { filesOf, instancesOf, projectOf } from "./workspace.ts";

describe("modules evaluate to what terraform plans", () => {
  for (const directory of plannedFixtures()) {
    const name = basename(directory);
    const recorded = JSON.parse(readFileSync(join(directory, "plan.json"), "utf8")) as RecordedPlan;

    it(`${name}: addresses, values and unknowns`, () => {
      const { environment = {}, variableFiles = [], variables = {} } = readRun(directory);
      const project = projectOf(filesOf(directory), {
        ...terraformEnvironment(environment),
        variableFiles: variableFiles.map((file) => `/w/${file}`),
        variables: new Map(Object.entries(variables)),
      });
      instancesOf(project);
      for (const { path } of project.requests()) project.setFile(path, { kind: "absent" });
      const instances = instancesOf(project);
      const managed = [...instances.values()].filter((instance) => instance.mode === "managed");
      deepEqual(managed.map((instance) => instance.address).sort(), Object.keys(recorded.resources).sort());
      for (const instance of managed) {
        const planned = recorded.resources[instance.address];
        const expected = plannedValue(withoutTagsAll(planned?.after), withoutTagsAll(planned?.unknown));
        deepEqual(withMadeUp(comparable(shownInPlan(instance)), expected), expected, instance.address);
      }
      for (const [output, planned] of Object.entries(recorded.outputs)) {
        const value = instances.get(`output.${output}`)?.values.entries.get("value");
        deepEqual(
          value === undefined ? "missing" : comparable(value),
          plannedValue(planned.after, planned.unknown),
          `output ${output}`,
        );
      }
      deepEqual(
        project.problems().flatMap(({ severity, file, message }) => (severity === "error" ? [`${file} ${message}`] : [])),
        [],
      );
    });
  }

  // The records speak for machines without terraform and its providers.
  const mirror = process.env["TF_CLI_CONFIG_FILE"];
  if (mirror === undefined || !existsSync(mirror) || spawnSync("terraform", ["version"]).status !== 0) return;
  for (const directory of plannedFixtures()) {
    it(`${basename(directory)}: terraform still plans what was recorded`, function () {
      this.timeout(120_000);
      const recorded = readFileSync(join(directory, "plan.json"), "utf8");
      equal(`${JSON.stringify(recordPlan(directory), undefined, 1)}\n`, recorded);
    });
  }
});

/**
 * A plan leaves out what is only ever written. Providers that know nothing but their schemas don't make `tags_all` either, which the
 * real one does as default-tags.test.ts says.
 */
function shownInPlan({ values, schema }: ResourceInstance): Value {
  const isShown = (name: string): boolean => name !== "tags_all" && schema?.attributes.get(name)?.writeOnly !== true;
  return object([...values.entries].filter(([name]) => isShown(name)));
}

function withoutTagsAll(planned: unknown): unknown {
  if (typeof planned !== "object" || planned === null) return planned;
  return Object.fromEntries(Object.entries(planned).filter(([name]) => name !== "tags_all"));
}

const UNKNOWN = "(unknown)";

/** Data sources are read in a plan, and where no cloud is asked what they answer is made up: any known text will do for it. */
function withMadeUp(ours: unknown, planned: unknown): unknown {
  if (planned === MADE_UP) return typeof ours === "string" && ours !== UNKNOWN ? MADE_UP : ours;
  if (typeof ours !== "object" || typeof planned !== "object" || ours === null || planned === null || Array.isArray(ours))
    return ours;
  return Object.fromEntries(
    Object.entries(ours).map(([name, value]) => [name, withMadeUp(value, (planned as Readonly<Record<string, unknown>>)[name])]),
  );
}

/** Nulls, empty collections and order of sets say nothing that the other side must repeat. */
function comparable(value: Value): unknown {
  switch (value.kind) {
    case "unknown":
      return UNKNOWN;
    case "null":
    case "instance":
      return undefined;
    case "bool":
    case "string":
      return value.value;
    case "number":
      return Number(value.value);
    case "list":
    case "set":
    case "tuple":
      return sequence(value.items.map(comparable));
    case "map":
    case "object":
      return entries([...value.entries].map(([key, item]) => [key, comparable(item)]));
  }
}

function plannedValue(after: unknown, unknown: unknown): unknown {
  if (unknown === true) return UNKNOWN;
  if (Array.isArray(after) || Array.isArray(unknown)) {
    const values = (after ?? []) as readonly unknown[];
    const unknowns = (Array.isArray(unknown) ? unknown : []) as readonly unknown[];
    return sequence(
      Array.from({ length: Math.max(values.length, unknowns.length) }, (_, at) => plannedValue(values[at], unknowns[at])),
    );
  }
  if ((typeof after === "object" && after !== null) || (typeof unknown === "object" && unknown !== null)) {
    const values = (after ?? {}) as Readonly<Record<string, unknown>>;
    const unknowns = (typeof unknown === "object" ? (unknown ?? {}) : {}) as Readonly<Record<string, unknown>>;
    const names = [...new Set([...Object.keys(values), ...Object.keys(unknowns)])];
    return entries(names.map((name) => [name, plannedValue(values[name], unknowns[name])]));
  }
  return after ?? undefined;
}

function sequence(items: readonly unknown[]): unknown {
  if (items.length === 0) return undefined;
  return items.map((item) => JSON.stringify(item)).sort();
}

function entries(all: readonly (readonly [string, unknown])[]): unknown {
  const present = all.filter(([, value]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return present.length === 0 ? undefined : Object.fromEntries(present);
}
