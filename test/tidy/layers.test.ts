import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const root = join(import.meta.dirname, "../..");

/** Rooms of core, lowest first: a room imports from itself and from rooms before it. */
const coreOrder = [
  ["text"],
  ["values"],
  ["hcl", "memo"],
  ["identity", "network", "secrets", "terraform"],
  ["snapshots"],
  ["cel"],
  ["instances"],
  ["checks"],
  ["findings", "configuration", "billing", "accounts"],
  ["fixes", "inspection", "drift"],
  ["reports", "workspace"],
] as const;
const corePackages = new Set(["decimal.js", "re2js", "@marcbachmann/cel-js", "yaml", "jsonc-parser", "fflate"]);
const corePackagePrefixes = ["@noble/hashes"];

/** What each layer may import of the others (design: imports point down only). */
const layers: Record<string, readonly string[]> = {
  core: ["core"],
  host: ["host", "core"],
  live: ["live", "host", "core"],
  agents: ["agents", "core"],
  server: ["server", "agents", "host", "core"],
  // Only the live process runs what knows clouds: others share its protocol and nothing else (below).
  cli: ["cli", "server", "agents", "host", "core"],
  webview: ["webview", "core"],
  extension: ["extension", "server", "agents", "core"],
};

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, "utf8");
  const pattern = /^(?:import|export)\s+(type\s)?(?:[^"';]*?from\s*)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;
  return [...text.matchAll(pattern)].map((match) => ({
    file: relative(root, file).replaceAll("\\", "/"),
    target: match[2] ?? match[3] ?? "",
    typeOnly: match[1] !== undefined,
  }));
}

function placeOf(item: Import): string {
  if (!item.target.startsWith(".")) return item.target;
  return relative(root, resolve(root, dirname(item.file), item.target)).replaceAll("\\", "/");
}

const all = sources(join(root, "src")).flatMap(importsOf);

describe("layers", () => {
  it("reads imports at all", () => {
    assert.ok(all.length > 100, `only ${all.length} imports were read`);
  });

  it("import downwards only", () => {
    const wrong = all.filter((item) => {
      const from = item.file.split("/")[1] ?? "";
      const place = placeOf(item);
      if (!place.startsWith("src/")) return false;
      const to = place.split("/")[1] ?? "";
      // The extension shares the typed protocol with the server and nothing else.
      if (from === "extension" && to === "server") return place !== "src/server/protocol.ts";
      // A page and the extension share their messages.
      if (from === "extension" && to === "webview") return !place.endsWith("/messages.ts");
      // Nobody but the live process runs what knows clouds.
      if (from !== "live" && to === "live") return place !== "src/live/protocol.ts";
      return !(layers[from] ?? []).includes(to);
    });
    assert.deepEqual(wrong, []);
  });

  it("core imports nothing but itself and pure packages", () => {
    const wrong = all.filter((item) => {
      if (!item.file.startsWith("src/core/") || item.target.startsWith(".")) return false;
      return !corePackages.has(item.target) && !corePackagePrefixes.some((prefix) => item.target.startsWith(prefix));
    });
    assert.deepEqual(wrong, []);
  });

  it("core's rooms import from the rooms below them", () => {
    const rank = new Map(coreOrder.flatMap((rooms, index) => rooms.map((room) => [room as string, index] as const)));
    const wrong = all.filter((item) => {
      if (!item.file.startsWith("src/core/") || !item.target.startsWith(".")) return false;
      const from = item.file.split("/")[2] ?? "";
      const to = placeOf(item).split("/")[2] ?? "";
      if (from === "service.ts" || from === to) return false;
      if (!rank.has(from) || !rank.has(to)) return true;
      return (rank.get(to) ?? 0) >= (rank.get(from) ?? 0);
    });
    assert.deepEqual(wrong, []);
  });

  it("only the extension knows vscode", () => {
    assert.deepEqual(
      all.filter((item) => item.target === "vscode" && !item.file.startsWith("src/extension/")),
      [],
    );
  });
});

describe("sources", () => {
  it("of core read no clock, print nothing and hold no randomness", () => {
    const wrong = sources(join(root, "src/core")).filter((file) =>
      /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bconsole\.|\bprocess\.|\bperformance\./.test(readFileSync(file, "utf8")),
    );
    assert.deepEqual(wrong, []);
  });

  it("print only from the command line", () => {
    const wrong = sources(join(root, "src")).filter(
      (file) => !file.includes("/src/cli/") && /\bconsole\.(?:log|error|warn|info)\b/.test(readFileSync(file, "utf8")),
    );
    assert.deepEqual(wrong, []);
  });

  it("take what they load late of a package by `default`, or from a file that exports it", () => {
    // Bundled, a package in CommonJS that is loaded late has nothing but `default`, whatever Node makes of it.
    const named = /const \{(?!\s*default\b)[^}]*\}\s*=\s*await import\(\s*["'][^."']/;
    assert.deepEqual(
      sources(join(root, "src")).filter((file) => named.test(readFileSync(file, "utf8"))),
      [],
    );
  });

  it("carry no unfinished mark and no absolute machine path", () => {
    const marks = new RegExp(["\\bTO", "DO\\b|\\bFIX", "ME\\b|\\bXX", "X\\b"].join(""));
    const paths = /["'`(]\/(?:root|work|home\/[a-z]+)\/[a-z]/;
    const files = [...sources(join(root, "src")), ...sources(join(root, "scripts")), ...sources(join(root, "bench"))];
    assert.deepEqual(
      files.filter((file) => {
        const text = readFileSync(file, "utf8");
        return marks.test(text) || paths.test(text);
      }),
      [],
    );
  });

  it("leave no test out", () => {
    const wrong = sources(join(root, "test")).filter((file) =>
      /\b(?:it|describe|test|suite|context)\.(?:skip|only)\(|\bx(?:it|describe)\(|this\.skip\(\)/.test(
        readFileSync(file, "utf8").replaceAll(/\/.*\/[a-z]*\.test\(/g, ""),
      ),
    );
    assert.deepEqual(
      wrong.filter((file) => !file.endsWith("layers.test.ts")),
      [],
    );
  });
});
