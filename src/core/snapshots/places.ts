import type { TextRange } from "../text/text.ts";
import type { Path } from "../values/value.ts";

/** Members on the way to resources: everything else is passed over. */
const entered: ReadonlySet<string> = new Set([
  "resource_changes",
  "deferred_changes",
  "resource_change",
  "prior_state",
  "planned_values",
  "values",
  "root_module",
  "child_modules",
  "resources",
  "instances",
]);

/** Where the resources of a plan or state stand in its text: one pass over it, by path. The text is known to be JSON. */
export function resourcePlaces(text: string): ReadonlyMap<string, TextRange> {
  const places = new Map<string, TextRange>();
  let at = 0;

  const blank = (): void => {
    for (let unit = text.charCodeAt(at); unit === 32 || unit === 10 || unit === 13 || unit === 9; unit = text.charCodeAt(at)) at++;
  };
  /** Behind the closing quote. */
  const passString = (): void => {
    for (at = text.indexOf('"', at + 1); at > 0; at = text.indexOf('"', at + 1)) {
      let slashes = 0;
      while (text.charCodeAt(at - 1 - slashes) === 92) slashes++;
      if (slashes % 2 === 0) break;
    }
    at = at < 0 ? text.length : at + 1;
  };
  const pass = (): void => {
    let depth = 0;
    do {
      const unit = text.charCodeAt(at);
      if (unit === 34) passString();
      else {
        if (unit === 123 || unit === 91) depth++;
        else if (unit === 125 || unit === 93) depth--;
        at++;
      }
      // A number or a word ends before what follows it.
      if (depth === 0 && unit !== 123 && unit !== 91) {
        while (at < text.length && !/[\s,}\]]/.test(text.charAt(at)) && unit !== 34 && unit !== 125 && unit !== 93) at++;
        return;
      }
    } while (at < text.length);
  };
  const enter = (path: Path): void => {
    blank();
    const open = text.charAt(at);
    if (open === "[") {
      at++;
      for (let index = 0; ; index++) {
        blank();
        if (at >= text.length || text.charAt(at) === "]") break;
        const inside = [...path, index];
        places.set(placeKey(inside), { start: at, end: at + 1 });
        enter(inside);
        blank();
        if (text.charAt(at) === ",") at++;
      }
      at++;
    } else if (open === "{") {
      at++;
      for (;;) {
        blank();
        if (at >= text.length || text.charAt(at) === "}") break;
        const start = at;
        passString();
        const name = text.slice(start + 1, at - 1);
        blank();
        at++;
        blank();
        const steps = path.at(-1);
        const isResource = typeof steps === "number" && path.at(-2) !== "child_modules" && path.at(-2) !== "deferred_changes";
        if (entered.has(name) && !(isResource && name === "values")) enter([...path, name]);
        else {
          const from = at;
          pass();
          // The address says best which resource it is.
          if (name === "address" && isResource) places.set(placeKey(path), { start: from, end: at });
        }
        blank();
        if (text.charAt(at) === ",") at++;
      }
      at++;
    } else pass();
  };
  enter([]);
  return places;
}

export function placeKey(path: Path): string {
  return path.join("/");
}
