import type { CheckItem, Result } from "../checks/model.ts";
import type { Path } from "../values/value.ts";

export const fingerprintLength = 16;

/**
 * A name for a result that survives moved lines, renamed checkouts and reordered blocks: check, root below the workspace folder,
 * address, and what decided without positions in lists. 64 bits, hexadecimal.
 */
export function fingerprint(result: Result, root: string): string {
  const hash = new Hash(prefixOf(result.check, root));
  hash.add(result.instance.address);
  hash.add("\n");
  hash.add(normalisedEvidence(result));
  return hash.text();
}

/** The hash of what the findings of one check in one root begin with: they come one after the other. */
const prefixes = new WeakMap<CheckItem, { readonly root: string; readonly hash: Hash }>();

function prefixOf(check: CheckItem, root: string): Hash {
  const known = prefixes.get(check);
  if (known?.root === root) return known.hash;
  const hash = new Hash();
  hash.add(`${check.id}\n${root}\n`);
  prefixes.set(check, { root, hash });
  return hash;
}

/** What decided first, with `*` for positions in lists. */
export function normalisedEvidence(result: Result): string {
  const path: Path = result.evidence[0] ?? [];
  if (path.length === 1 && typeof path[0] === "string") return path[0];
  return path.map((step) => (typeof step === "number" ? "*" : step)).join(".");
}

/** FNV-1a in two lanes of 32 bits that start and mix differently. What is added piece by piece is hashed as one text. */
class Hash {
  #a = 0x811c9dc5;
  #b = 0x9747b28c;
  #length = 0;

  constructor(from?: Hash) {
    if (from === undefined) return;
    this.#a = from.#a;
    this.#b = from.#b;
    this.#length = from.#length;
  }

  add(text: string): void {
    let a = this.#a;
    let b = this.#b;
    const before = this.#length;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul(b ^ (unit + before + i), 0x85ebca6b);
      b ^= b >>> 13;
    }
    this.#a = a;
    this.#b = b;
    this.#length = before + text.length;
  }

  text(): string {
    return hexadecimal(this.#a) + hexadecimal(this.#b);
  }
}

function hexadecimal(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, "0");
}
