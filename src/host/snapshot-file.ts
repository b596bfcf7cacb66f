import { readFileSync, statSync } from "node:fs";

/** V8 holds no longer text. */
const largestText = 512 * 1024 * 1024;

/**
 * The text of a plan or state. A byte order mark says how it is encoded: PowerShell redirects in UTF-16. What is no text at all is
 * decoded all the same, so that core can say what it is.
 */
export function readSnapshotText(path: string): { readonly text: string } | { readonly wrong: string } {
  try {
    const status = statSync(path);
    if (status.isDirectory()) return { wrong: "This is a folder, not a file." };
    if (status.size > largestText) return { wrong: "The file has more than 512 MB: that is more than can be read." };
    return { text: decode(readFileSync(path)) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return { wrong: "There is no such file." };
    if (code === "EACCES" || code === "EPERM") return { wrong: "The file can't be read: permission denied." };
    return { wrong: `The file can't be read: ${typeof code === "string" ? code : "unknown error"}.` };
  }
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return new TextDecoder("utf-8").decode(bytes);
}
