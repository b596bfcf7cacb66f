import { didYouMean } from "../text/nearest.ts";
import { BOOL, DYNAMIC, listOf, NUMBER, objectOf, STRING } from "../values/make.ts";
import { typeName } from "../values/type.ts";
import type { Type } from "../values/value.ts";
import type { StaticType } from "./program.ts";

/** What `cidr(s)` gives. */
export const CIDR: Type = objectOf(
  new Map([
    ["text", STRING],
    ["prefix", NUMBER],
    ["private", BOOL],
  ]),
);

/** What `version(s)` gives. */
export const VERSION: Type = objectOf(
  new Map([
    ["text", STRING],
    ["major", NUMBER],
    ["minor", NUMBER],
  ]),
);

const CONDITION: Type = objectOf(
  new Map([
    ["operator", STRING],
    ["key", STRING],
    ["values", listOf(STRING)],
  ]),
);

const PRINCIPAL: Type = STRING;

export const STATEMENT: Type = objectOf(
  new Map<string, Type>([
    ["effect", STRING],
    ["actions", listOf(STRING)],
    ["notActions", listOf(STRING)],
    ["resources", listOf(STRING)],
    ["notResources", listOf(STRING)],
    ["principals", listOf(PRINCIPAL)],
    ["notPrincipals", listOf(PRINCIPAL)],
    ["conditions", listOf(CONDITION)],
    ["narrowedBy", listOf(STRING)],
  ]),
);

/** What `policy(document)` gives. `document` is what it was made from. */
export const POLICY: Type = objectOf(
  new Map<string, Type>([
    ["document", DYNAMIC],
    ["version", STRING],
    ["statements", listOf(STATEMENT)],
    ["publicStatements", listOf(STATEMENT)],
    ["wildcards", listOf(STATEMENT)],
    ["admin", BOOL],
    ["escalations", listOf(STRING)],
    ["deniesInsecureTransport", BOOL],
    ["deniesWithoutMfa", BOOL],
    ["serviceWildcards", listOf(STRING)],
    ["services", listOf(STRING)],
    ["broadWrites", listOf(STRING)],
    ["credentialExposing", listOf(STRING)],
    ["dataExfiltrating", listOf(STRING)],
    ["permissionsManagement", listOf(STRING)],
    [
      "crossAccountTrust",
      listOf(
        objectOf(
          new Map([
            ["account", STRING],
            ["principal", STRING],
          ]),
        ),
      ),
    ],
    ["serviceConfusion", listOf(objectOf(new Map([["service", STRING]])))],
  ]),
);

export const SECRETS: Type = listOf(
  objectOf(
    new Map([
      ["kind", STRING],
      ["line", NUMBER],
    ]),
  ),
);

export const PORTS: Type = listOf(
  objectOf(
    new Map([
      ["from", NUMBER],
      ["to", NUMBER],
    ]),
  ),
);

/** For people. */
export function staticTypeName(type: StaticType): string {
  if (type.kind === "instance") return type.types.join(" or ");
  if (type.kind === "instances") return `list of ${type.of.types.join(" or ")}`;
  if (type === CIDR || type === VERSION || type === POLICY) return type === CIDR ? "cidr" : type === VERSION ? "version" : "policy";
  return type.kind === "object" ? "block" : typeName(type);
}

/** Whether values of the two types can be equal. */
export function comparable(a: StaticType, b: StaticType): boolean {
  if (a.kind === "dynamic" || b.kind === "dynamic") return true;
  if (a.kind === "instance" || b.kind === "instance") return a.kind === b.kind;
  if (a.kind === "instances" || b.kind === "instances") return a.kind === b.kind || isSequence(a.kind === "instances" ? b : a);
  if (isSequence(a) && isSequence(b)) {
    const x = elementType(a);
    const y = elementType(b);
    return x === undefined || y === undefined || comparable(x, y);
  }
  if (a.kind === "map" || a.kind === "object") return b.kind === "map" || b.kind === "object";
  return a.kind === b.kind;
}

function isSequence(type: StaticType): boolean {
  return type.kind === "list" || type.kind === "set" || type.kind === "tuple" || type.kind === "instances";
}

/** Type of the elements that a quantifier visits: of a map its keys. undefined: not a list. */
export function elementType(type: StaticType): StaticType | undefined {
  switch (type.kind) {
    case "instances":
      return type.of;
    case "list":
    case "set":
      return type.element;
    case "tuple":
      return type.elements.length === 0 ? DYNAMIC : commonType(type.elements);
    case "map":
      return STRING;
    case "dynamic":
      return DYNAMIC;
    default:
      return undefined;
  }
}

export function listType(element: StaticType): StaticType {
  if (element.kind === "instance") return { kind: "instances", of: element };
  if (element.kind === "instances") return element;
  return listOf(element);
}

export function commonType(types: readonly StaticType[]): StaticType {
  const known = types.filter((type) => type.kind !== "dynamic");
  const [first, ...others] = known;
  if (first === undefined) return DYNAMIC;
  return others.every((other) => sameShape(first, other)) ? first : DYNAMIC;
}

/** Same kind and members: what one lets you select, the other does too. */
export function sameShape(a: StaticType, b: StaticType): boolean {
  if (a === b) return true;
  if (a.kind === "instance") return b.kind === "instance" && a.types.join() === b.types.join();
  if (a.kind === "instances") return b.kind === "instances" && sameShape(a.of, b.of);
  if (b.kind === "instance" || b.kind === "instances") return false;
  if (a.kind === "object") {
    return (
      b.kind === "object" &&
      a.attributes.size === b.attributes.size &&
      [...a.attributes.keys()].every((key) => b.attributes.has(key))
    );
  }
  const x = elementType(a);
  const y = elementType(b);
  if (x !== undefined && y !== undefined) return sameShape(x, y);
  return a.kind === b.kind;
}

/** What selecting `name` from a value of `type` gives; a path through lists visits every element. */
export function selectType(type: StaticType, name: string): StaticType | { readonly problem: string } {
  switch (type.kind) {
    case "dynamic":
      return DYNAMIC;
    case "map":
      return type.element;
    case "object": {
      const found = type.attributes.get(name);
      if (found !== undefined) return found;
      return { problem: `There is no \`${name}\` here.${didYouMean(name, type.attributes.keys())}` };
    }
    case "instance": {
      const found = type.select(name);
      if (found !== undefined) return found;
      return { problem: `\`${type.types.join(", ")}\` has no \`${name}\`.${didYouMean(name, type.names?.() ?? [])}` };
    }
    case "instances":
    case "list":
    case "set": {
      const element = type.kind === "instances" ? type.of : type.element;
      const inner = selectType(element, name);
      if ("problem" in inner) return inner;
      return listType(inner.kind === "list" || inner.kind === "set" ? inner.element : inner);
    }
    default:
      return { problem: `A ${staticTypeName(type)} has no \`${name}\`.` };
  }
}
