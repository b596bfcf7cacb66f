import type { AccountData } from "../core/accounts/model.ts";
import type { Drift } from "../core/drift/beside.ts";
import type { Service } from "../core/service.ts";
import type { FilePath, Location } from "../core/text/text.ts";
import { localStates } from "../host/local-state.ts";
import { textsOf } from "./actions.ts";
import { protocolEdit, rangeOf, type EditAbilities } from "./edits.ts";
import type { BesideAnswer, BesideParameters, TakeLiveAnswer, TakeLiveParameters } from "./protocol.ts";
import { uriOf } from "./uris.ts";
import type { Disk, Snapshot } from "./workspace.ts";

/** Accounts that were put beside the files of the workspace: what manages what, and where they differ. */
export class BesideAccounts {
  readonly #service: Service;
  readonly #disk: Disk;
  readonly #accounts = new Map<string, BesideParameters>();

  constructor(service: Service, disk: Disk) {
    this.#service = service;
    this.#disk = disk;
  }

  put(snapshot: Snapshot, parameters: BesideParameters): BesideAnswer {
    const { account, cloud } = parameters.account as AccountData;
    this.#accounts.set(`${cloud}:${account}`, parameters);
    const states = this.#states(snapshot, parameters);
    const { managed, drift } = this.#service.beside(parameters.account as AccountData, states);
    const placed = <Item extends { readonly location: Location }>({ location, ...rest }: Item) => ({
      ...rest,
      uri: snapshot.documents.get(location.file)?.uri ?? uriOf(location.file),
      range: rangeOf(location.range, snapshot.lines(location.file)),
    });
    return {
      managed: managed.map(placed),
      drift: drift.map(placed),
      stateless: snapshot.report.roots.filter((root) => !states.has(root)),
    };
  }

  take(snapshot: Snapshot, { account, root, address, path }: TakeLiveParameters, abilities: EditAbilities): TakeLiveAnswer {
    const parameters = this.#accounts.get(account);
    if (parameters === undefined) return { wrong: "The account was not compared: compare it again." };
    const { drift } = this.#service.beside(parameters.account as AccountData, this.#states(snapshot, parameters));
    const same = (each: Drift): boolean => each.root === root && each.address === address && each.path === path;
    const its = drift.find(same);
    if (its === undefined) return { wrong: "File and account agree by now." };
    const edit = this.#service.takeLive(its);
    return "wrong" in edit ? { wrong: edit.wrong } : { edit: protocolEdit(edit, [], textsOf(snapshot), abilities) };
  }

  /** What was pulled, and what lies beside the files. */
  #states(snapshot: Snapshot, { states }: BesideParameters): ReadonlyMap<FilePath, string> {
    return new Map([...localStates(snapshot.report.roots, (path) => this.#disk.file(path)), ...Object.entries(states)]);
  }
}

/** Types of the resources that the workspace manages. */
export function managedTypes(service: Service): readonly string[] {
  const types = new Set<string>();
  for (const { type } of service.instances()) if (/^[a-z][a-z0-9]*_/.test(type)) types.add(type);
  return [...types].sort();
}
