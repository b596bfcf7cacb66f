/*
 * What a gzip stream holds (RFC 1951 and 1952), for base64gunzip: core is pure, so there is no zlib to ask. A stream that unpacks to
 * more than the limit is refused, or a few bytes of text would make gigabytes.
 */

export type Unpacked = { readonly bytes: Uint8Array } | { readonly failure: string } | { readonly tooLarge: true };

const BROKEN = { failure: "the bytes are no gzip stream" } as const;

/** The members of a gzip stream, one behind the other. */
export function gunzip(bytes: Uint8Array, limit: number): Unpacked {
  const out: number[] = [];
  let at = 0;
  do {
    const start = contentOf(bytes, at);
    if (start === undefined) return BROKEN;
    const before = out.length;
    const inflater = new Inflater(bytes, start, out, limit);
    const ended = inflater.run();
    if (ended === "too large") return { tooLarge: true };
    if (ended === "broken" || inflater.at + 8 > bytes.length) return BROKEN;
    const trailer = new DataView(bytes.buffer, bytes.byteOffset + inflater.at, 8);
    if (trailer.getUint32(0, true) !== checksum(out, before) || trailer.getUint32(4, true) !== (out.length - before) % 2 ** 32)
      return BROKEN;
    at = inflater.at + 8;
  } while (at < bytes.length);
  return { bytes: Uint8Array.from(out) };
}

/** Where the packed content of the member at an offset begins. */
function contentOf(bytes: Uint8Array, offset: number): number | undefined {
  if (bytes[offset] !== 0x1f || bytes[offset + 1] !== 0x8b || bytes[offset + 2] !== 8) return undefined;
  const flags = bytes[offset + 3] ?? 0;
  let at = offset + 10;
  if ((flags & 4) !== 0) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
  // A name, then a comment.
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) return undefined;
    at = end + 1;
  }
  if ((flags & 2) !== 0) at += 2;
  return at < bytes.length ? at : undefined;
}

function checksum(bytes: readonly number[], from: number): number {
  let crc = 0xffffffff;
  for (let i = from; i < bytes.length; i++) {
    crc ^= bytes[i] ?? 0;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320;
  }
  return ~crc >>> 0;
}

/** A canonical Huffman code: how many codes each length has, and the symbols in the order of their codes. */
interface Code {
  readonly counts: readonly number[];
  readonly symbols: readonly number[];
}

function codeOf(lengths: readonly number[]): Code {
  const counts = new Array<number>(16).fill(0);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  counts[0] = 0;
  const symbols = lengths.map((length, symbol) => ({ length, symbol })).filter(({ length }) => length > 0);
  symbols.sort((a, b) => a.length - b.length || a.symbol - b.symbol);
  return { counts, symbols: symbols.map(({ symbol }) => symbol) };
}

function repeated(...runs: readonly (readonly [number, number])[]): readonly number[] {
  return runs.flatMap(([count, value]) => new Array<number>(count).fill(value));
}

const FIXED_LITERALS = codeOf(repeated([144, 8], [112, 9], [24, 7], [8, 8]));
const FIXED_DISTANCES = codeOf(repeated([30, 5]));
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Base and extra bits of lengths (from 3, symbols from 257) and distances (from 1). */
function rangesOf(first: number, extras: readonly number[]): readonly { readonly base: number; readonly extra: number }[] {
  let base = first;
  return extras.map((extra) => {
    const range = { base, extra };
    base += 2 ** extra;
    return range;
  });
}

const LENGTHS = [...rangesOf(3, repeated([8, 0], [4, 1], [4, 2], [4, 3], [4, 4], [4, 5])).slice(0, 28), { base: 258, extra: 0 }];
const DISTANCES = rangesOf(1, repeated([4, 0], ...Array.from({ length: 13 }, (_, index) => [2, index + 1] as const)));

class Inflater {
  at: number;
  readonly #bytes: Uint8Array;
  readonly #out: number[];
  readonly #limit: number;
  #bits = 0;
  #count = 0;
  #broken = false;

  constructor(bytes: Uint8Array, at: number, out: number[], limit: number) {
    this.#bytes = bytes;
    this.at = at;
    this.#out = out;
    this.#limit = limit;
  }

  run(): "done" | "broken" | "too large" {
    for (let last = false; !last && !this.#broken;) {
      last = this.#take(1) === 1;
      const kind = this.#take(2);
      if (kind === 0) this.#stored();
      else if (kind === 1) this.#packed(FIXED_LITERALS, FIXED_DISTANCES);
      else if (kind === 2) this.#dynamic();
      else this.#broken = true;
      if (this.#out.length > this.#limit) return "too large";
    }
    return this.#broken ? "broken" : "done";
  }

  #take(count: number): number {
    while (this.#count < count) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) {
        this.#broken = true;
        return 0;
      }
      this.#bits |= byte << this.#count;
      this.#count += 8;
    }
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#count -= count;
    return value;
  }

  #symbol({ counts, symbols }: Code): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= 15 && !this.#broken; length++) {
      code |= this.#take(1);
      const count = counts[length] ?? 0;
      if (code - count < first) return symbols[index + code - first] ?? 0;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    this.#broken = true;
    return 256;
  }

  #stored(): void {
    this.#bits = 0;
    this.#count = 0;
    const length = (this.#bytes[this.at] ?? 0) + 256 * (this.#bytes[this.at + 1] ?? 0);
    const complement = (this.#bytes[this.at + 2] ?? 0) + 256 * (this.#bytes[this.at + 3] ?? 0);
    this.at += 4;
    if ((length ^ 0xffff) !== complement || this.at + length > this.#bytes.length) this.#broken = true;
    else for (let end = this.at + length; this.at < end; this.at++) this.#out.push(this.#bytes[this.at] ?? 0);
  }

  #dynamic(): void {
    const literals = this.#take(5) + 257;
    const distances = this.#take(5) + 1;
    const codes = this.#take(4) + 4;
    const small = new Array<number>(19).fill(0);
    for (const position of ORDER.slice(0, codes)) small[position] = this.#take(3);
    const code = codeOf(small);
    const lengths: number[] = [];
    while (lengths.length < literals + distances && !this.#broken) {
      const symbol = this.#symbol(code);
      if (symbol < 16) lengths.push(symbol);
      else if (symbol === 16) lengths.push(...repeated([3 + this.#take(2), lengths.at(-1) ?? 0]));
      else lengths.push(...repeated([symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7), 0]));
    }
    if (lengths.length > literals + distances) this.#broken = true;
    if (!this.#broken) this.#packed(codeOf(lengths.slice(0, literals)), codeOf(lengths.slice(literals)));
  }

  #packed(literals: Code, distances: Code): void {
    const out = this.#out;
    while (!this.#broken && out.length <= this.#limit) {
      const symbol = this.#symbol(literals);
      if (symbol < 256) out.push(symbol);
      else if (symbol === 256) return;
      else this.#copy(LENGTHS[symbol - 257], DISTANCES[this.#symbolAfter(symbol, distances)]);
    }
  }

  /** The length's extra bits stand before the distance: kept until the copy is made. */
  #extra = 0;

  #symbolAfter(symbol: number, distances: Code): number {
    this.#extra = this.#take(LENGTHS[symbol - 257]?.extra ?? 0);
    return this.#symbol(distances);
  }

  #copy(
    length: { readonly base: number } | undefined,
    distance: { readonly base: number; readonly extra: number } | undefined,
  ): void {
    if (length === undefined || distance === undefined) {
      this.#broken = true;
      return;
    }
    const count = length.base + this.#extra;
    const back = distance.base + this.#take(distance.extra);
    if (back > this.#out.length) this.#broken = true;
    else for (let i = 0; i < count; i++) this.#out.push(this.#out[this.#out.length - back] ?? 0);
  }
}
