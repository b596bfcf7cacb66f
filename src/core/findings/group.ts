import type { CheckItem } from "../checks/model.ts";
import type { Declaration } from "../terraform/model.ts";
import { relativePath } from "../text/path.ts";
import type { FilePath, Location } from "../text/text.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Finding, PlacedResult, RelatedPlace } from "./model.ts";
import type { PlaceWords } from "./place-words.ts";

const mostAddresses = 10;

/**
 * What people see: the fails that no suppression excuses, those with the same check, range and message as one. `siblings` are all
 * results, so that a finding can say in how many of the instances it holds.
 */
export function groupFindings(
  fails: readonly PlacedResult[],
  siblings: (fail: PlacedResult) => readonly PlacedResult[],
  folder: FilePath,
  words: PlaceWords,
): Finding[] {
  const groups: Group[] = [];
  // By check and the place's beginning: few have both in common.
  const known = new Map<CheckItem, Map<number, Group[]>>();
  for (const fail of fails) {
    const { location, result } = fail;
    if (location === undefined) continue;
    let ofCheck = known.get(result.check);
    if (ofCheck === undefined) known.set(result.check, (ofCheck = new Map<number, Group[]>()));
    const here = ofCheck.get(location.range.start);
    const group = here?.find((other) => isSame(other, location, result.message));
    if (group !== undefined) {
      group.results.push(fail);
      continue;
    }
    const made: Group = { location, message: result.message, results: [fail] };
    groups.push(made);
    if (here === undefined) ofCheck.set(location.range.start, [made]);
    else here.push(made);
  }
  return groups.map(({ location, results }) => findingOf(location, results, siblings, folder, words));
}

interface Group {
  readonly location: Location;
  readonly message: string;
  readonly results: PlacedResult[];
}

function isSame(group: Group, { file, range }: Location, message: string): boolean {
  return group.location.file === file && group.location.range.end === range.end && group.message === message;
}

function findingOf(
  location: Location,
  results: readonly PlacedResult[],
  siblings: (fail: PlacedResult) => readonly PlacedResult[],
  folder: FilePath,
  words: PlaceWords,
): Finding {
  const first = results[0];
  if (first === undefined) throw new Error("A finding has at least one result.");
  return {
    id: fingerprint(first.result, relativePath(folder, first.root)),
    check: first.result.check,
    location,
    message: first.result.message + share(results, siblings(first), words),
    results,
    related: [...first.related, ...otherPlaces(location, first, results, words)],
  };
}

/** ` (in 2 of 3 callers)` where some of the block's instances fail and others do not. */
function share(results: readonly PlacedResult[], siblings: readonly PlacedResult[], words: PlaceWords): string {
  const all = siblings.filter(({ result }) => result.outcome.kind !== "notApplicable");
  if (all.length <= 1 || results.length >= all.length) return "";
  const callers = (list: readonly PlacedResult[]): number => new Set(list.map((item) => `${item.root}\n${moduleOf(item)}`)).size;
  const [failing, total] = [callers(results), callers(all)];
  if (total > 1 && failing < total) return words.share(failing, total, "callers");
  return words.share(results.length, all.length, "instances");
}

function moduleOf({ result }: PlacedResult): string {
  return result.instance.resource?.module.address ?? "";
}

/** One related place for each further instance: the call of its module, else the finding's own place. */
function otherPlaces(location: Location, first: PlacedResult, results: readonly PlacedResult[], words: PlaceWords): RelatedPlace[] {
  if (results.length === 1 && moduleOf(first) === "") return [];
  const places: RelatedPlace[] = [];
  for (const { result } of results.slice(0, mostAddresses)) {
    const call = result.instance.resource?.module.call;
    places.push({
      location: call === undefined ? location : callHeader(call),
      message: words.has(result.instance.address),
      about: "instance",
    });
  }
  if (results.length > mostAddresses)
    places.push({ location, message: words.moreHave(results.length - mostAddresses), about: "instance" });
  return places;
}

function callHeader({ file, item }: Declaration): Location {
  const range = item.node.kind === "block" ? item.node.header : item.node.name;
  return { file, range: { start: item.base + range.start, end: item.base + range.end } };
}

/** The block that a result is of, whoever calls its module; the type of what no block stands for. */
export type SiblingsKey = Declaration | string;

/** Results of one check under the same key are siblings. */
export function siblingsKey({ result }: PlacedResult): SiblingsKey {
  return result.instance.resource?.declaration ?? result.instance.type;
}

export function isSibling(a: PlacedResult, b: PlacedResult): boolean {
  return a.result.check === b.result.check && siblingsKey(a) === siblingsKey(b);
}

/** A block's results come instance by instance; those of what no block stands for come check by check. */
export function isOfOne(results: readonly PlacedResult[]): boolean {
  const instance = results[0]?.result.instance;
  return instance?.resource !== undefined && instance === results.at(-1)?.result.instance;
}
