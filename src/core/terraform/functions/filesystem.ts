import { parseTemplateText } from "../../hcl/parse.ts";
import { joinPath } from "../../text/path.ts";
import { bool, BOOL, DYNAMIC, setOf, string, STRING, unknown } from "../../values/make.ts";
import type { Type, Value } from "../../values/value.ts";
import type { Evaluate, EvaluationScope } from "../scope.ts";
import { renderParts } from "../templates.ts";
import { fail, type Failure, type FunctionDefinition, type FunctionTable } from "./definition.ts";
import { base64, bytesOf } from "./encoding.ts";
import { digests, hex } from "./hash.ts";
import { textOf } from "./string.ts";

const path = [{ type: STRING }] as const;

function resolve(scope: EvaluationScope, text: string): string {
  return joinPath(scope.files.workingDirectory, text);
}

function withText(type: Type, use: (text: string) => Value | Failure): FunctionDefinition {
  return {
    parameters: path,
    result: type,
    run: ([name], scope) => {
      const content = scope.files.read(resolve(scope, textOf(name)));
      if ("text" in content) return use(content.text);
      if ("absent" in content) return fail("there is no such file");
      return unknown(type, content.unknown);
    },
  };
}

export const fileFunctions: FunctionTable = {
  file: withText(STRING, string),
  filebase64: withText(STRING, (text) => string(base64(bytesOf(text)))),
  filemd5: withText(STRING, (text) => string(hex(digests.md5, text))),
  filesha1: withText(STRING, (text) => string(hex(digests.sha1, text))),
  filesha256: withText(STRING, (text) => string(hex(digests.sha256, text))),
  filesha512: withText(STRING, (text) => string(hex(digests.sha512, text))),
  filebase64sha256: withText(STRING, (text) => string(base64(digests.sha256(bytesOf(text))))),
  filebase64sha512: withText(STRING, (text) => string(base64(digests.sha512(bytesOf(text))))),
  fileexists: {
    parameters: path,
    result: BOOL,
    run: ([name], scope) => {
      const file = resolve(scope, textOf(name));
      if (file === scope.files.workingDirectory) return fail("this is a directory");
      const content = scope.files.read(file);
      if ("unknown" in content) return unknown(BOOL, content.unknown);
      return bool("text" in content);
    },
  },
  fileset: {
    parameters: [{ type: STRING }, { type: STRING }],
    result: setOf(STRING),
    run: ([directory, pattern], scope) => {
      const matches = globPattern(textOf(pattern));
      if (matches === undefined) return fail("the pattern has a bracket that is not closed");
      const content = scope.files.list(resolve(scope, textOf(directory)), /\/|\*\*/.test(textOf(pattern)));
      if ("unknown" in content) return unknown(setOf(STRING), content.unknown);
      return {
        kind: "set",
        element: STRING,
        items: content.files
          .filter((name) => matches.test(name))
          .sort()
          .map(string),
      };
    },
  },
  templatefile: {
    parameters: [{ type: STRING }, { type: DYNAMIC }],
    result: DYNAMIC,
    maybeNull: true,
    run: ([name, variables], scope, evaluate) => {
      const content = scope.files.read(resolve(scope, textOf(name)));
      if ("absent" in content) return fail("there is no such file");
      if ("unknown" in content) return unknown(STRING, content.unknown);
      return renderWith(content.text, variables, scope, evaluate);
    },
  },
  templatestring: {
    parameters: [{ type: STRING }, { type: DYNAMIC }],
    result: STRING,
    run: ([text, variables], scope, evaluate) => renderWith(textOf(text), variables, scope, evaluate),
  },
  abspath: { parameters: path, result: STRING, run: ([name], scope) => string(resolve(scope, textOf(name))) },
  basename: {
    parameters: path,
    result: STRING,
    run: ([name]) => string(textOf(name).replace(/\/+$/, "").replace(/^.*\//, "") || (textOf(name).startsWith("/") ? "/" : ".")),
  },
  dirname: {
    parameters: path,
    result: STRING,
    run: ([name]) => {
      const text = textOf(name);
      const slash = text.lastIndexOf("/");
      if (slash < 0) return string(".");
      const directory = text.slice(0, slash);
      return string(
        directory === "" ? "/" : directory.startsWith("/") ? joinPath("/", directory) : joinPath("/", directory).slice(1) || ".",
      );
    },
  },
  pathexpand: {
    parameters: path,
    result: STRING,
    // The home directory is the applying machine's.
    run: ([name]) =>
      textOf(name).startsWith("~") ? unknown(STRING, { kind: "computed", detail: "home directory" }) : string(textOf(name)),
  },
};

const IDENTIFIER = /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u;

function renderWith(text: string, variables: Value | undefined, scope: EvaluationScope, evaluate: Evaluate): Value | Failure {
  const names = variables?.kind === "map" || variables?.kind === "object" ? variables.entries : undefined;
  if (names === undefined) return fail("the second argument must be an object");
  for (const name of names.keys())
    if (!IDENTIFIER.test(name)) return fail("the name of a template's variable must be an identifier");
  const parsed = parseTemplateText(text);
  if (parsed.problems.length > 0) return fail("the template can't be read");
  const inner: EvaluationScope = {
    ...scope,
    root: (name) => {
      const value = names.get(name);
      return value === undefined ? undefined : { kind: "value", value };
    },
    problem: (range, code, message) => scope.problem(range, code, message),
  };
  return renderParts(parsed.parts, inner, evaluate);
}

/** Terraform's fileset patterns: `*`, `**`, `?`, `[a-z]`, `{a,b}`. */
function globPattern(pattern: string): RegExp | undefined {
  let source = "";
  let alternatives = 0;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (pattern.startsWith("**/", at)) {
      source += "(?:.*/)?";
      at += 2;
    } else if (pattern.startsWith("**", at)) {
      source += ".*";
      at++;
    } else if (character === "*") source += "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (character === "[") {
      const end = pattern.indexOf("]", at + 2);
      if (end < 0) return undefined;
      const members = pattern.slice(at + 1, end);
      source += `[${members.startsWith("^") ? "^" : ""}${literal(members.replace(/^\^/, ""))}]`;
      at = end;
    } else if (character === "{") {
      alternatives++;
      source += "(?:";
    } else if (character === "}" && alternatives > 0) {
      alternatives--;
      source += ")";
    } else if (character === "," && alternatives > 0) source += "|";
    else if (character === "\\" && at + 1 < pattern.length) source += literal(pattern.charAt(++at));
    else source += literal(character);
  }
  try {
    return alternatives > 0 ? undefined : new RegExp(`^${source}$`, "u");
  } catch {
    return undefined;
  }
}

function literal(text: string): string {
  return text.replaceAll(/[.+^$()|\\[\]{}*?/]/g, "\\$&");
}
