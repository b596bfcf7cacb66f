import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { string, STRING } from "../../values/make.ts";
import { fail, type FunctionDefinition, type FunctionTable } from "./definition.ts";
import { base64, bytesOf } from "./encoding.ts";
import { textOf } from "./string.ts";

type Digest = (bytes: Uint8Array) => Uint8Array;

export const digests: Readonly<Record<"md5" | "sha1" | "sha256" | "sha512", Digest>> = { md5, sha1, sha256, sha512 };

export function hex(digest: Digest, text: string): string {
  return bytesToHex(digest(bytesOf(text)));
}

function hexOf(digest: Digest): FunctionDefinition {
  return { parameters: [{ type: STRING }], result: STRING, run: ([text]) => string(hex(digest, textOf(text))) };
}

function base64Of(digest: Digest): FunctionDefinition {
  return { parameters: [{ type: STRING }], result: STRING, run: ([text]) => string(base64(digest(bytesOf(textOf(text))))) };
}

const namespaces: Readonly<Record<string, string>> = {
  dns: "6ba7b8109dad11d180b400c04fd430c8",
  url: "6ba7b8119dad11d180b400c04fd430c8",
  oid: "6ba7b8129dad11d180b400c04fd430c8",
  x500: "6ba7b8149dad11d180b400c04fd430c8",
};

export const hashFunctions: FunctionTable = {
  md5: hexOf(md5),
  sha1: hexOf(sha1),
  sha256: hexOf(sha256),
  sha512: hexOf(sha512),
  base64sha256: base64Of(sha256),
  base64sha512: base64Of(sha512),
  uuidv5: {
    parameters: [{ type: STRING }, { type: STRING }],
    result: STRING,
    run: ([namespace, name]) => {
      const space = namespaces[textOf(namespace)] ?? textOf(namespace).replaceAll("-", "").toLowerCase();
      if (!/^[0-9a-f]{32}$/.test(space)) return fail("the namespace is no UUID");
      const bytes = sha1(Uint8Array.from([...hexToBytes(space), ...bytesOf(textOf(name))])).slice(0, 16);
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
      const text = bytesToHex(bytes);
      return string([text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-"));
    },
  },
};
