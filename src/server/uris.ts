import { URI } from "vscode-uri";
import type { FilePath } from "../core/text/text.ts";

/** Core's name of a `file:` address: absolute, forward slashes, a drive letter in lower case. undefined for other schemes. */
export function pathOf(uri: string): FilePath | undefined {
  const parsed = URI.parse(uri);
  if (parsed.scheme !== "file") return undefined;
  const drive = /^\/([A-Za-z]):/.exec(parsed.path);
  const letter = drive?.[1];
  if (letter !== undefined) return `${letter.toLowerCase()}${parsed.path.slice(2)}`;
  const path = parsed.path.length > 1 ? parsed.path.replace(/\/+$/, "") : parsed.path;
  return parsed.authority === "" ? path : `//${parsed.authority}${path}`;
}

export function uriOf(path: FilePath): string {
  if (!path.startsWith("//")) return URI.from({ scheme: "file", path: path.startsWith("/") ? path : `/${path}` }).toString();
  const slash = path.indexOf("/", 2);
  const end = slash < 0 ? path.length : slash;
  return URI.from({ scheme: "file", authority: path.slice(2, end), path: path.slice(end) || "/" }).toString();
}
