/** Whether a pattern with `*` and `?` matches a text, letter case aside; linear in both. */
export function globMatches(pattern: string, text: string): boolean {
  if (begin(pattern, text)) return matches(pattern.toLowerCase(), text.toLowerCase());
  return false;
}

/** Whether their first characters may match: most patterns are asked about actions of other services. */
function begin(pattern: string, text: string): boolean {
  const length = Math.min(pattern.length, text.length, 4);
  for (let i = 0; i < length; i++) {
    const p = pattern.charCodeAt(i);
    if (p === STAR) return true;
    const t = text.charCodeAt(i);
    if (p === t || p === QUESTION) continue;
    // Letters of other scripts change their number when they are written small.
    if (p > 127 || t > 127) return true;
    if ((p | 32) !== (t | 32)) return false;
  }
  return true;
}

const STAR = 42;
const QUESTION = 63;

function matches(p: string, t: string): boolean {
  let i = 0;
  let j = 0;
  let star = -1;
  let mark = 0;
  while (j < t.length) {
    if (p[i] === "*") {
      star = i++;
      mark = j;
    } else if (i < p.length && (p[i] === "?" || p[i] === t[j])) {
      i++;
      j++;
    } else if (star >= 0) {
      i = star + 1;
      j = ++mark;
    } else return false;
  }
  while (p[i] === "*") i++;
  return i === p.length;
}

/** `*`, `*:*`: every action of every service. */
export function isEveryAction(action: string): boolean {
  return /^\*(?::\*)?$/.test(action) || /^\*+$/.test(action);
}

/** `s3:*`, `name/cos:*`. */
export function isEveryActionOfService(action: string): boolean {
  return /^[\w-]+:\*+$/.test(action);
}

/** Every resource: `*`, or a name in the cloud's form of which no segment says more. */
export function isEveryResource(resource: string): boolean {
  return /^\*+$/.test(resource) || /^(?:arn:(?:aws[\w-]*|\*)|acs|qcs):[:*]*(?:\*(?:\/\*)?)$/.test(resource);
}

/** Every resource, or every one of a kind: `arn:aws:iam::111122223333:role/*`, `acs:ram:*:*:role/*`, not the objects of one bucket. */
export function isBroadResource(resource: string): boolean {
  if (isEveryResource(resource)) return true;
  const named = segments(resource);
  if (named === undefined) return false;
  if (BUCKETS.has(named.service)) return /^\*+(?:\/\*+)?$/.test(named.rest);
  return /^(?:\*|[\w-]+(?:[/:]\*)+)$/.test(named.rest);
}

/** Every resource of one service at least: `qcs::cvm:*:*:*`. */
export function isWholeService(resource: string): boolean {
  return isEveryResource(resource) || /^\*+(?:\/\*+)?$/.test(segments(resource)?.rest ?? "");
}

/** Services whose resources begin with a name that people choose, not with a kind. */
const BUCKETS = new Set(["s3", "oss", "cos"]);

/** `arn:partition:service:region:account:rest`, `qcs:project:service:region:account:rest`, `acs:service:region:account:rest`. */
function segments(resource: string): { readonly service: string; readonly rest: string } | undefined {
  const match = /^(?:(?:arn|qcs):[^:]*|acs):([^:]*):[^:]*:[^:]*:(.+)$/is.exec(resource);
  return match === null ? undefined : { service: (match[1] ?? "").toLowerCase(), rest: match[2] ?? "" };
}

/** Every object of a bucket, not those under a prefix: `*`, `arn:aws:s3:::example/*`, `acs:oss:*:*:example*`. */
export function isEveryObject(resource: string): boolean {
  return /^[^/]*(?:\/?\*+)$/.test(resource.slice(resource.lastIndexOf(":") + 1));
}
