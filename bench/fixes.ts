/**
 * `node bench/fixes.ts [FILES]`: how long a quick fix takes to offer. Every finding of a generated workspace that has fixes is
 * asked for them once, each at the state that the editor would be in: checked, and nothing changed since.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildCatalogue } from "../scripts/build-catalogue.ts";
import { createService } from "../src/core/service.ts";
import { parseSchemas } from "../src/core/terraform/schema-reader.ts";
import { corpus } from "./corpus.ts";
import { percentile } from "./process.ts";

const root = join(import.meta.dirname, "..");
const files = Number(process.argv[2] ?? 100);
const json = (path: string): unknown => JSON.parse(readFileSync(join(root, path), "utf8"));
mkdirSync(join(root, ".cache/bench"), { recursive: true });
await buildCatalogue(join(root, "checks"), join(root, ".cache/bench/catalogue.json"));
const service = createService({
  catalogue: json(".cache/bench/catalogue.json"),
  schemas: parseSchemas(
    ["aws", "alicloud", "tencentcloud"].map((name) => readFileSync(join(root, `schemas/${name}.json`), "utf8")),
  ),
  now: () => new Date().toISOString(),
});
service.setFolders(["/w"]);
for (const [path, text] of corpus(files)) service.setFile(`/w/${path}`, { kind: "text", text });
const { findings } = await service.check();
const times: { readonly milliseconds: number; readonly check: string; readonly place: string }[] = [];
for (const finding of findings) {
  if (finding.check.fixes.length === 0) continue;
  const begun = performance.now();
  service.fixes(finding);
  const place = `${finding.location.file}:${String(finding.location.range.start)}`;
  times.push({ milliseconds: performance.now() - begun, check: finding.check.id, place });
}
const sorted = times.map(({ milliseconds }) => milliseconds);
const show = (part: number): string => percentile(sorted, part).toFixed(1);
console.log(`${String(files)} files, ${String(times.length)} findings with fixes (of ${String(findings.length)})`);
console.log(`median ${show(0.5)} ms, p95 ${show(0.95)} ms, p99 ${show(0.99)} ms, longest ${show(1)} ms`);
for (const { milliseconds, check, place } of times.sort((a, b) => b.milliseconds - a.milliseconds).slice(0, 10)) {
  console.log(`${milliseconds.toFixed(1).padStart(8)} ms  ${check}  ${place}`);
}
