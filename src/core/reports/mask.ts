/*
 * Source lines in reports must not carry secrets further than the file that holds them. The checks that look for secrets point at
 * exactly such lines.
 */

const secretName =
  /(?:passw(?:or)?d|passphrase|secret|(?<!http_)token|private_?key|access_?key|api_?key|credential|connection_?string|user_?data)/i;
/** Shapes that are secrets whatever they are called. */
const secretShapes = [
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bLTAI[A-Za-z0-9]{12,24}\b/g,
  /\bAKID[A-Za-z0-9]{13,40}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}\b/g,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}\b/g,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/g,
  /(?<=:\/\/[^\s:/@]{1,64}:)[^\s@/]{1,256}(?=@)/g,
];
const keyBlock = /-----(?:BEGIN|END)[A-Z ]+-----|^\s*[A-Za-z0-9+/]{60,}={0,2}\s*$/;

/** The line with whatever may be a secret replaced by as many asterisks, so that columns stay. */
export function maskLine(line: string): string {
  if (keyBlock.test(line)) return line.replaceAll(/\S/g, "*");
  let masked = line;
  const assignment = /^(.*?[\w"'\]-])(\s*[=:]\s*)(.*)$/.exec(line);
  if (assignment !== null) {
    const [, name = "", sign = "", value = ""] = assignment;
    if (secretName.test(name)) masked = name + sign + maskValue(value);
  }
  for (const shape of secretShapes) masked = masked.replaceAll(shape, (text) => "*".repeat(text.length));
  return masked;
}

/** Quoted texts without references, and bare words behind `export X=`; a reference to a variable is no secret. */
function maskValue(value: string): string {
  // Numbers and booleans: the length of a password, not a password.
  if (/^(?:-?\d+(?:\.\d+)?|true|false|null)\s*(?:#.*|\/\/.*)?$/.test(value)) return value;
  if (/"/.test(value))
    return value.replaceAll(/"((?:[^"\\$%]|\\.|\$(?!\{)|%(?!\{))*)"/g, (_, text: string) => `"${"*".repeat(text.length)}"`);
  if (
    /^(?:var|local|data|module|each|random_password|null|true|false|<<|\[|\{|\()/.test(value) ||
    /^[\w.[\]*]+\.[\w.[\]*]+$/.test(value)
  )
    return value;
  return value.replaceAll(/[^\s'",;]/g, "*");
}

/** A value of that name, as a report may show it. */
export function maskNamed(name: string, text: string): string {
  if (text !== "" && secretName.test(name) && !/^(?:-?\d+(?:\.\d+)?|true|false)$/.test(text)) return "(masked)";
  let masked = text.replaceAll(/-----BEGIN[A-Z ]+-----[\s\S]*?(?:-----END[A-Z ]+-----|$)/g, "(masked)");
  for (const shape of secretShapes) masked = masked.replaceAll(shape, "(masked)");
  return masked;
}
