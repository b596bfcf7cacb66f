import { DYNAMIC, list, object, reason, STRING, unknown } from "../values/make.ts";
import type { Reason, Value } from "../values/value.ts";
import type { Cidr } from "./cidr.ts";
import { contains, overlaps, parseCidr } from "./cidr.ts";
import { parseProtocol } from "./protocol.ts";

type Truth = true | false | readonly Reason[];

interface Rule {
  readonly value: Extract<Value, { kind: "object" }>;
  /** Whether the rule is about the direction, protocol and port that are asked for. */
  readonly concerns: Truth;
  readonly drop: Truth;
  readonly priority: number | readonly Reason[];
  readonly cidrs: readonly { readonly cidr: Cidr; readonly value: Value }[];
  /** What the networks that are not known stand for. */
  readonly rest: readonly Reason[];
}

/** Every address is a network of length zero, or the two halves of one family together. */
const WHOLE: Readonly<Record<4 | 6, Cidr>> = {
  4: { family: 4, address: 0n, prefix: 0 },
  6: { family: 6, address: 0n, prefix: 0 },
};

/**
 * The accept rules that admit a whole address family to a port, or to one of several, once order and drops are applied: lower
 * priority first, drop before accept on a tie. Each is cut to the networks that are open. What can't be decided is the list's rest.
 */
export function openTo(
  rules: Value | undefined,
  direction: Value | undefined,
  protocol: Value | undefined,
  port: Value | undefined,
): Value {
  if (rules === undefined || rules.kind === "null") return list(DYNAMIC, []);
  if (rules.kind === "unknown") return unknown({ kind: "list", element: DYNAMIC }, rules.reasons);
  const several = port !== undefined && "items" in port ? port : undefined;
  const ports = several === undefined ? [port] : several.items;
  if (direction?.kind !== "string" || protocol?.kind !== "string" || !ports.every(isNumber) || !("items" in rules)) {
    const reasons = [direction, protocol, ...ports].flatMap((one) => (one?.kind === "unknown" ? one.reasons : []));
    return unknown({ kind: "list", element: DYNAMIC }, reasons.length > 0 ? reasons : reason("null operand"));
  }
  let rest: Reason[] = [...(several?.rest ?? [])];
  const open = new Map<number, OpenRule>();
  for (const one of ports) {
    const asked = { direction: direction.value, protocol: parseProtocol(protocol.value), port: Number(one.value) };
    const answer = openAt(rules, asked);
    rest = merge(rest, answer.rest);
    for (const [index, { rule, found }] of answer.open) {
      open.set(index, { rule, found: union(open.get(index)?.found ?? [], found) });
    }
  }
  const items = [...open].sort(([a], [b]) => a - b).map(([, { rule, found }]) => narrowed(rule, found));
  return rest.length === 0 ? list(DYNAMIC, items) : list(DYNAMIC, items, rest);
}

interface OpenRule {
  readonly rule: Rule["value"];
  /** Its networks that are open. */
  readonly found: readonly Value[];
}

function isNumber(value: Value | undefined): value is Extract<Value, { kind: "number" }> {
  return value?.kind === "number";
}

/** A rule may open one port to one family and the next to another. */
function union(networks: readonly Value[], more: readonly Value[]): readonly Value[] {
  const texts = new Set(networks.map((one) => (one.kind === "string" ? one.value : "")));
  return [...networks, ...more.filter((one) => one.kind !== "string" || !texts.has(one.value))];
}

/** The rules that open one port, by their place in the list. */
function openAt(
  rules: Extract<Value, { readonly items: readonly Value[] }>,
  asked: { readonly direction: string; readonly protocol: string; readonly port: number },
): { readonly open: ReadonlyMap<number, OpenRule>; readonly rest: readonly Reason[] } {
  let rest: Reason[] = [...(rules.rest ?? [])];
  const read = new Map<number, Rule>();
  rules.items.forEach((item, index) => {
    const own = item.path === undefined && rules.path !== undefined ? { ...item, path: [...rules.path, index] } : item;
    if (own.kind === "null") return;
    const rule = own.kind === "instance" ? ruleObject(own) : own;
    if (rule.kind !== "object") {
      rest = merge(rest, rule.kind === "unknown" ? rule.reasons : [reason("error", "rules")]);
      return;
    }
    const made = readRule(rule, asked, own.kind === "instance" ? own.maybe : undefined);
    if (made.concerns !== false) read.set(index, made);
  });
  const open = new Map<number, OpenRule>();
  const all = [...read.values()];
  const more = rules.rest !== undefined;
  for (const [index, rule] of read) {
    if (rule.drop === true) continue;
    const { found, reasons } = admitted(rule, all, more);
    rest = merge(rest, reasons);
    if (found.length > 0) open.set(index, { rule: rule.value, found });
  }
  return { open, rest };
}

/** The networks of an accept rule that stay open, and why it may open more. */
function admitted(
  rule: Rule,
  all: readonly Rule[],
  more: boolean,
): { readonly found: readonly Value[]; readonly reasons: readonly Reason[] } {
  const found: Value[] = [];
  let reasons: Reason[] = [];
  const doubts = [...reasonsIn(rule.concerns), ...reasonsIn(rule.drop)];
  const drops = all.filter((other) => other !== rule && other.drop !== false);
  const certain = all.filter((other) => other === rule || (other.drop === false && other.concerns === true));
  const together = certain.flatMap((other) => other.cidrs.map((one) => one.cidr));
  const whole = rule.cidrs.filter(
    ({ cidr }) => cidr.prefix === 0 || (cidr.prefix <= MOST_SPLIT && coversAll(cidr.family, together)),
  );
  for (const { cidr, value } of whole) {
    const stopped = stoppedBy(cidr, rule, drops);
    if (stopped === true) continue;
    if (stopped !== false) reasons = merge(reasons, stopped);
    else if (doubts.length > 0) reasons = merge(reasons, doubts);
    else found.push(value);
  }
  // Further rules that are not known could be drops only where the construct has drops.
  if (more && drops.length > 0 && found.length > 0)
    return { found: [], reasons: merge(reasons, [reason("unknown", "further rules")]) };
  if (rule.rest.length > 0) {
    const stopped = [WHOLE[4], WHOLE[6]].every((cidr) => stoppedBy(cidr, rule, drops) === true);
    if (!stopped) reasons = merge(reasons, merge(doubts, rule.rest));
  }
  return { found, reasons };
}

function reasonsIn(truth: Truth): readonly Reason[] {
  return typeof truth === "boolean" ? [] : truth;
}

/** The internet in 256 pieces is the internet. */
const MOST_SPLIT = 8;

/** Whether networks together are a whole address family, none of them alone. */
function coversAll(family: 4 | 6, networks: readonly Cidr[]): boolean {
  const own = networks.filter((one) => one.family === family && one.prefix > 0 && one.prefix <= MOST_SPLIT);
  const covered = (block: Cidr): boolean => {
    if (own.some((one) => contains(one, block))) return true;
    if (block.prefix >= MOST_SPLIT || !own.some((one) => contains(block, one))) return false;
    const prefix = block.prefix + 1;
    const half = 1n << BigInt((family === 6 ? 128 : 32) - prefix);
    return covered({ ...block, prefix }) && covered({ ...block, prefix, address: block.address + half });
  };
  return covered(WHOLE[family]);
}

function isHalf(cidr: Cidr, others: Rule["cidrs"]): boolean {
  return (
    cidr.prefix === 1 &&
    others.some((other) => other.cidr.family === cidr.family && other.cidr.prefix === 1 && other.cidr.address !== cidr.address)
  );
}

/** Whether drops take the whole network away; reasons where that hangs on what is not known. A drop of a part of it does not. */
function stoppedBy(cidr: Cidr, rule: Rule, drops: readonly Rule[]): Truth {
  let reasons: Reason[] = [];
  for (const drop of drops) {
    const covers = drop.cidrs.some((other) => contains(other.cidr, cidr)) || coversInHalves(cidr, drop.cidrs);
    const touches = covers || drop.cidrs.some((other) => overlaps(other.cidr, cidr));
    if (!covers && drop.rest.length === 0) continue;
    const before = precedes(drop, rule);
    if (before === false) continue;
    if (covers && before === true && drop.concerns === true && drop.drop === true) return true;
    reasons = merge(reasons, [
      ...(before === true ? [] : before),
      ...(drop.concerns === true || drop.concerns === false ? [] : drop.concerns),
      ...(drop.drop === true || drop.drop === false ? [] : drop.drop),
      ...(covers || !touches ? drop.rest : []),
      ...(covers ? [] : drop.rest),
    ]);
  }
  return reasons.length === 0 ? false : reasons;
}

function coversInHalves(cidr: Cidr, cidrs: Rule["cidrs"]): boolean {
  return cidr.prefix === 0 && cidrs.some((one) => one.cidr.family === cidr.family && isHalf(one.cidr, cidrs));
}

/** Drops come first on a tie. */
function precedes(drop: Rule, accept: Rule): Truth {
  if (typeof drop.priority === "number" && typeof accept.priority === "number") return drop.priority <= accept.priority;
  return merge(typeof drop.priority === "number" ? [] : drop.priority, typeof accept.priority === "number" ? [] : accept.priority);
}

const FIELDS = ["direction", "action", "protocol", "ports", "cidrs", "priority"];

/** A rule made from an instance that may not exist comes as one: its fields are selected. */
function ruleObject(value: Extract<Value, { kind: "instance" }>): Rule["value"] {
  const made = object(FIELDS.map((name) => [name, value.target.select(name)]));
  return value.path === undefined ? made : { ...made, path: value.path };
}

function readRule(
  value: Rule["value"],
  asked: { readonly direction: string; readonly protocol: string; readonly port: number },
  maybe: readonly Reason[] | undefined,
): Rule {
  const field = (name: string): Value | undefined => value.entries.get(name);
  const asserted = and(
    is(field("direction"), (text) => text === asked.direction),
    and(
      is(field("protocol"), (text) => text === "all" || text === asked.protocol),
      hasPort(field("ports"), asked),
    ),
  );
  // Whether it exists at all is open: so is whether it concerns the port.
  const concerns = maybe === undefined ? asserted : and(asserted, maybe);
  const drop = is(field("action"), (text) => text !== "accept" && text !== "allow");
  const priority = field("priority");
  const { cidrs, rest } = networks(placed(field("cidrs"), value, "cidrs"));
  return { value, concerns, drop, priority: priorityOf(priority), cidrs, rest };
}

/** In trace mode: a member without a place of its own is at its name in the rule. */
function placed(member: Value | undefined, rule: Value, name: string): Value | undefined {
  if (member === undefined || member.path !== undefined || rule.path === undefined) return member;
  return { ...member, path: [...rule.path, name] };
}

function priorityOf(value: Value | undefined): number | readonly Reason[] {
  if (value?.kind === "number") return Number(value.value);
  if (value?.kind === "unknown") return value.reasons;
  // Some providers keep a priority as text.
  if (value?.kind === "string" && /^\d+$/.test(value.value)) return Number(value.value);
  return [reason("unknown", "rule order")];
}

function hasPort(ports: Value | undefined, asked: { readonly protocol: string; readonly port: number }): Truth {
  if (asked.protocol !== "tcp" && asked.protocol !== "udp") return true;
  if (ports === undefined || ports.kind === "null") return [reason("null operand")];
  if (ports.kind === "unknown") return ports.reasons;
  if (!("items" in ports)) return [reason("error", "ports")];
  let open: Reason[] = [...(ports.rest ?? [])];
  for (const range of ports.items) {
    const from = range.kind === "object" ? range.entries.get("from") : undefined;
    const to = range.kind === "object" ? range.entries.get("to") : undefined;
    if (from?.kind === "number" && to?.kind === "number") {
      if (Number(from.value) <= asked.port && asked.port <= Number(to.value)) return true;
    } else if (from?.kind === "number" && Number(from.value) > asked.port) continue;
    else if (to?.kind === "number" && Number(to.value) < asked.port) continue;
    else {
      const reasons = [range, from, to].flatMap((one) => (one?.kind === "unknown" ? one.reasons : []));
      open = merge(open, reasons.length > 0 ? reasons : [reason("null operand")]);
    }
  }
  return open.length === 0 ? false : open;
}

function networks(value: Value | undefined): Pick<Rule, "cidrs" | "rest"> {
  if (value === undefined || value.kind === "null") return { cidrs: [], rest: [] };
  if (value.kind === "unknown") return { cidrs: [], rest: value.reasons };
  if (!("items" in value)) return { cidrs: [], rest: [reason("error", "networks")] };
  let rest: Reason[] = [...(value.rest ?? [])];
  const cidrs: { cidr: Cidr; value: Value }[] = [];
  value.items.forEach((item, index) => {
    if (item.kind === "unknown") rest = merge(rest, item.reasons);
    if (item.kind !== "string") return;
    const cidr = parseCidr(item.value);
    if (cidr === undefined) {
      rest = merge(rest, [reason("invalid", "not a network in CIDR notation")]);
      return;
    }
    cidrs.push({
      cidr,
      value: item.path === undefined && value.path !== undefined ? { ...item, path: [...value.path, index] } : item,
    });
  });
  return { cidrs, rest };
}

function narrowed(rule: Rule["value"], cidrs: readonly Value[]): Value {
  const entries = new Map(rule.entries);
  const before = rule.entries.get("cidrs");
  entries.set("cidrs", {
    kind: "list",
    element: STRING,
    items: cidrs,
    ...(before?.path === undefined ? {} : { path: before.path }),
  });
  return { ...rule, entries };
}

function is(value: Value | undefined, test: (text: string) => boolean): Truth {
  if (value?.kind === "string") return test(value.value.toLowerCase());
  if (value?.kind === "unknown") return value.reasons;
  return [reason("null operand")];
}

function and(a: Truth, b: Truth): Truth {
  if (a === false || b === false) return false;
  if (a === true) return b;
  return b === true ? a : merge(a, b);
}

function merge(a: readonly Reason[], b: readonly Reason[]): Reason[] {
  const merged = [...a];
  for (const one of b) if (!merged.some((other) => other.kind === one.kind && other.detail === one.detail)) merged.push(one);
  return merged;
}
