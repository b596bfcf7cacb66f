import { DYNAMIC, list, object, reason, STRING, unknown } from "../values/make.ts";
import { isBrief, PlacedEntries, plainEntries } from "../values/placed.ts";
import type { Reason, Value } from "../values/value.ts";
import type { Cidr } from "./cidr.ts";
import { contains, overlaps, parseCidr } from "./cidr.ts";
import { parseProtocol } from "./protocol.ts";

type Truth = true | false | readonly Reason[];

type Sequence = Extract<Value, { readonly items: readonly Value[] }>;

interface Asked {
  readonly direction: string;
  readonly protocol: string;
  readonly port: number;
}

interface Rule {
  readonly read: ReadRule;
  /** Whether the rule is about the direction, protocol and port that are asked for. */
  readonly concerns: Truth;
}

interface Networks {
  readonly cidrs: readonly { readonly cidr: Cidr; readonly index: number }[];
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
  const set = ruleSetOf(rules);
  let rest: readonly Reason[] = merge(several?.rest ?? NO_REASONS, ports.length === 0 ? NO_REASONS : set.unread);
  const open = new Map<number, OpenRule>();
  for (const one of ports) {
    const asked = { direction: direction.value, protocol: parseProtocol(protocol.value), port: Number(one.value) };
    const concerned = concernedBy(set, asked);
    // Most ports are none of any rule's.
    if (concerned.length === 0) continue;
    const answer = openAmong(concerned, rules.rest !== undefined);
    rest = merge(rest, answer.rest);
    for (const [index, { rule, found }] of answer.open) {
      open.set(index, { rule, found: union(open.get(index)?.found ?? [], found) });
    }
  }
  if (open.size === 0 && rest.length === 0) return NOTHING_OPEN;
  const items = [...open].sort(([a], [b]) => a - b).map(([, { rule, found }]) => narrowed(rule, found));
  return rest.length === 0 ? list(DYNAMIC, items) : list(DYNAMIC, items, rest);
}

interface OpenRule {
  readonly rule: ReadRule["value"];
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

const NOTHING_OPEN = list(DYNAMIC, []);
const NO_REASONS: readonly Reason[] = [];
const NO_RULES: readonly Rule[] = [];

/** The rules that are about what is asked, or may be. */
function concernedBy({ read }: RuleSet, asked: Asked): readonly Rule[] {
  let concerned: Rule[] | undefined;
  for (const rule of read) {
    const concerns = concernsOf(rule, asked);
    if (concerns !== false) (concerned ??= []).push({ read: rule, concerns });
  }
  return concerned ?? NO_RULES;
}

/** The rules that open one port, by their place in the list. `more`: there are further ones that are not known. */
function openAmong(
  concerned: readonly Rule[],
  more: boolean,
): { readonly open: ReadonlyMap<number, OpenRule>; readonly rest: readonly Reason[] } {
  let rest: readonly Reason[] = [];
  const open = new Map<number, OpenRule>();
  for (const rule of concerned) {
    if (rule.read.drop === true) continue;
    const { found, reasons } = admitted(rule, concerned, more);
    rest = merge(rest, reasons);
    if (found.length > 0) open.set(rule.read.index, { rule: rule.read.value, found });
  }
  return { open, rest };
}

/** The networks of an accept rule that stay open, and why it may open more. */
function admitted(
  rule: Rule,
  all: readonly Rule[],
  more: boolean,
): { readonly found: readonly Value[]; readonly reasons: readonly Reason[] } {
  const { cidrs, rest } = rule.read.networks;
  const broad = cidrs.filter(({ cidr }) => cidr.prefix <= MOST_SPLIT);
  if (broad.length === 0 && rest.length === 0) return NOTHING_ADMITTED;
  const found: Value[] = [];
  let reasons: readonly Reason[] = [];
  const doubts = [...reasonsIn(rule.concerns), ...reasonsIn(rule.read.drop)];
  const drops = all.filter((other) => other !== rule && other.read.drop !== false);
  let together: readonly Cidr[] | undefined;
  const alike = (): readonly Cidr[] =>
    all
      .filter((other) => other === rule || (other.read.drop === false && other.concerns === true))
      .flatMap((other) => other.read.networks.cidrs.map((one) => one.cidr));
  for (const { cidr, index } of broad) {
    if (cidr.prefix > 0 && !coversAll(cidr.family, (together ??= alike()))) continue;
    const stopped = stoppedBy(cidr, rule, drops);
    if (stopped === true) continue;
    if (stopped !== false) reasons = merge(reasons, stopped);
    else if (doubts.length > 0) reasons = merge(reasons, doubts);
    else found.push(rule.read.network(index));
  }
  // Further rules that are not known could be drops only where the construct has drops.
  if (more && drops.length > 0 && found.length > 0)
    return { found: [], reasons: merge(reasons, [reason("unknown", "further rules")]) };
  if (rest.length > 0) {
    const stopped = [WHOLE[4], WHOLE[6]].every((cidr) => stoppedBy(cidr, rule, drops) === true);
    if (!stopped) reasons = merge(reasons, merge(doubts, rest));
  }
  return { found, reasons };
}

const NOTHING_ADMITTED = { found: [], reasons: [] } as const;

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

function isHalf(cidr: Cidr, others: Networks["cidrs"]): boolean {
  return (
    cidr.prefix === 1 &&
    others.some((other) => other.cidr.family === cidr.family && other.cidr.prefix === 1 && other.cidr.address !== cidr.address)
  );
}

/** Whether drops take the whole network away; reasons where that hangs on what is not known. A drop of a part of it does not. */
function stoppedBy(cidr: Cidr, rule: Rule, drops: readonly Rule[]): Truth {
  let reasons: readonly Reason[] = [];
  for (const drop of drops) {
    const { cidrs, rest } = drop.read.networks;
    const covers = cidrs.some((other) => contains(other.cidr, cidr)) || coversInHalves(cidr, cidrs);
    const touches = covers || cidrs.some((other) => overlaps(other.cidr, cidr));
    if (!covers && rest.length === 0) continue;
    const before = precedes(drop.read, rule.read);
    if (before === false) continue;
    if (covers && before === true && drop.concerns === true && drop.read.drop === true) return true;
    reasons = merge(reasons, [
      ...reasonsIn(before),
      ...reasonsIn(drop.concerns),
      ...reasonsIn(drop.read.drop),
      ...(covers || !touches ? rest : []),
      ...(covers ? [] : rest),
    ]);
  }
  return reasons.length === 0 ? false : reasons;
}

function coversInHalves(cidr: Cidr, cidrs: Networks["cidrs"]): boolean {
  return cidr.prefix === 0 && cidrs.some((one) => one.cidr.family === cidr.family && isHalf(one.cidr, cidrs));
}

/** Drops come first on a tie. */
function precedes(drop: ReadRule, accept: ReadRule): Truth {
  if (typeof drop.priority === "number" && typeof accept.priority === "number") return drop.priority <= accept.priority;
  return merge(typeof drop.priority === "number" ? [] : drop.priority, typeof accept.priority === "number" ? [] : accept.priority);
}

const FIELDS = ["direction", "action", "protocol", "ports", "cidrs", "priority"];

/** A rule made from an instance that may not exist comes as one: its fields are selected. */
function ruleObject(value: Extract<Value, { kind: "instance" }>): ReadRule["value"] {
  const made = object(FIELDS.map((name) => [name, value.target.select(name)]));
  return value.path === undefined ? made : { ...made, path: value.path };
}

/** Rules as they are whatever is asked of them, and why there may be more. */
interface RuleSet {
  /** A rule has no place of its own: where the list has one, it is at its index there. */
  readonly placeless: boolean;
  readonly read: readonly ReadRule[];
  readonly unread: readonly Reason[];
}

/** Many checks ask the rules of one group about one port each. */
const ruleSets = new WeakMap<readonly Value[], RuleSet>();

function ruleSetOf(rules: Sequence): RuleSet {
  const known = ruleSets.get(rules.items);
  if (known !== undefined && !(known.placeless && rules.path !== undefined)) return known;
  const placeless = rules.items.some((item) => item.path === undefined);
  const read: ReadRule[] = [];
  let unread: readonly Reason[] = rules.rest ?? [];
  rules.items.forEach((item, index) => {
    const own = item.path === undefined && rules.path !== undefined ? { ...item, path: [...rules.path, index] } : item;
    if (own.kind === "null") return;
    const rule = own.kind === "instance" ? ruleObject(own) : own;
    if (rule.kind === "object") read.push(new ReadRule(index, rule, own.kind === "instance" ? own.maybe : undefined));
    else unread = merge(unread, rule.kind === "unknown" ? rule.reasons : [reason("error", "rules")]);
  });
  const set: RuleSet = { placeless, read, unread };
  // What is read of an instance may change under its list.
  const lasts = rules.rest === undefined && !rules.items.some(({ kind }) => kind === "instance");
  if (lasts && !(placeless && rules.path !== undefined)) ruleSets.set(rules.items, set);
  return set;
}

class ReadRule {
  readonly index: number;
  readonly value: Extract<Value, { kind: "object" }>;
  /** Why it may not exist at all. */
  readonly maybe: readonly Reason[] | undefined;
  readonly drop: Truth;
  readonly priority: number | readonly Reason[];
  /** In lower case; why it is not known. */
  readonly direction: string | readonly Reason[];
  readonly protocol: string | readonly Reason[];
  #ports: Ports | undefined;
  #networks: Networks | undefined;

  constructor(index: number, value: ReadRule["value"], maybe: readonly Reason[] | undefined) {
    this.index = index;
    this.value = value;
    this.maybe = maybe;
    const action = lowerCase(this.field("action"));
    this.drop = typeof action === "string" ? action !== "accept" && action !== "allow" : action;
    this.priority = priorityOf(this.field("priority"));
    this.direction = lowerCase(this.field("direction"));
    this.protocol = lowerCase(this.field("protocol"));
  }

  field(name: string): Value | undefined {
    return plainEntries(this.value.entries).get(name);
  }

  /** Read when a question concerns the rule: most are about a port that it says nothing of. */
  get networks(): Networks {
    this.#networks ??= networks(this.field("cidrs"));
    return this.#networks;
  }

  /** Read when its direction and protocol are those that are asked for. */
  get ports(): Ports {
    this.#ports ??= portsOf(this.field("ports"));
    return this.#ports;
  }

  /** One of its networks, with its place in a trace. */
  network(index: number): Value {
    const list = placed(this.value.entries.get("cidrs"), this.value, "cidrs");
    const item = list !== undefined && "items" in list ? list.items[index] : undefined;
    if (item === undefined) throw new Error("A rule has other networks in a trace.");
    return item.path === undefined && list?.path !== undefined ? { ...item, path: [...list.path, index] } : item;
  }
}

function concernsOf(rule: ReadRule, asked: Asked): Truth {
  const direction = typeof rule.direction === "string" ? rule.direction === asked.direction : rule.direction;
  if (direction === false) return false;
  const protocol = typeof rule.protocol === "string" ? rule.protocol === "all" || rule.protocol === asked.protocol : rule.protocol;
  if (protocol === false) return false;
  const asserted = and(direction, and(protocol, hasPort(rule, asked)));
  // Whether it exists at all is open: so is whether it concerns the port.
  return rule.maybe === undefined ? asserted : and(asserted, rule.maybe);
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

/** What a rule says of ports, whichever is asked for. */
interface Ports {
  readonly ranges: readonly PortRange[];
  /** Why there may be more. */
  readonly rest: readonly Reason[];
}

interface PortRange {
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** Why an end is not known. */
  readonly reasons: readonly Reason[];
}

function portsOf(ports: Value | undefined): Ports {
  if (ports === undefined || ports.kind === "null") return { ranges: [], rest: [reason("null operand")] };
  if (ports.kind === "unknown") return { ranges: [], rest: ports.reasons };
  if (!("items" in ports)) return { ranges: [], rest: [reason("error", "ports")] };
  return { ranges: ports.items.map(portRange), rest: ports.rest ?? NO_REASONS };
}

function portRange(range: Value): PortRange {
  const from = range.kind === "object" ? range.entries.get("from") : undefined;
  const to = range.kind === "object" ? range.entries.get("to") : undefined;
  const ends = { from: portNumber(from), to: portNumber(to) };
  if (ends.from !== undefined && ends.to !== undefined) return { ...ends, reasons: NO_REASONS };
  const reasons = [range, from, to].flatMap((one) => (one?.kind === "unknown" ? one.reasons : []));
  return { ...ends, reasons: reasons.length > 0 ? reasons : [reason("null operand")] };
}

function portNumber(value: Value | undefined): number | undefined {
  return value?.kind === "number" ? Number(value.value) : undefined;
}

function hasPort(rule: ReadRule, { protocol, port }: Asked): Truth {
  if (protocol !== "tcp" && protocol !== "udp") return true;
  const { ranges, rest } = rule.ports;
  let open = rest;
  for (const { from, to, reasons } of ranges) {
    if ((from !== undefined && from > port) || (to !== undefined && to < port)) continue;
    if (from !== undefined && to !== undefined) return true;
    open = merge(open, reasons);
  }
  return open.length === 0 ? false : open;
}

function networks(value: Value | undefined): Networks {
  if (value === undefined || value.kind === "null") return { cidrs: [], rest: [] };
  if (value.kind === "unknown") return { cidrs: [], rest: value.reasons };
  if (!("items" in value)) return { cidrs: [], rest: [reason("error", "networks")] };
  let rest: readonly Reason[] = value.rest ?? [];
  const cidrs: { cidr: Cidr; index: number }[] = [];
  value.items.forEach((item, index) => {
    if (item.kind === "unknown") rest = merge(rest, item.reasons);
    if (item.kind !== "string") return;
    const cidr = parseCidr(item.value);
    if (cidr === undefined) {
      rest = merge(rest, [reason("invalid", "not a network in CIDR notation")]);
      return;
    }
    cidrs.push({ cidr, index });
  });
  return { cidrs, rest };
}

/** The rule with the networks that are open, and with the places that it has. */
function narrowed(rule: ReadRule["value"], cidrs: readonly Value[]): Value {
  const { entries } = rule;
  const list: Value = { kind: "list", element: STRING, items: cidrs };
  const narrow = (before: Value | undefined): Value => (before?.path === undefined ? list : { ...list, path: before.path });
  const plain = new Map(plainEntries(entries));
  if (!(entries instanceof PlacedEntries)) {
    plain.set("cidrs", narrow(plain.get("cidrs")));
    return { ...rule, entries: plain };
  }
  plain.set("cidrs", list);
  // Of the other fields, few are looked at.
  const place = (field: Value, name: string): Value =>
    name === "cidrs" ? narrow(entries.get(name)) : (entries.get(name) ?? field);
  return { ...rule, entries: new PlacedEntries(plain, place, isBrief(entries)) };
}

function lowerCase(value: Value | undefined): string | readonly Reason[] {
  if (value?.kind === "string") return value.value.toLowerCase();
  if (value?.kind === "unknown") return value.reasons;
  return [reason("null operand")];
}

function and(a: Truth, b: Truth): Truth {
  if (a === false || b === false) return false;
  if (a === true) return b;
  return b === true ? a : merge(a, b);
}

function merge(a: readonly Reason[], b: readonly Reason[]): readonly Reason[] {
  if (b.length === 0) return a;
  const merged = [...a];
  for (const one of b) if (!merged.some((other) => other.kind === one.kind && other.detail === one.detail)) merged.push(one);
  return merged;
}
