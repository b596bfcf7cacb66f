/**
 * Writes schemas/<provider>.json: of the full provider schemas in DIR (same format, see schemas/README.md) the types that
 * schemas/types.txt names. `node scripts/extract-schemas.ts DIR`. Fails on a name that the provider does not have.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface ProviderFile {
  readonly format: number;
  readonly provider: string;
  readonly version: string;
  readonly r: Readonly<Record<string, unknown>>;
  readonly d: Readonly<Record<string, unknown>>;
}

const directory = process.argv[2];
if (directory === undefined) throw new Error("Usage: node scripts/extract-schemas.ts DIR");
const schemas = join(import.meta.dirname, "../schemas");
const names = readFileSync(join(schemas, "types.txt"), "utf8").split("\n").filter(Boolean);
const unused = new Set(names);

for (const provider of ["aws", "alicloud", "tencentcloud"]) {
  const full = JSON.parse(readFileSync(join(directory, `${provider}.json`), "utf8")) as ProviderFile;
  const file: ProviderFile = { format: full.format, provider: full.provider, version: full.version, ...pick(full) };
  writeFileSync(join(schemas, `${provider}.json`), text(file));
}
if (unused.size > 0) throw new Error(`No provider has ${[...unused].join(", ")}`);

function pick(full: ProviderFile): Pick<ProviderFile, "r" | "d"> {
  const resources: Record<string, unknown> = {};
  const data: Record<string, unknown> = {};
  for (const name of names) {
    const type = name.replace(/^data\./, "");
    const [source, target] = type === name ? [full.r, resources] : [full.d, data];
    const block = source[type];
    if (block === undefined) continue;
    target[type] = block;
    unused.delete(name);
  }
  return { r: resources, d: data };
}

/** One type a line, so that a new provider version shows in a diff. */
function text(file: ProviderFile): string {
  const section = (types: Readonly<Record<string, unknown>>): string =>
    Object.entries(types)
      .map(([name, block]) => `${JSON.stringify(name)}:${JSON.stringify(block)}`)
      .join(",\n");
  const head = `"format":${file.format},"provider":${JSON.stringify(file.provider)},"version":${JSON.stringify(file.version)}`;
  return `{${head},\n"r":{\n${section(file.r)}\n},\n"d":{\n${section(file.d)}\n}}\n`;
}
