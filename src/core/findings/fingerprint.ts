import type { Result } from "../checks/model.ts";
import type { Path } from "../values/value.ts";

export const fingerprintLength = 16;

/**
 * A name for a result that survives moved lines, renamed checkouts and reordered blocks: check, root below the workspace folder,
 * address, and what decided without positions in lists. 64 bits, hexadecimal.
 */
export function fingerprint(result: Result, root: string): string {
  return hash(`${result.check.id}\n${root}\n${result.instance.address}\n${normalisedEvidence(result)}`);
}

/** What decided first, with `*` for positions in lists. */
export function normalisedEvidence(result: Result): string {
  const path: Path = result.evidence[0] ?? [];
  if (path.length === 1 && typeof path[0] === "string") return path[0];
  return path.map((step) => (typeof step === "number" ? "*" : step)).join(".");
}

/** FNV-1a in two lanes of 32 bits that start and mix differently. */
function hash(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ (unit + i), 0x85ebca6b);
    b ^= b >>> 13;
  }
  return (a >>> 0).toString(16).padStart(8, "0") + (b >>> 0).toString(16).padStart(8, "0");
}
