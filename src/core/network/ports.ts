import { list, NUMBER, number, object, objectOf, reason, unknown } from "../values/make.ts";
import type { Type, Value } from "../values/value.ts";
import { parseProtocol } from "./protocol.ts";

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export const RANGE_TYPE: Type = objectOf(
  new Map([
    ["from", NUMBER],
    ["to", NUMBER],
  ]),
);

const EVERY: PortRange = { from: 0, to: 65535 };

/** Reads the clouds' notations: `ALL`, `-1/-1`, `22`, `22/22`, `1-2`, `80,443`. undefined: none of them. */
export function parsePorts(text: string): readonly PortRange[] | undefined {
  const written = text.trim();
  if (/^(?:all|any|\*|-1|-1\s*[/-]\s*-1)$/i.test(written)) return [EVERY];
  const ranges: PortRange[] = [];
  for (const part of written.split(",")) {
    const match = /^(\d{1,5})(?:\s*[/-]\s*(\d{1,5}))?$/.exec(part.trim());
    if (match === null) return undefined;
    const from = Number(match[1]);
    const to = match[2] === undefined ? from : Number(match[2]);
    if (from > to || to > 65535) return undefined;
    ranges.push({ from, to });
  }
  return ranges;
}

/** The check language's `ports(protocol, range)` and `ports(protocol, from, to)`. */
export function portsValue(args: readonly Value[]): Value {
  const [protocol, from, to] = args;
  if (protocol === undefined || from === undefined) return open(reason("error", "ports"));
  // Ports mean nothing where every protocol is let in, and nothing to ICMP.
  if (protocol.kind === "null") return ranges([EVERY]);
  if (protocol.kind === "number" || protocol.kind === "string") {
    const name = parseProtocol(String(protocol.value));
    if (name === "all") return ranges([EVERY]);
    if (name !== "tcp" && name !== "udp") return ranges([]);
  }
  // It may be every protocol, and then every port, or one without ports.
  if (protocol.kind === "unknown") return unknown({ kind: "list", element: RANGE_TYPE }, protocol.reasons);
  if (to === undefined) return fromText(from);
  if (from.kind === "null" && to.kind === "null") return ranges([EVERY]);
  if (from.kind === "unknown" || to.kind === "unknown") {
    return unknown({ kind: "list", element: RANGE_TYPE }, [
      ...(from.kind === "unknown" ? from.reasons : []),
      ...(to.kind === "unknown" ? to.reasons : []),
    ]);
  }
  const low = portNumber(from);
  const high = portNumber(to);
  if (low === undefined || high === undefined)
    return open(reason(from.kind === "null" || to.kind === "null" ? "null operand" : "invalid", "ports"));
  if (low < 0 || high < 0) return ranges([EVERY]);
  return low > high ? open(reason("invalid", "ports")) : ranges([{ from: low, to: high }]);
}

function fromText(value: Value): Value {
  if (value.kind === "null") return ranges([EVERY]);
  if (value.kind === "unknown") return unknown({ kind: "list", element: RANGE_TYPE }, value.reasons);
  const found = value.kind === "string" || value.kind === "number" ? parsePorts(String(value.value)) : undefined;
  return found === undefined ? open(reason("invalid", "ports")) : ranges(found);
}

function portNumber(value: Value): number | undefined {
  if (value.kind === "number") return Number(value.value);
  return value.kind === "string" && /^-?\d+$/.test(value.value) ? Number(value.value) : undefined;
}

function ranges(all: readonly PortRange[]): Value {
  return list(
    RANGE_TYPE,
    all.map((range) =>
      object([
        ["from", number(range.from)],
        ["to", number(range.to)],
      ]),
    ),
  );
}

function open(why: ReturnType<typeof reason>): Value {
  return unknown({ kind: "list", element: RANGE_TYPE }, why);
}
