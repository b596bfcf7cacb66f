import assert from "node:assert/strict";
import fc from "fast-check";
import { corpus } from "../../../bench/corpus.ts";
import { renderJson } from "../../../src/core/reports/json.ts";
import type { Report } from "../../../src/core/findings/model.ts";
import type { Service } from "../../../src/core/service.ts";
import { checkAll, serviceWith } from "../../harness/engine.ts";

/* What an edit leaves alone is not computed again: whatever is typed, in whatever order, the report must be that of a cold check. */

const moreText = `resource "aws_s3_bucket" "more" {
  count  = var.encrypted ? 2 : 1
  bucket = "more-\${count.index}"
}

resource "aws_s3_bucket_acl" "more" {
  bucket = aws_s3_bucket.more[0].id
  acl    = "public-read"
}
`;

interface Edit {
  readonly file: number;
  readonly at: number;
  readonly kind: (typeof kinds)[number];
}

const kinds = [
  "comment above",
  "ignore comment",
  "drop a line",
  "double a block",
  "drop a block",
  "flip a flag",
  "change a range",
  "rename",
  "break",
  "append",
  "remove the file",
  "restore",
] as const;

const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({ file: fc.nat(1000), at: fc.nat(1000), kind: fc.constantFrom(...kinds) }),
  { minLength: 4, maxLength: 10 },
);

function replaceOne(text: string, pattern: RegExp, at: number, by: (found: string) => string): string {
  const all = [...text.matchAll(pattern)];
  const match = all[at % Math.max(1, all.length)];
  if (match === undefined) return text;
  return text.slice(0, match.index) + by(match[0]) + text.slice(match.index + match[0].length);
}

/** undefined: there is no such file afterwards. */
function edited(text: string, original: string, { kind, at }: Edit): string | undefined {
  switch (kind) {
    case "comment above":
      return `# ${"a".repeat(at % 7)}\n${text}`;
    case "ignore comment":
      return replaceOne(text, /^resource .*\{$/gm, at, (found) => `# plumbline:ignore * known\n${found}`);
    case "drop a line":
      return replaceOne(text, /^ .*\n/gm, at, () => "");
    case "double a block":
      return replaceOne(text, /^resource [^]*?^\}\n/gm, at, (found) => found + found.replace(/" \{/, '_copy" {'));
    case "drop a block":
      return replaceOne(text, /^\w+ [^]*?^\}\n/gm, at, () => "");
    case "flip a flag":
      return replaceOne(text, /\b(?:true|false)\b/g, at, (found) => (found === "true" ? "false" : "true"));
    case "change a range":
      return replaceOne(text, /"[\d.]+\/\d+"/g, at, (found) => (found === '"0.0.0.0/0"' ? '"10.1.0.0/16"' : '"0.0.0.0/0"'));
    case "rename":
      return replaceOne(text, /\b(?:group|server|bucket|key|disk)_\d+\b/g, at, (found) => `${found}_b`);
    case "break":
      return replaceOne(text, /[={}]/g, at, () => " ");
    case "append":
      return `${text}\n${moreText}`;
    case "remove the file":
      return undefined;
    case "restore":
      return original;
  }
}

function print(report: Report, service: Service): string {
  return renderJson(report, { version: "0", base: "/w", text: (path) => service.text(path), show: "all" });
}

describe("after any edits", function () {
  this.timeout(240_000);

  it("the report is that of a cold check", async () => {
    const original = new Map(corpus(11));
    const names = [...original.keys()].sort();
    const kept = await serviceWith(Object.fromEntries(original));
    await kept.check();
    await fc.assert(
      fc.asyncProperty(edits, async (sequence) => {
        const files = new Map(original);
        for (const name of names) kept.setFile(`/w/${name}`, { kind: "text", text: original.get(name) ?? "" });
        for (const edit of sequence) {
          const name = names[edit.file % names.length] ?? "";
          const text = edited(files.get(name) ?? "", original.get(name) ?? "", edit);
          if (text === undefined) {
            files.delete(name);
            kept.removeFile(`/w/${name}`);
          } else {
            files.set(name, text);
            kept.setFile(`/w/${name}`, { kind: "text", text });
          }
          // Some edits are looked at, others only together with the next.
          if (edit.at % 3 > 0) await kept.check();
        }
        const fresh = await serviceWith(Object.fromEntries(files));
        assert.equal(print(await checkAll(kept), kept), print(await checkAll(fresh), fresh));
      }),
      { numRuns: 25, seed: 42 },
    );
  });
});
