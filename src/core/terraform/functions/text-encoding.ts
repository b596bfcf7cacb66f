import { string, STRING, unknown } from "../../values/make.ts";
import { fail, type FunctionTable } from "./definition.ts";
import { base64, bytesOf, decodeBase64Bytes } from "./encoding.ts";
import { textOf } from "./string.ts";

/** A character set by its IANA name; a table has the character of every byte, "" for none. */
type Encoding =
  | { readonly kind: "utf-8" }
  | { readonly kind: "utf-16"; readonly big: boolean; readonly mark: boolean }
  | { readonly kind: "table"; readonly characters: readonly string[] };

const two = [{ type: STRING }, { type: STRING }] as const;

/** Names and the aliases in use, of https://www.iana.org/assignments/character-sets */
const aliases: Readonly<Record<string, readonly string[]>> = {
  "us-ascii": ["ascii", "ansi_x3.4-1968", "iso646-us", "us", "csascii", "cp367", "ibm367"],
  "iso-8859-1": ["iso_8859-1", "iso_8859-1:1987", "latin1", "l1", "iso-ir-100", "ibm819", "cp819", "csisolatin1"],
  "iso-8859-2": ["iso_8859-2", "iso_8859-2:1987", "latin2", "l2"],
  "iso-8859-3": ["iso_8859-3", "iso_8859-3:1988", "latin3", "l3"],
  "iso-8859-4": ["iso_8859-4", "iso_8859-4:1988", "latin4", "l4"],
  "iso-8859-5": ["iso_8859-5", "iso_8859-5:1988", "cyrillic"],
  "iso-8859-7": ["iso_8859-7", "iso_8859-7:1987", "greek", "greek8"],
  "iso-8859-9": ["iso_8859-9", "iso_8859-9:1989", "latin5", "l5"],
  "iso-8859-10": ["iso_8859-10:1992", "latin6", "l6"],
  "iso-8859-13": [],
  "iso-8859-14": ["iso_8859-14", "iso_8859-14:1998", "latin8", "l8"],
  "iso-8859-15": ["iso_8859-15", "latin-9"],
  "iso-8859-16": ["iso_8859-16", "iso_8859-16:2001", "latin10", "l10"],
  "koi8-r": ["cskoi8r"],
  "koi8-u": [],
  macintosh: ["mac", "csmacintosh"],
  "windows-1250": ["cswindows1250"],
  "windows-1251": ["cswindows1251"],
  "windows-1252": ["cswindows1252"],
  "windows-1253": ["cswindows1253"],
  "windows-1254": ["cswindows1254"],
  "windows-1255": ["cswindows1255"],
  "windows-1256": ["cswindows1256"],
  "windows-1257": ["cswindows1257"],
  "windows-1258": ["cswindows1258"],
};

const names: ReadonlyMap<string, string> = new Map(
  Object.entries(aliases).flatMap(([name, others]) => [name, ...others].map((other) => [other, name] as const)),
);

/** Sets of many bytes a character: named, and not evaluated. */
const manyBytes: ReadonlySet<string> = new Set([
  "big5",
  "euc-jp",
  "euc-kr",
  "gb18030",
  "gb2312",
  "gbk",
  "hz-gb-2312",
  "iso-2022-jp",
  "shift_jis",
  "iso-8859-6",
  "iso-8859-8",
  "tis-620",
  "ibm437",
  "ibm850",
  "ibm852",
  "ibm855",
  "ibm858",
  "ibm860",
  "ibm862",
  "ibm863",
  "ibm865",
  "ibm866",
  "ibm037",
  "ibm1047",
  "ibm01140",
]);

const tables = new Map<string, readonly string[]>();

function encodingOf(label: string): Encoding | "unsupported" | undefined {
  const wanted = label.toLowerCase();
  if (wanted === "utf-8" || wanted === "csutf8") return { kind: "utf-8" };
  if (wanted === "utf-16" || wanted === "csutf16") return { kind: "utf-16", big: true, mark: true };
  if (wanted === "utf-16be" || wanted === "csutf16be") return { kind: "utf-16", big: true, mark: false };
  if (wanted === "utf-16le" || wanted === "csutf16le") return { kind: "utf-16", big: false, mark: false };
  if (manyBytes.has(wanted)) return "unsupported";
  const name = names.get(wanted);
  return name === undefined ? undefined : { kind: "table", characters: tableOf(name) };
}

function tableOf(name: string): readonly string[] {
  let table = tables.get(name);
  if (table === undefined) {
    table = Array.from({ length: 256 }, (_, byte) => {
      // The web's decoder takes these two for windows-1252, and iso-8859-9 for windows-1254.
      if (name === "iso-8859-1") return String.fromCharCode(byte);
      if (name === "us-ascii") return byte < 128 ? String.fromCharCode(byte) : "";
      const isControl = byte >= 0x80 && byte < 0xa0;
      if (name === "iso-8859-9" && isControl) return String.fromCharCode(byte);
      const text = new TextDecoder(name).decode(Uint8Array.of(byte));
      // Go leaves out what only the web's tables fill with control characters.
      return text === "\ufffd" || (isControl && text === String.fromCharCode(byte)) ? "" : text;
    });
    tables.set(name, table);
  }
  return table;
}

function encode(text: string, encoding: Encoding): Uint8Array | undefined {
  if (encoding.kind === "utf-8") return bytesOf(text);
  const bytes: number[] = [];
  if (encoding.kind === "table") {
    for (const character of text) {
      const byte = encoding.characters.indexOf(character);
      if (byte < 0) return undefined;
      bytes.push(byte);
    }
    return Uint8Array.from(bytes);
  }
  const units = (encoding.mark ? "\ufeff" : "") + text;
  for (let at = 0; at < units.length; at++) {
    const unit = units.charCodeAt(at);
    bytes.push(...(encoding.big ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8]));
  }
  return Uint8Array.from(bytes);
}

function decode(bytes: Uint8Array, encoding: Encoding): string | undefined {
  if (encoding.kind === "table") {
    let text = "";
    for (const byte of bytes) {
      const character = encoding.characters[byte] ?? "";
      if (character === "") return undefined;
      text += character;
    }
    return text;
  }
  const marked = encoding.kind === "utf-16" && encoding.mark && bytes[0] === 0xff && bytes[1] === 0xfe;
  const label = encoding.kind === "utf-8" ? "utf-8" : encoding.big && !marked ? "utf-16be" : "utf-16le";
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: !(encoding.kind === "utf-16" && encoding.mark) }).decode(bytes);
  } catch {
    return undefined;
  }
}

export const textEncodingFunctions: FunctionTable = {
  textencodebase64: {
    parameters: two,
    result: STRING,
    run: ([text, name]) => {
      const encoding = encodingOf(textOf(name));
      if (encoding === undefined) return fail("there is no character encoding of that name");
      if (encoding === "unsupported") return unknown(STRING, { kind: "unsupported", detail: `encoding ${textOf(name)}` });
      const bytes = encode(textOf(text), encoding);
      return bytes === undefined ? fail("the text has characters that the encoding lacks") : string(base64(bytes));
    },
  },
  textdecodebase64: {
    parameters: two,
    result: STRING,
    run: ([source, name]) => {
      const encoding = encodingOf(textOf(name));
      if (encoding === undefined) return fail("there is no character encoding of that name");
      const bytes = decodeBase64Bytes(textOf(source));
      if (bytes === undefined) return fail("the text is no base64");
      if (encoding === "unsupported") return unknown(STRING, { kind: "unsupported", detail: `encoding ${textOf(name)}` });
      const text = decode(bytes, encoding);
      return text === undefined || text.includes("\ufffd") ? fail("the bytes are no text of the encoding") : string(text);
    },
  },
};
