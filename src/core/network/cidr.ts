import { bool, BOOL, DYNAMIC, number, object, reason, string, unknown } from "../values/make.ts";
import type { Value } from "../values/value.ts";

/** A network: the address as a number and the length of its prefix. */
export interface Cidr {
  readonly family: 4 | 6;
  readonly address: bigint;
  readonly prefix: number;
}

/** The same few networks are written everywhere. */
const read = new Map<string, Cidr | undefined>();
const MOST_KEPT = 1000;

/** Reads `10.0.0.0/8`, `2001:db8::/32`; an address alone is a network of one. undefined: neither. */
export function parseCidr(text: string): Cidr | undefined {
  let cidr = read.get(text);
  if (cidr === undefined && !read.has(text)) {
    cidr = readCidr(text);
    if (read.size >= MOST_KEPT) read.clear();
    // A long text is no network: nothing is worth keeping of it.
    if (text.length < 64) read.set(text, cidr);
  }
  return cidr;
}

function readCidr(text: string): Cidr | undefined {
  const [address, length, ...more] = text.trim().split("/");
  if (address === undefined || more.length > 0) return undefined;
  const family = address.includes(":") ? 6 : 4;
  const bits = family === 6 ? 128 : 32;
  const value = family === 6 ? parseV6(address) : parseV4(address);
  if (value === undefined) return undefined;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const prefix = length === undefined ? bits : Number(length);
  if (prefix > bits) return undefined;
  const host = BigInt(bits - prefix);
  return { family, address: (value >> host) << host, prefix };
}

/** Whether every address of `inner` is one of `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  if (outer.family !== inner.family || inner.prefix < outer.prefix) return false;
  const shift = BigInt((outer.family === 6 ? 128 : 32) - outer.prefix);
  return inner.address >> shift === outer.address >> shift;
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return contains(a, b) || contains(b, a);
}

/** Not routed on the internet: RFC 1918, shared address space, loopback, link-local, unique local. */
const PRIVATE: readonly Cidr[] = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "fc00::/7",
  "fe80::/10",
  "::1/128",
].flatMap((text) => parseCidr(text) ?? []);

export function isPrivate(cidr: Cidr): boolean {
  return PRIVATE.some((network) => contains(network, cidr));
}

/** The check language's `cidr(s)`; unknown("invalid") for what is no network. */
export function cidrValue(text: string): Value {
  const cidr = parseCidr(text);
  if (cidr === undefined) return unknown(DYNAMIC, reason("invalid", "not a network in CIDR notation"));
  return object([
    ["prefix", number(cidr.prefix)],
    ["private", bool(isPrivate(cidr))],
    ["text", string(text)],
  ]);
}

/** `cidr(a).contains(b)`. */
export function cidrContains(outer: string, inner: string): Value {
  const a = parseCidr(outer);
  const b = parseCidr(inner);
  if (a === undefined || b === undefined) return unknown(BOOL, reason("invalid", "not a network in CIDR notation"));
  return bool(contains(a, b));
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function parseV6(text: string): bigint | undefined {
  let written = text;
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (tail !== null) {
    const v4 = parseV4(tail[2] ?? "");
    if (v4 === undefined) return undefined;
    written = `${tail[1] ?? ""}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`;
  }
  const halves = written.split("::");
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === "" ? [] : half.split(":")));
  const [left = [], right = []] = groups;
  const count = left.length + right.length;
  if (halves.length === 2 ? count > 7 : count !== 8) return undefined;
  const all = halves.length === 2 ? [...left, ...new Array<string>(8 - count).fill("0"), ...right] : left;
  let value = 0n;
  for (const group of all) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
    value = (value << 16n) | BigInt(`0x${group}`);
  }
  return value;
}
