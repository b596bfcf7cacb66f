/**
 * Merges what the extension contributes (src/extension/manifest.ts) into package.json: `node scripts/generate-manifest.ts`.
 * With `--check` it writes nothing and fails when package.json is stale or a text is missing in package.nls.json.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inputSchema } from "../src/agents/inputs.ts";
import { toolNames, tools } from "../src/agents/tools.ts";
import { MANIFEST } from "../src/extension/manifest.ts";

const root = join(import.meta.dirname, "..");
const file = join(root, "package.json");
const texts = JSON.parse(readFileSync(join(root, "package.nls.json"), "utf8")) as Readonly<Record<string, string>>;
const before = readFileSync(file, "utf8");
const languageModelTools = toolNames.map((name) => ({
  name,
  // People type it after `#`.
  toolReferenceName: name.replaceAll("_", "-"),
  displayName: `%tool.${name.replace("plumbline_", "").replaceAll("_", ".")}%`,
  modelDescription: tools[name].description,
  canBeReferencedInPrompt: true,
  icon: "$(shield)",
  inputSchema: inputSchema(name),
}));
const contributions = { ...MANIFEST, contributes: { ...MANIFEST.contributes, languageModelTools } };
const merged = { ...(JSON.parse(before) as Record<string, unknown>), ...contributions };
const after = `${JSON.stringify(merged, null, 2)}\n`;

const used = new Set([...JSON.stringify(contributions).matchAll(/%([A-Za-z.]+)%/g)].map(([, key]) => key ?? ""));
const missing = [...used].filter((key) => texts[key] === undefined);
const unused = Object.keys(texts).filter((key) => !used.has(key));
if (missing.length > 0) fail(`package.nls.json lacks ${missing.join(", ")}`);
if (unused.length > 0) fail(`package.nls.json has texts that nothing uses: ${unused.join(", ")}`);
if (after !== before) {
  if (process.argv.includes("--check")) fail("package.json is stale: run `npm run gen`");
  writeFileSync(file, after);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
