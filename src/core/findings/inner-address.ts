/** A step of a resource address: a name, or an instance key with its brackets. */
const step = /\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]|[^.[\]]+/g;

/**
 * Whether `inner`, an address written in an ignore comment, covers `address`, both relative to the same module or block. A step
 * without a key covers every key, and an address covers what lies inside it: `module.a` covers `module.a["x"].aws_s3_bucket.b[0]`.
 */
export function coversAddress(inner: string, address: string): boolean {
  const wanted = inner.match(step) ?? [];
  const steps = address.match(step) ?? [];
  let at = 0;
  for (const want of wanted) {
    while (!want.startsWith("[") && steps[at]?.startsWith("[") === true) at++;
    if (steps[at] !== want) return false;
    at++;
  }
  return wanted.length > 0;
}

/** The value of `address=` in a comment: up to white space that no quotes or brackets hold. */
export const addressOption = /(?:^|\s)address=((?:"[^"]*"|\[(?:"[^"]*"|[^\]"])*\]|[^\s"[\]])*)/;
