/**
 * Bundles the product into dist/: `node scripts/build.ts [--production] [--watch]`.
 * The catalogue is precompiled (scripts/build-catalogue.ts), the provider schemas are copied, the sources are bundled.
 */
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { context, type BuildOptions } from "esbuild";
import { buildCatalogue } from "./build-catalogue.ts";

const root = join(import.meta.dirname, "..");
const production = process.argv.includes("--production");
const watch = process.argv.includes("--watch");

const shared: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node22",
  minify: production,
  sourcemap: production ? false : "linked",
  sourcesContent: false,
  logLevel: "warning",
  legalComments: "none",
  define: { PLUMBLINE_VERSION: JSON.stringify((await readVersion()).version) },
};

// CommonJS packages inside an ES module bundle still ask for `require`.
const requiring =
  'import { createRequire as __createRequire } from "node:module";const require = __createRequire(import.meta.url);';

const bundles: BuildOptions[] = [
  { ...shared, entryPoints: ["src/extension/main.ts"], outfile: "dist/extension.cjs", format: "cjs", external: ["vscode"] },
  { ...shared, entryPoints: ["src/server/node-main.ts"], outfile: "dist/server.cjs", format: "cjs" },
  {
    ...shared,
    entryPoints: { cli: "src/cli/main.ts" },
    outdir: "dist",
    format: "esm",
    // A command loads what it needs: asking for a version is no reason to read the protocol of agents.
    splitting: true,
    chunkNames: "cli/[name]-[hash]",
    banner: { js: `#!/usr/bin/env node\n${requiring}` },
  },
  {
    ...shared,
    platform: "browser",
    // What VS Code 1.101 brings along.
    target: "chrome134",
    entryPoints: { cost: "src/webview/cost/main.ts", plan: "src/webview/plan/main.ts", page: "src/webview/page.css" },
    outdir: "dist/webview",
    format: "iife",
  },
  {
    ...shared,
    entryPoints: { live: "src/live/main.ts" },
    outdir: "dist",
    format: "esm",
    // The clouds' SDKs are big: each is a piece of its own, loaded when an account of that cloud is used.
    splitting: true,
    chunkNames: "live/[name]-[hash]",
    // An HTTP client of ali-oss asks for it where somebody sets a proxy for it alone; nobody does.
    external: ["proxy-agent"],
    banner: { js: requiring },
  },
];

async function readVersion(): Promise<{ version: string }> {
  const manifest = (await import("../package.json", { with: { type: "json" } })) as { default: { version: string } };
  return manifest.default;
}

await rm(join(root, "dist"), { recursive: true, force: true });
await mkdir(join(root, "dist/schemas"), { recursive: true });
for (const name of await readdir(join(root, "schemas"))) {
  if (name.endsWith(".json")) await copyFile(join(root, "schemas", name), join(root, "dist/schemas", name));
}
// For the editor, which validates plumbline.yaml with it.
await mkdir(join(root, "dist/schema"), { recursive: true });
await copyFile(join(root, "checks/schema/plumbline.schema.json"), join(root, "dist/schema/plumbline.schema.json"));
await buildCatalogue(join(root, "checks"), join(root, "dist/catalogue.json"));
const contexts = await Promise.all(bundles.map((options) => context(options)));
await Promise.all(contexts.map((bundle) => bundle.rebuild()));
if (watch) await Promise.all(contexts.map((bundle) => bundle.watch()));
else await Promise.all(contexts.map((bundle) => bundle.dispose()));
