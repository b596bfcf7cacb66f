import { deepEqual, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readSnapshots, recordedNames, recordSnapshots, snapshotFixtures } from "../../../scripts/record-snapshots.ts";
import { fingerprint } from "../../../src/core/findings/fingerprint.ts";
import type { Report } from "../../../src/core/findings/model.ts";
import type { Service } from "../../../src/core/service.ts";
import type { Json, SnapshotInput } from "../../../src/core/snapshots/model.ts";
import type { Value } from "../../../src/core/values/value.ts";
import { assessAlone, assessBeside, assessFiles, withDocuments, type Assessed, type Created } from "../../harness/snapshots.ts";

const file = "/recorded/snapshot.json";

describe("files, plan and state agree", function () {
  this.timeout(120_000);

  for (const name of recordedNames()) {
    describe(name, () => {
      let files: Assessed;
      let recorded: ReturnType<typeof readSnapshots>;

      before(async () => {
        recorded = readSnapshots(name);
        files = await assessFiles(recorded);
        recorded = withDocuments(recorded, documentsOf(files.service), createdIn(files.service));
      });

      const plan = (): SnapshotInput => ({ kind: "plan", file, text: recorded.plan });

      it("assesses the same instances from the plan, with the same results, places and identities", async () => {
        const planned = await assessBeside(recorded, plan());
        deepEqual(addresses(planned.service), addresses(files.service));
        deepEqual(contradictions(files.report, planned.report), []);
        deepEqual(
          undecided(files.report, planned.report).filter((line) => !DOCUMENT.test(line)),
          [],
        );
        deepEqual(
          new Map([...identities(planned.report)].filter(([key]) => identities(files.report).has(key))),
          shared(files.report, planned.report),
        );
      });

      it("decides in the plan what hangs on variables, and nothing otherwise", async () => {
        const open = await assessFiles(recorded, {});
        const planned = await assessBeside(recorded, plan());
        deepEqual(
          contradictions(open.report, planned.report).filter((line) => !line.includes("nothing ")),
          [],
        );
        deepEqual(onesThatMayExist(open.report, planned.report), []);
      });

      it("has the values of the plan in its files", async () => {
        const planned = await assessBeside(recorded, plan());
        deepEqual(differences(files.service, planned.service, openIn(recorded.plan)), []);
      });

      it("contradicts nothing when only the plan is there", async () => {
        const alone = await assessAlone(plan());
        deepEqual(addresses(alone.service), addresses(files.service));
        deepEqual(contradictions(files.report, alone.report), []);
      });

      it("contradicts nothing in the state, in both formats", async () => {
        for (const text of [recorded.state, recorded.stateFile]) {
          for (const applied of [
            await assessBeside(recorded, { kind: "state", file, text }),
            await assessAlone({ kind: "state", file, text }),
          ]) {
            deepEqual(addresses(applied.service), addresses(files.service));
            deepEqual(contradictions(files.report, applied.report), []);
          }
        }
      });
    });
  }

  it("and terraform still says what was recorded", function () {
    // The records speak for machines without terraform and its providers.
    const mirror = process.env["TF_CLI_CONFIG_FILE"];
    if (mirror === undefined || !existsSync(mirror) || spawnSync("terraform", ["version"]).status !== 0) return;
    const [first] = snapshotFixtures();
    ok(first !== undefined);
    const inPlan = (text: string): unknown => {
      const { resource_changes: changes } = JSON.parse(text) as {
        resource_changes: readonly { address: string; change: { after_unknown: unknown } }[];
      };
      return changes.map(({ address, change }) => [address, change.after_unknown]);
    };
    deepEqual(inPlan(recordSnapshots(first).plan), inPlan(readSnapshots(first.name).plan));
  });
});

/** Policies are one unknown text in a plan; files know what is written in them. */
const DOCUMENT = /polic|trust|transport|secrets/;

function resultsOf(report: Report): ReadonlyMap<string, string> {
  return new Map(report.results.map(({ result }) => [`${result.check.id} ${result.instance.address}`, result.outcome.kind]));
}

/** Results that both sides decide, each in another way, and results that one side alone has. */
function contradictions(files: Report, other: Report): string[] {
  const [left, right] = [resultsOf(files), resultsOf(other)];
  const found: string[] = [];
  for (const [key, kind] of left) {
    const there = right.get(key);
    if (kind === "unknown" || there === "unknown" || there === kind) continue;
    // Configurations are what only files have.
    if (there === undefined && / (?:module\..*\.)?provider\./.test(key)) continue;
    found.push(`${key}: ${kind} in the files, ${there ?? "nothing"} there`);
  }
  for (const { result } of other.results) {
    const key = `${result.check.id} ${result.instance.address}`;
    // An owner that could not be found is known by its satellites only.
    if (!left.has(key) && !result.instance.orphan) found.push(`${key}: nothing in the files, ${result.outcome.kind} there`);
  }
  return found;
}

/** What an instance that stands for an unknown number passes, each of them passes. */
function onesThatMayExist(files: Report, other: Report): string[] {
  const plain = (address: string): string => address.replaceAll(/\[(?:\d+|"[^"]*")\]/g, "");
  const failing = other.results.filter(({ result }) => result.outcome.kind === "fail");
  return files.results
    .filter(({ result }) => result.instance.maybe !== undefined && result.outcome.kind === "pass")
    .flatMap(({ result }) => {
      const same = failing.find(
        (one) => one.result.check.id === result.check.id && plain(one.result.instance.address) === plain(result.instance.address),
      );
      return same === undefined ? [] : [`${result.check.id} ${same.result.instance.address}: pass in the files, fail there`];
    });
}

/** Results that the files decide and the other side does not. */
function undecided(files: Report, other: Report): string[] {
  const right = resultsOf(other);
  return [...resultsOf(files)].filter(([key, kind]) => kind !== "unknown" && right.get(key) === "unknown").map(([key]) => key);
}

function identities(report: Report): ReadonlyMap<string, string> {
  return new Map(
    report.results
      .filter(({ result }) => result.outcome.kind === "fail")
      .map(({ result, location }) => [
        `${result.check.id} ${result.instance.address}`,
        `${fingerprint(result, ".")} ${location?.file ?? ""}:${location?.range.start ?? 0} ${result.message}`,
      ]),
  );
}

function shared(files: Report, other: Report): ReadonlyMap<string, string> {
  const there = identities(other);
  return new Map([...identities(files)].filter(([key]) => there.has(key)));
}

function addresses(service: Service): string[] {
  return [...service.instances()]
    .filter(({ type }) => !/^(?:provider\.|variable$|output$)/.test(type))
    .map(({ address }) => address)
    .sort();
}

function documentsOf(service: Service): ReadonlyMap<string, string> {
  const documents = new Map<string, string>();
  for (const { address, values } of service.instances()) {
    if (!/(?:^|\.)data\./.test(address)) continue;
    for (const name of ["json", "document"]) {
      const value = values.entries.get(name);
      if (value?.kind === "string") documents.set(address, value.value);
    }
  }
  return documents;
}

/** What the files say creation makes of attributes: plain values of managed resources. */
function createdIn(service: Service): Created {
  const created = new Map<string, ReadonlyMap<string, Json>>();
  for (const { address, values, type } of service.instances()) {
    if (/^(?:provider\.|variable$|output$|data\.)/.test(type)) continue;
    created.set(address, new Map([...values.entries].flatMap(([name, value]) => plainIn(value, name))));
  }
  return created;
}

/** Texts and truths in a value, by path. */
function plainIn(value: Value, path: string): readonly [string, Json][] {
  if (value.kind === "bool" || value.kind === "string") return [[path, value.value]];
  if ("items" in value) return value.items.flatMap((item, index) => plainIn(item, `${path}.${index}`));
  return "entries" in value ? [...value.entries].flatMap(([name, item]) => plainIn(item, `${path}.${name}`)) : [];
}

/** Attributes that are known after apply, by address: who describes an instance passes over those that nobody wrote. */
function openIn(plan: string): ReadonlySet<string> {
  const { resource_changes: changes } = JSON.parse(plan) as {
    resource_changes: readonly { address: string; change: { after_unknown: Readonly<Record<string, unknown>> } }[];
  };
  return new Set(
    changes.flatMap(({ address, change }) =>
      Object.entries(change.after_unknown).flatMap(([name, open]) => (open === true ? [`${address}.${name}`] : [])),
    ),
  );
}

/** Paths whose values are known on both sides and not the same. Nulls and empty lists are one; what is only ever written, no plan holds. */
function differences(files: Service, other: Service, open: ReadonlySet<string>): string[] {
  const theirs = new Map([...other.instances()].map((instance) => [instance.address, instance]));
  const found: string[] = [];
  for (const { address, values, type } of files.instances()) {
    if (/^(?:provider\.|variable$|output$|data\.)/.test(type)) continue;
    const planned = theirs.get(address);
    // What only one of them has is a difference as well.
    for (const name of new Set([...values.entries.keys(), ...(planned?.values.entries.keys() ?? [])])) {
      const value = values.entries.get(name) ?? NOTHING;
      if (open.has(`${address}.${name}`) || name.endsWith("_wo")) continue;
      const there = planned?.values.entries.get(name);
      if (!agree(value, there ?? NOTHING)) found.push(`${address}.${name}`);
    }
  }
  return found;
}

const NOTHING: Value = { kind: "null", type: { kind: "dynamic" } };

function agree(a: Value, b: Value): boolean {
  if (a.kind === "unknown" || b.kind === "unknown") return true;
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b);
  if ("items" in a && "items" in b) {
    const { items } = b;
    if (a.items.length !== items.length) return false;
    return a.kind === "set"
      ? a.items.every((item) => items.some((one) => agree(item, one)))
      : a.items.every((item, index) => agree(item, items[index] ?? item));
  }
  if ("entries" in a && "entries" in b) {
    const { entries } = b;
    return [...a.entries].every(([name, item]) => agree(item, entries.get(name) ?? NOTHING));
  }
  if ("value" in a && "value" in b) return String(a.value) === String(b.value);
  return false;
}

function isNothing(value: Value): boolean {
  return (
    value.kind === "null" || ("items" in value && value.items.length === 0) || ("entries" in value && value.entries.size === 0)
  );
}
