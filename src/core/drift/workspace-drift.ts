import type { AccountData } from "../accounts/model.ts";
import { readSnapshot } from "../snapshots/read.ts";
import type { RecordedResource } from "../snapshots/model.ts";
import type { FilePath, WorkspaceEdit } from "../text/text.ts";
import type { Beside, Drift, FoundDrift } from "./beside.ts";
import type { FolderDrift, States } from "./folder-drift.ts";
import { takeLive, type EditHost } from "./take-live.ts";

/** What a workspace gives for it. */
export interface DriftHost extends Omit<EditHost, "modules"> {
  drifts(): readonly FolderDrift[];
  /** Runs `body` with the edit made, and takes it back. */
  hypothetically<T>(edit: WorkspaceEdit, body: () => T): T;
}

/** Accounts beside all folders of a workspace, and the edit that makes a file say what the account has. */
export class WorkspaceDrift {
  readonly #host: DriftHost;
  readonly #read = new Map<FilePath, { readonly text: string; readonly resources: readonly RecordedResource[] | undefined }>();
  #latest: { readonly account: AccountData; readonly states: States; readonly found: readonly FoundDrift[] } | undefined;

  constructor(host: DriftHost) {
    this.#host = host;
  }

  /** `states`: texts by the directory of their root. */
  beside(account: AccountData, states: ReadonlyMap<FilePath, string>): Beside {
    const read = new Map([...states].map(([root, text]) => [root, this.#recorded(root, text)]));
    const all = this.#host.drifts().map((folder) => folder.beside(account, read));
    const found = all.flatMap(({ drift }) => drift);
    this.#latest = { account, states: read, found };
    return { managed: all.flatMap(({ managed }) => managed), drift: found.map(({ drift }) => drift) };
  }

  managedTypes(): readonly string[] {
    return [...new Set(this.#host.drifts().flatMap((folder) => folder.managedTypes()))].sort();
  }

  /** For drift of the latest `beside`. */
  takeLive(drift: Drift): WorkspaceEdit | { readonly wrong: string } {
    const its = this.#latest?.found.find((each) => isSame(each.drift, drift));
    if (this.#latest === undefined || its === undefined) return { wrong: "The files have changed since: compare again." };
    const { account, states, found } = this.#latest;
    const edit = takeLive(its, {
      source: (path) => this.#host.source(path),
      provenance: (resource, path) => this.#host.provenance(resource, path),
      writable: (file) => this.#host.writable(file),
      modules: (directory) => this.#host.drifts().reduce((sum, folder) => sum + folder.modules(directory), 0),
    });
    if ("wrong" in edit) return edit;
    // Written somewhere else than it looks, it would change nothing, or too much.
    const after = this.#host.hypothetically(edit, () =>
      this.#host.drifts().flatMap((folder) => folder.beside(account, states).drift),
    );
    if (after.some((each) => isSame(each.drift, drift))) return { wrong: "The edit would not take the live value." };
    if (after.some(({ drift: other }) => found.every((each) => !isSame(each.drift, other))))
      return { wrong: "The same text decides others, which would differ from the account then." };
    return edit;
  }

  /** A state is big, and is the same most of the time. */
  #recorded(root: FilePath, text: string): readonly RecordedResource[] | undefined {
    const known = this.#read.get(root);
    if (known?.text === text) return known.resources;
    const snapshot = readSnapshot({ kind: "state", file: root, text });
    const resources = "wrong" in snapshot ? undefined : snapshot.resources;
    this.#read.set(root, { text, resources });
    return resources;
  }
}

function isSame(a: Drift, b: Drift): boolean {
  return a.root === b.root && a.address === b.address && a.path === b.path;
}
