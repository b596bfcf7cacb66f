import { bool, BOOL, string, STRING, unknown } from "../../values/make.ts";
import { fail, type FunctionTable } from "./definition.ts";
import { decodeBase64Bytes } from "./encoding.ts";
import { prefixContains } from "./network.ts";
import { textOf } from "./string.ts";

/**
 * What OpenTofu has beside terraform's functions: https://opentofu.org/docs/language/functions/
 * A configuration is not asked which of the two applies it, so these are known everywhere.
 */
export const tofuFunctions: FunctionTable = {
  base64gunzip: {
    parameters: [{ type: STRING }],
    result: STRING,
    run: ([text]) =>
      decodeBase64Bytes(textOf(text)) === undefined
        ? fail("the text is no base64")
        : unknown(STRING, { kind: "unsupported", detail: "function base64gunzip" }),
  },
  cidrcontains: {
    parameters: [{ type: STRING }, { type: STRING }],
    result: BOOL,
    run: ([prefix, inner]) => {
      const contains = prefixContains(textOf(prefix), textOf(inner));
      return typeof contains === "boolean" ? bool(contains) : contains;
    },
  },
  urldecode: {
    parameters: [{ type: STRING }],
    result: STRING,
    run: ([text]) => {
      try {
        return string(decodeURIComponent(textOf(text).replaceAll("+", "%20")));
      } catch {
        return fail("the text is no URL encoding of UTF-8");
      }
    },
  },
};
