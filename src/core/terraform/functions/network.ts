import { list, listOf, NUMBER, string, STRING } from "../../values/make.ts";
import type { Value } from "../../values/value.ts";
import { fail, type Failure, type FunctionTable } from "./definition.ts";
import { decimalOf } from "./numeric.ts";
import { textOf } from "./string.ts";

interface Prefix {
  readonly bits: 32 | 128;
  readonly address: bigint;
  readonly length: number;
}

/** `10.0.0.0/8`, `fd00::/8`; host bits are dropped, as Terraform's functions do. */
function parsePrefix(text: string): Prefix | undefined {
  const match = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text);
  const parsed = parseAddress(match?.[1] ?? "");
  const length = Number(match?.[2] ?? Number.NaN);
  if (parsed === undefined || !(length <= parsed.bits)) return undefined;
  const shift = BigInt(parsed.bits - length);
  return { bits: parsed.bits, address: (parsed.address >> shift) << shift, length };
}

function parseAddress(text: string): { readonly bits: 32 | 128; readonly address: bigint } | undefined {
  if (text.includes(":")) return parseSix(text);
  const parts = text.split(".");
  if (parts.length !== 4 || parts.some((part) => !/^\d+$/.test(part) || Number(part) > 255)) return undefined;
  return { bits: 32, address: parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n) };
}

function parseSix(text: string): { readonly bits: 128; readonly address: bigint } | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const groups = (half: string): string[] => (half === "" ? [] : half.split(":").flatMap(groupsOf));
  const head = groups(halves[0] ?? "");
  const tail = groups(halves[1] ?? "");
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = [...head, ...Array<string>(halves.length === 2 ? missing : 0).fill("0"), ...tail];
  if (all.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return { bits: 128, address: all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n) };
}

/** The last group may be an IPv4 address, which is two. */
function groupsOf(group: string, index: number, all: readonly string[]): readonly string[] {
  if (index < all.length - 1 || !group.includes(".")) return [group];
  const four = parseAddress(group);
  return four === undefined ? [group] : [(four.address >> 16n).toString(16), (four.address & 0xffffn).toString(16)];
}

/** An IPv4 address in the clothes of IPv6, as Go takes one for the other. */
function isMapped(address: bigint, bits: 32 | 128): boolean {
  return bits === 128 && address >> 32n === 0xffffn;
}

function unmapped(parsed: ReturnType<typeof parseAddress>): ReturnType<typeof parseAddress> {
  return parsed !== undefined && isMapped(parsed.address, parsed.bits)
    ? { bits: 32, address: parsed.address & 0xffffffffn }
    : parsed;
}

function printPrefix(address: bigint, bits: 32 | 128, length: number): string {
  return `${printAddress(address, bits)}/${isMapped(address, bits) && length >= 96 ? length - 96 : length}`;
}

/** IPv6 in RFC 5952 form. */
function printAddress(address: bigint, bits: 32 | 128): string {
  if (isMapped(address, bits)) return printAddress(address & 0xffffffffn, 32);
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join(".");
  const groups = Array.from({ length: 8 }, (_, index) => ((address >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === "0") length++;
    if (length > best.length) best = { start, length };
  }
  if (best.start < 0) return groups.join(":");
  return `${groups.slice(0, best.start).join(":")}::${groups.slice(best.start + best.length).join(":")}`;
}

function subnet(prefix: Prefix, newBits: number, index: bigint): string | Failure {
  const length = prefix.length + newBits;
  if (!Number.isInteger(newBits) || length < 0 || length > prefix.bits) return fail("there is no room for that many more bits");
  if (newBits >= 0 && index >= 1n << BigInt(newBits)) return fail("the network number does not fit into the new bits");
  // Terraform counts from the end where the number is negative, and takes the sign off the address.
  const address = prefix.address | (index << BigInt(prefix.bits - length));
  return printPrefix((address < 0n ? -address : address) & ((1n << BigInt(prefix.bits)) - 1n), prefix.bits, length);
}

/** Whether an address or a prefix lies within a prefix. */
export function prefixContains(outer: string, inner: string): boolean | Failure {
  const prefix = parsePrefix(outer);
  if (prefix === undefined) return fail(notPrefix);
  const other: { readonly bits: number; readonly address: bigint; readonly length?: number } | undefined = inner.includes("/")
    ? parsePrefix(inner)
    : unmapped(parseAddress(inner));
  if (other === undefined) return fail("the second argument is no address and no CIDR prefix");
  if (other.bits !== prefix.bits) return fail("one argument is IPv4, the other IPv6");
  const shift = BigInt(prefix.bits - prefix.length);
  return (other.length ?? prefix.bits) >= prefix.length && other.address >> shift === prefix.address >> shift;
}

const notPrefix = "the first argument is no CIDR prefix";

export const networkFunctions: FunctionTable = {
  cidrhost: {
    parameters: [{ type: STRING }, { type: NUMBER }],
    result: STRING,
    run: ([text, index]) => {
      const prefix = parsePrefix(textOf(text));
      if (prefix === undefined) return fail(notPrefix);
      if (!decimalOf(index).isInteger()) return fail("the host number must be a whole number");
      const host = BigInt(decimalOf(index).trunc().toFixed());
      const size = 1n << BigInt(prefix.bits - prefix.length);
      if (host >= size || host < -size) return fail("the prefix has no host with that number");
      return string(printAddress(prefix.address | (host < 0n ? size + host : host), prefix.bits));
    },
  },
  cidrnetmask: {
    parameters: [{ type: STRING }],
    result: STRING,
    run: ([text]) => {
      const prefix = parsePrefix(textOf(text));
      if (prefix === undefined) return fail(notPrefix);
      if (prefix.bits === 128) {
        if (!isMapped(prefix.address, 128)) return fail("IPv6 has no netmasks");
        const rest = BigInt(128 - prefix.length);
        return string(printAddress((((1n << 128n) - 1n) >> rest) << rest, 128));
      }
      const hosts = BigInt(32 - prefix.length);
      return string(printAddress((0xffffffffn >> hosts) << hosts, 32));
    },
  },
  cidrsubnet: {
    parameters: [{ type: STRING }, { type: NUMBER }, { type: NUMBER }],
    result: STRING,
    run: ([text, newBits, index]) => {
      const prefix = parsePrefix(textOf(text));
      if (prefix === undefined) return fail(notPrefix);
      if (!decimalOf(index).isInteger()) return fail("the network number must be a whole number");
      const made = subnet(prefix, decimalOf(newBits).toNumber(), BigInt(decimalOf(index).trunc().toFixed()));
      return typeof made === "string" ? string(made) : made;
    },
  },
  cidrsubnets: {
    parameters: [{ type: STRING }],
    variadic: { type: NUMBER },
    result: listOf(STRING),
    run: ([text, ...newBits]) => {
      const prefix = parsePrefix(textOf(text));
      if (prefix === undefined) return fail(notPrefix);
      const items: Value[] = [];
      const end = prefix.address + (1n << BigInt(prefix.bits - prefix.length));
      let at = prefix.address;
      if (prefix.length === 0) return fail("a prefix of all addresses can't be divided");
      for (const bits of newBits) {
        const length = prefix.length + decimalOf(bits).toNumber();
        if (!(Number.isInteger(length) && length > prefix.length && length <= prefix.bits))
          return fail("there is no room for that many more bits");
        const size = 1n << BigInt(prefix.bits - length);
        at = ((at + size - 1n) / size) * size;
        if (at + size > end) return fail("the prefix has no room for all subnets");
        items.push(string(printPrefix(at, prefix.bits, length)));
        at += size;
      }
      return list(STRING, items);
    },
  },
};
