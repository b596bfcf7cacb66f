import type { AccountData } from "../core/accounts/model.ts";
import type { Drift } from "../core/drift/beside.ts";
import type { Service } from "../core/service.ts";
import type { FilePath, Location } from "../core/text/text.ts";
import { localStates } from "../host/local-state.ts";
import { textsOf } from "./actions.ts";
import { protocolEdit, rangeOf, type EditAbilities } from "./edits.ts";
import type { AccountParameters, BesideAnswer, TakeLiveAnswer, TakeLiveParameters } from "./protocol.ts";
import { uriOf } from "./uris.ts";
import type { Disk, Snapshot } from "./workspace.ts";

/** Accounts that were put beside the files of the workspace: what manages what, and where they differ. */
export class BesideAccounts {
  readonly #service: Service;
  readonly #disk: Disk;
  readonly #accounts = new Map<string, { readonly data: AccountData; readonly states: AccountParameters["states"] }>();

  constructor(service: Service, disk: Disk) {
    this.#service = service;
    this.#disk = disk;
  }

  set({ account, states }: AccountParameters): void {
    const data = account as AccountData;
    this.#accounts.set(`${data.cloud}:${data.account}`, { data, states });
  }

  /** undefined: the account was not set. */
  put(snapshot: Snapshot, account: string): BesideAnswer | undefined {
    const its = this.#accounts.get(account);
    if (its === undefined) return undefined;
    const states = this.#states(snapshot, its.states);
    const { managed, drift } = this.#service.beside(its.data, states);
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
    const its = this.#accounts.get(account);
    if (its === undefined) return { wrong: "The account was not compared: compare it again." };
    const { drift } = this.#service.beside(its.data, this.#states(snapshot, its.states));
    const same = (each: Drift): boolean => each.root === root && each.address === address && each.path === path;
    const found = drift.find(same);
    if (found === undefined) return { wrong: "File and account agree by now." };
    const edit = this.#service.takeLive(found);
    return "wrong" in edit ? { wrong: edit.wrong } : { edit: protocolEdit(edit, [], textsOf(snapshot), abilities) };
  }

  /** What was pulled, and what lies beside the files. */
  #states(snapshot: Snapshot, states: AccountParameters["states"]): ReadonlyMap<FilePath, string> {
    return new Map([...localStates(snapshot.report.roots, (path) => this.#disk.file(path)), ...Object.entries(states)]);
  }
}
