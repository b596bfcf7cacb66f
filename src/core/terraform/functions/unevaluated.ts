import { decodeBase64Bytes } from "./encoding.ts";
import { NUMBER, STRING, unknown } from "../../values/make.ts";
import type { Value } from "../../values/value.ts";
import { fail, type Failure, type FunctionTable } from "./definition.ts";
import { textOf } from "./string.ts";

const one = [{ type: STRING }] as const;

function computed(name: string): Value {
  return unknown(STRING, { kind: "computed", detail: `${name}()` });
}

function unsupported(name: string): Value {
  return unknown(STRING, { kind: "unsupported", detail: `function ${name}` });
}

/** Functions whose result no file tells: arguments are checked all the same. */
export const unevaluatedFunctions: FunctionTable = {
  // Different from run to run.
  timestamp: { parameters: [], result: STRING, run: () => computed("timestamp") },
  plantimestamp: { parameters: [], result: STRING, run: () => computed("plantimestamp") },
  uuid: { parameters: [], result: STRING, run: () => computed("uuid") },
  bcrypt: {
    parameters: one,
    variadic: { type: NUMBER },
    result: STRING,
    run: (values): Value | Failure => (values.length > 2 ? fail("it takes at most two arguments") : computed("bcrypt")),
  },
  // The compressed bytes are those of Go's compressor, which no library here writes.
  base64gzip: {
    parameters: one,
    result: STRING,
    run: () => unsupported("base64gzip"),
  },
  // It needs the private key, which has no place in a configuration.
  rsadecrypt: {
    parameters: [{ type: STRING }, { type: STRING }],
    result: STRING,
    run: ([text, key]) => {
      if (decodeBase64Bytes(textOf(text)) === undefined) return fail("the text is no base64");
      if (!textOf(key).includes("-----BEGIN ")) return fail("the key is no private key");
      return unsupported("rsadecrypt");
    },
  },
};
