import { reason, STRING, string, unknown } from "../values/make.ts";
import type { Value } from "../values/value.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The text that base64 (standard or URL alphabet) holds; unknown("invalid") for anything else. */
export function decodeBase64(text: string): Value {
  const written = text
    .replace(/[\s=]+/g, "")
    .replaceAll("-", "+")
    .replaceAll("_", "/");
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const c of written) {
    const six = ALPHABET.indexOf(c);
    if (six < 0) return unknown(STRING, reason("invalid", "not base64"));
    bits = ((bits << 6) | six) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push((bits >> held) & 0xff);
    }
  }
  return string(utf8(bytes));
}

/** Bytes that are no UTF-8 become U+FFFD, so that secrets beside binary content are still found. */
function utf8(bytes: readonly number[]): string {
  let text = "";
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i] ?? 0;
    const length = first < 0x80 ? 1 : first >= 0xf0 && first < 0xf8 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
    let code = length === 1 ? first : length === 2 ? first & 0x1f : length === 3 ? first & 0x0f : first & 0x07;
    let valid = length > 0 && first < 0xf8;
    for (let k = 1; k < length && valid; k++) {
      const next = bytes[i + k] ?? 0;
      if ((next & 0xc0) !== 0x80) valid = false;
      code = (code << 6) | (next & 0x3f);
    }
    if (valid && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)) {
      text += String.fromCodePoint(code);
      i += length;
    } else {
      text += "\uFFFD";
      i++;
    }
  }
  return text;
}
