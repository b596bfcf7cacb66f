import type { MessageConnection } from "vscode-jsonrpc";
import * as protocol from "../live/protocol.ts";
import type { Account } from "../live/protocol.ts";
import type { OpenedFolder } from "./beside.ts";
import { plural } from "./live-text.ts";

export interface DriftReport {
  readonly account: string;
  /** Blocks that manage something of the account. */
  readonly compared: number;
  readonly stateless: readonly string[];
  readonly drift: readonly {
    readonly address: string;
    readonly path: string;
    readonly file: string;
    readonly line: number;
    readonly written: string;
    readonly live: string;
    readonly instance: string;
    readonly by: string;
    /** With `--take-live`: null where the file has the live value now, else why not. */
    readonly notTaken?: string | null;
  }[];
  /** Lists that failed: their things could not be compared. */
  readonly unlisted: readonly string[];
}

/** Compares a folder with what the account has now. */
export async function driftReport(
  folder: OpenedFolder,
  account: Account,
  connection: MessageConnection,
  token: protocol.Token,
  take: boolean,
): Promise<DriftReport> {
  const request = { account: account.key, types: folder.types, read: true };
  const data = await connection.sendRequest(protocol.things, request, token);
  const { managed, drift } = folder.beside(data);
  const sorted = [...drift].sort((a, b) => {
    const [mine, theirs] = [folder.file(a.location), folder.file(b.location)];
    return mine === theirs ? a.location.range.start - b.location.range.start : mine < theirs ? -1 : 1;
  });
  const found = sorted.map((each) => ({
    address: each.address,
    path: each.path,
    file: folder.file(each.location),
    line: folder.line(each.location),
    written: each.written,
    live: each.live,
    instance: each.instance,
    by: each.by,
  }));
  // Each edit moves the text of the next: they are worked out one after the other.
  const taken = found.map((shown) => {
    if (!take) return shown;
    const now = folder
      .beside(data)
      .drift.find((each) => each.instance === shown.instance && each.address === shown.address && each.path === shown.path);
    // The edit of another may have brought this one along.
    return { ...shown, notTaken: now === undefined ? null : (folder.takeLive(now) ?? null) };
  });
  const wanted = new Set(folder.types);
  const unlisted = data.listings.flatMap(({ types, region, failure }) =>
    failure === null || !types.some((type) => wanted.has(type))
      ? []
      : [`${types.join(", ")}${region === undefined ? "" : ` in ${region}`}: ${failure.kind} ${failure.detail}`],
  );
  return { account: account.key, compared: managed.length, stateless: folder.stateless, drift: taken, unlisted };
}

export function driftText({ account, compared, stateless, drift, unlisted }: DriftReport): string {
  const lines = drift.flatMap(({ address, path, file, line, written, live, by, notTaken }) => [
    `${file}:${line}  ${address}  ${path}`,
    `    the file says ${written}, ${account} has ${live}${by === "name" ? "  (matched by name)" : ""}`,
    ...(notTaken === undefined ? [] : [notTaken === null ? "    the file has it now" : `    not taken: ${notTaken}`]),
  ]);
  if (lines.length > 0) lines.push("");
  lines.push(`${plural(drift.length, "difference")} in ${plural(compared, "resource")} that ${account} has.`);
  if (stateless.length > 0)
    lines.push(`No local state in ${stateless.join(", ")}: what the account has was matched by unique names there.`);
  for (const each of unlisted) lines.push(`Not compared: ${each}`);
  return `${lines.join("\n")}\n`;
}
