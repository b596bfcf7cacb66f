import { WorkspaceCosts } from "../../src/core/inspection/live-cost.ts";
import type { CheckItem } from "../../src/core/checks/model.ts";
import type { Language } from "../../src/core/text/language.ts";
import type { Finding, Report } from "../../src/core/findings/model.ts";
import type { Service } from "../../src/core/service.ts";
import { parseFile } from "../../src/core/hcl/parse.ts";
import type { ReadRequest } from "../../src/core/terraform/model.ts";
import { spotAt } from "../../src/core/terraform/spot.ts";
import { directoryOf, isInside, joinPath } from "../../src/core/text/path.ts";
import type { FilePath, Problem, TextRange, WorkspaceEdit } from "../../src/core/text/text.ts";
import { string } from "../../src/core/values/make.ts";

/**
 * A service with one check: `acl` must not be "public-read". It knows literals, `var.<name>` with a default in the same directory and
 * `file("…")`; it is for what the server does around a service, so it can be told to be slow (`# slow`) and to break (`# broken`).
 */
export function fakeService(language: Language = "en"): Service {
  const message = language === "zh-cn" ? "所有人都可以读取。" : "Everyone can read it.";
  const texts = new Map<FilePath, string>();
  let folders: readonly FilePath[] = [];
  let wanted: ReadRequest[] = [];
  let trusted: boolean | undefined;
  const known = new Set<FilePath>();

  const evaluate = (file: FilePath, expression: string): { value: string; file: FilePath; range: TextRange } | undefined => {
    const literal = /^"([^"]*)"$/.exec(expression);
    if (literal !== null) return { value: literal[1] ?? "", file, range: { start: 0, end: expression.length } };
    const read = /^file\("([^"]*)"\)$/.exec(expression);
    if (read !== null) {
      const path = joinPath(directoryOf(file), read[1] ?? "");
      const text = texts.get(path);
      if (text === undefined && !known.has(path)) wanted.push({ kind: "file", path });
      return text === undefined ? undefined : { value: text.trim(), file, range: { start: 0, end: expression.length } };
    }
    const name = /^var\.(\w+)$/.exec(expression)?.[1];
    for (const [path, text] of texts) {
      if (directoryOf(path) !== directoryOf(file)) continue;
      const match = new RegExp(`variable "${name ?? ""}" \\{\\s*default\\s*= ("[^"]*")`, "d").exec(text);
      const place = match?.indices?.[1];
      if (match?.[1] !== undefined && place !== undefined) {
        return { value: match[1].slice(1, -1), file: path, range: { start: place[0], end: place[1] } };
      }
    }
    return undefined;
  };

  const look = (): { findings: Finding[]; problems: Problem[] } => {
    const findings: Finding[] = [];
    const problems: Problem[] = [];
    wanted = [];
    for (const [file, text] of [...texts].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!file.endsWith(".tf") || !folders.some((folder) => isInside(file, folder))) continue;
      for (const match of text.matchAll(/^(.*)\bacl\s*=\s*(\S.*?)[ \t]*\r?$/gm)) {
        if (text.slice(0, match.index).trimEnd().endsWith("accepted")) continue;
        const expression = match[2] ?? "";
        const start = match.index + match[0].lastIndexOf(expression);
        const found = evaluate(file, expression);
        if (found?.value !== "public-read") continue;
        const range = { start, end: start + expression.length };
        const related =
          found.file === file
            ? []
            : [{ location: { file: found.file, range: found.range }, message: "The value", about: "value" as const }];
        const id = `${file} ${[...text.slice(0, start).matchAll(/acl/g)].length}`;
        findings.push({ id, check: CHECK, location: { file, range }, message, results: [], related });
      }
      const at = text.indexOf("# odd");
      if (at >= 0) problems.push({ file, range: { start: at, end: at + 5 }, severity: "warning", code: "odd", message: "Odd." });
    }
    return { findings, problems };
  };

  const replacement = (finding: Finding, text: string): WorkspaceEdit =>
    new Map([[finding.location.file, [{ range: finding.location.range, newText: text }]]]);

  return {
    setFolders: (next) => (folders = next),
    setFile: (path, content) => {
      known.add(path);
      if (content.kind === "text") texts.set(path, content.text);
      else texts.delete(path);
    },
    setDirectory: () => undefined,
    beside: () => ({ managed: [], drift: [] }),
    managedTypes: () => [],
    costs: () => new WorkspaceCosts([]),
    takeLive: () => ({ wrong: "nothing is live here" }),
    setSnapshot: () => undefined,
    evaluate: () => undefined,
    snapshotText: () => undefined,
    plannedVariables: () => new Map(),
    instances: () => [],
    explain: () => ({ wrong: "" }),
    valueAt: (file, offset) => {
      const text = texts.get(file) ?? "";
      if (text.includes("# no value")) throw new Error("the fake value broke");
      const spot = text.includes("# valued") ? spotAt(parseFile(file, text), offset) : undefined;
      return spot && { spot, text: "", values: [{ root: "", address: "", value: string("worth") }], more: 0 };
    },
    removeFile: (path) => {
      known.delete(path);
      texts.delete(path);
    },
    requests: () => wanted,
    environments: () => ({ names: [], current: undefined }),
    configure: (options) => (trusted = options.trusted ?? trusted),
    async check({ signal, pause } = {}) {
      if ([...texts.values()].some((text) => text.includes("# broken"))) throw new Error("the fake broke");
      const rounds = [...texts.values()].some((text) => text.includes("# slow")) ? 1_000_000_000 : 1;
      for (let n = 0; n < rounds; n++) {
        await pause?.();
        signal?.throwIfAborted();
      }
      const { findings, problems } = look();
      return report(folders, findings, problems, trusted);
    },
    fixes(finding) {
      const start = finding.location.range.start;
      const ask = { label: "ACL", type: "choice", allowed: ["private", "log$"], default: '"private"', file: finding.location.file };
      const text = '{\n    acl = "private"\n  }';
      return [
        { kind: "unavailable", title: "Remove it", why: "It is needed." },
        { kind: "available", title: "Make it $private", safe: true, edit: replacement(finding, '"private"'), asks: [] },
        {
          kind: "available",
          title: "Choose",
          safe: false,
          edit: replacement(finding, text),
          asks: [{ ...ask, range: { start: start + text.indexOf('"'), end: start + text.lastIndexOf('"') + 1 } }],
        },
      ];
    },
    fixAll(file) {
      const edits = new Map<FilePath, { range: TextRange; newText: string }[]>();
      for (const { location } of look().findings) {
        if (file !== undefined && location.file !== file) continue;
        edits.set(location.file, [...(edits.get(location.file) ?? []), { range: location.range, newText: '"private"' }]);
      }
      return edits;
    },
    suppress([finding], reason) {
      if (finding === undefined) return new Map();
      const { file, range } = finding.location;
      const lineStart = (texts.get(file) ?? "").lastIndexOf("\n", range.start) + 1;
      return new Map([[file, [{ range: { start: lineStart, end: lineStart }, newText: `# ${reason} accepted\n` }]]]);
    },
    text: (path) => texts.get(path),
    benchmarks: () => new Map(),
    checks: () => new Map([[CHECK.id, CHECK]]),
  };
}

const CHECK = {
  id: "aws-test-acl",
  cloud: "aws",
  service: "test",
  title: "The bucket is <b>private</b>",
  dimensions: ["security", "ciem"],
  category: "data",
  instance: ["aws_test"],
  risk: "high",
  why: "Everyone on the internet [can](command:evil) read `it`.",
  advice: "Make it private.",
  benchmarks: [],
  references: ["https://example.com/acl", "javascript:alert(1)"],
  fixes: [],
  noFix: undefined,
  parameters: new Map(),
  assert: { source: 'acl != "public-read"' },
  builtIn: false,
  file: "/checks/aws/test/acl.yaml",
} as unknown as CheckItem;

function report(roots: readonly FilePath[], findings: Finding[], problems: Problem[], trusted: boolean | undefined): Report {
  const results = { pass: 0, fail: findings.length, unknown: 0, notApplicable: 0, notChecked: 0, suppressed: 0, known: 0 };
  return {
    roots,
    findings,
    results: [],
    problems,
    coverage: {
      resources: 3,
      assessed: 2,
      unsupported: new Map([["aws_odd_thing", 1]]),
      unreadNames: new Map(),
      results,
      unknownReasons: new Map(),
      checks: 1,
      checksOff: trusted === false ? ["restricted"] : [],
      skippedFiles: [],
      unreadFiles: [],
    },
    hasBaseline: false,
    environments: [],
  };
}
