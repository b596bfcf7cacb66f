import type { RecordedSnapshots } from "../../scripts/record-snapshots.ts";
import type { Report } from "../../src/core/findings/model.ts";
import type { Service } from "../../src/core/service.ts";
import { addressOf, isJsonObject, memberOf, type Json, type SnapshotInput } from "../../src/core/snapshots/model.ts";
import { readSnapshot } from "../../src/core/snapshots/read.ts";
import { terraformEnvironment } from "../../src/host/environment.ts";
import { checkAll, serviceWith } from "./engine.ts";

export interface Assessed {
  readonly report: Report;
  readonly service: Service;
}

/** Recorded files with the values that were given when they were planned. */
export async function assessFiles(recorded: RecordedSnapshots, values = recorded.variables): Promise<Assessed> {
  return await assess(recorded, values, undefined);
}

/** A plan or state beside the files. */
export async function assessBeside(recorded: RecordedSnapshots, snapshot: SnapshotInput): Promise<Assessed> {
  return await assess(recorded, {}, snapshot);
}

async function assess(
  recorded: RecordedSnapshots,
  values: RecordedSnapshots["variables"],
  snapshot?: SnapshotInput,
): Promise<Assessed> {
  const service = await serviceWith(recorded.files);
  const variables = Object.entries(values).map(([name, value]): [string, string] => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const { environment = {}, variableFiles = [], variables: given = {} } = values === recorded.variables ? (recorded.run ?? {}) : {};
  service.configure({
    ...terraformEnvironment(environment),
    workspace: recorded.run?.environment?.["TF_WORKSPACE"],
    variableFiles: variableFiles.map((name) => `/w/${name}`),
    variables: new Map([...variables, ...Object.entries(given)]),
  });
  const problem = service.setSnapshot(snapshot);
  if (problem !== undefined) throw new Error(problem.message);
  return { report: await checkAll(service, recorded.files), service };
}

/** A plan or state without any files. */
export async function assessAlone(snapshot: SnapshotInput): Promise<Assessed> {
  const service = await serviceWith({});
  const problem = service.setSnapshot(snapshot);
  if (problem !== undefined) throw new Error(problem.message);
  return { report: await checkAll(service), service };
}

/**
 * The recorded texts with what the data sources of policy documents really give: the providers that recorded them know schemas only
 * and made something up. `documents` are the texts by address, as far as they are known before apply.
 */
export function withDocuments(
  recorded: RecordedSnapshots,
  documents: ReadonlyMap<string, string>,
  created: Created,
): RecordedSnapshots {
  const made = new Map<string, string>();
  for (const [kind, text] of [
    ["plan", recorded.plan],
    ["state", recorded.state],
  ] as const) {
    const snapshot = readSnapshot({ kind, file: "/x", text });
    if ("wrong" in snapshot) throw new Error(snapshot.wrong.message);
    for (const { mode, type, name, modulePath, key, values } of snapshot.resources) {
      if (mode !== "data" || typeof values !== "object" || values === null || Array.isArray(values)) continue;
      const modules = modulePath.map((step) => `module.${step.name}${keyOf(step.key)}.`).join("");
      const document = documents.get(`${modules}data.${type}.${name}${keyOf(key)}`);
      for (const attribute of ["json", "minified_json", "document"]) {
        const invented = (values as Readonly<Record<string, unknown>>)[attribute];
        if (document !== undefined && typeof invented === "string") made.set(JSON.stringify(invented), JSON.stringify(document));
      }
    }
  }
  const patched = (text: string): string => {
    let result = text;
    for (const [invented, document] of made) result = result.replaceAll(invented, () => document);
    return result.replaceAll(/"[a-z_0-9.]+-region-\d+"/g, '"eu-central-1"');
  };
  return {
    ...recorded,
    plan: patched(recorded.plan),
    state: settled(patched(recorded.state), created),
    stateFile: settled(patched(recorded.stateFile), created),
  };
}

/**
 * The providers that only know schemas give everything that is left out a value of its own, where a cloud has what creation makes
 * of it: `created` says what that is, by address. A text that nothing else refers to is empty elsewhere; identities stay.
 */
function settled(text: string, created: Created): string {
  const state = JSON.parse(text) as Json;
  const read = readSnapshot({ kind: "state", file: "/x", text });
  if ("wrong" in read) throw new Error(read.wrong.message);
  const counts = new Map<string, number>();
  for (const [invented] of text.matchAll(INVENTED)) counts.set(invented, (counts.get(invented) ?? 0) + 1);
  for (const resource of read.resources) {
    let holder: Json | undefined = state;
    for (const step of resource.place) holder = memberOf(holder, step);
    const values = memberOf(holder, "values") ?? memberOf(holder, "attributes");
    if (!isJsonObject(values)) continue;
    const real = created.get(addressOf(resource));
    for (const [name, value] of Object.entries(values)) {
      const meant = real?.get(name);
      const isInvented = typeof value === "string" && new RegExp(`^${INVENTED.source}$`).test(JSON.stringify(value));
      if (meant !== undefined && (isInvented || typeof value === "boolean" || typeof value === "number"))
        Reflect.set(values, name, meant);
      else if (isInvented && counts.get(JSON.stringify(value)) === 1 && !IDENTITY.test(name)) Reflect.set(values, name, null);
      else settleInside(value, counts, real, name);
    }
  }
  return JSON.stringify(state);
}

/** In blocks, too, a cloud has what creation makes of what is left out, by path. */
function settleInside(
  json: Json,
  counts: ReadonlyMap<string, number>,
  real: ReadonlyMap<string, Json> | undefined,
  path: string,
): void {
  if (typeof json !== "object" || json === null) return;
  for (const [name, value] of Object.entries(json)) {
    const isInvented = typeof value === "string" && new RegExp(`^${INVENTED.source}$`).test(JSON.stringify(value));
    const meant = real?.get(`${path}.${name}`);
    if (!isInvented) settleInside(value, counts, real, `${path}.${name}`);
    else if (meant !== undefined) Reflect.set(json, name, meant);
    else if (counts.get(JSON.stringify(value)) === 1 && !IDENTITY.test(name)) Reflect.set(json, name, null);
  }
}

/** What creation makes of attributes, by address and name. */
export type Created = ReadonlyMap<string, ReadonlyMap<string, Json>>;

const IDENTITY = /^(?:id|arn|name|bucket|region|.*_id|.*_arn)$/;
const INVENTED = /"[a-z_0-9.]+-([a-z_0-9.]+)-\d+"/g;

function keyOf(key: string | number | undefined): string {
  return key === undefined ? "" : `[${JSON.stringify(key)}]`;
}
