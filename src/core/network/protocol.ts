import { reason, STRING, string, unknown } from "../values/make.ts";
import type { Value } from "../values/value.ts";

export type Protocol = "tcp" | "udp" | "icmp" | "icmpv6" | "all" | "other";

const NAMES: ReadonlyMap<string, Protocol> = new Map([
  ["tcp", "tcp"],
  ["6", "tcp"],
  ["udp", "udp"],
  ["17", "udp"],
  ["icmp", "icmp"],
  ["1", "icmp"],
  ["icmpv6", "icmpv6"],
  ["ipv6-icmp", "icmpv6"],
  ["58", "icmpv6"],
  ["all", "all"],
  ["any", "all"],
  ["-1", "all"],
]);

/** The clouds' names and IANA numbers as one of the built-in rule schema's protocols. */
export function parseProtocol(text: string): Protocol {
  return NAMES.get(text.trim().toLowerCase()) ?? "other";
}

/** The check language's `protocol(s)`. A rule without a protocol is for all of them. */
export function protocolValue(value: Value | undefined): Value {
  if (value === undefined || value.kind === "null") return string("all");
  if (value.kind === "unknown") return unknown(STRING, value.reasons);
  if (value.kind === "number") return string(parseProtocol(String(value.value)));
  return value.kind === "string" ? string(parseProtocol(value.value)) : unknown(STRING, reason("error", "a protocol is a string"));
}
