import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv } from "ajv";
import { root } from "../../scripts/check-files.ts";
import { checkPlace } from "../../src/core/checks/load.ts";
import { bundled } from "../harness/check-world.ts";

/* What the Chinese texts of the bundled items say, and how. That they fit their items is a matter of loading them. */

const tree = await bundled();
const chinese = tree.translations.get("zh-cn") ?? new Map<string, never>();
const items = [...chinese].filter(([path]) => checkPlace(path) !== undefined);

/** Every text for which `wrong` says something, as one readable list. */
function noneIs(wrong: (text: string, field: string) => string | undefined | false): void {
  const found = [...chinese].flatMap(([path, { data }]) =>
    textsIn(data).flatMap(([field, text]) => {
      const why = wrong(text, field);
      return why === undefined || why === false ? [] : [`${path} ${field}: ${why}`];
    }),
  );
  assert.deepEqual(found, []);
}

function textsIn(data: unknown, field = ""): readonly (readonly [field: string, text: string])[] {
  if (typeof data === "string") return [[field, data]];
  if (typeof data !== "object" || data === null) return [];
  return Object.entries(data).flatMap(([name, value]) => textsIn(value, field === "" ? name : field));
}

/** Without the CEL in braces and names in back quotes. */
function prose(text: string): string {
  return text.replaceAll(/\{[^{}]*\}|`[^`]*`/g, "x").trim();
}

describe("the Chinese texts of the bundled checks", () => {
  it("are there for every item", () => {
    assert.deepEqual(
      tree.checks.filter(({ file }) => !chinese.has(file)).map(({ id }) => id),
      [],
    );
    assert.equal(items.length, tree.checks.length);
  });

  it("are there for every service's instance types", () => {
    const files = [...tree.sources].flatMap(([path, { data }]) => {
      const { types } = data as { readonly types?: object };
      return path.endsWith("/instances.yaml") && Object.keys(types ?? {}).length > 0 ? [path] : [];
    });
    assert.deepEqual(
      files.filter((path) => !chinese.has(path)),
      [],
    );
  });

  it("are Chinese", () => {
    noneIs((text) => !/\p{Script=Han}/u.test(prose(text)) && `"${text}"`);
    noneIs((text) => /[\p{Script=Han}][,;:!?](?!\S*[a-z]\()/u.test(prose(text)) && "has a Latin mark behind a Chinese character");
  });

  it("have a title that states the compliant case in at most 50 characters", () => {
    noneIs((text, field) => field === "title" && text.length > 50 && `${text.length} characters`);
    noneIs((text, field) => ["title", "fixes", "remedy"].includes(field) && /[。！.]$/.test(text.trim()) && "ends like a sentence");
  });

  it("have sentences for message, why, advice, noFix and restoresNote", () => {
    const sentences = ["message", "why", "advice", "noFix", "restoresNote"];
    noneIs((text, field) => sentences.includes(field) && !/[。！]$/.test(text.trim()) && "lacks its full stop 。");
  });

  it("repeat no title", () => {
    const seen = new Map<string, string>();
    const repeated = items.flatMap(([path, { data }]) => {
      const { title } = data as { title: string };
      const key = `${title} ${tree.checks.find(({ file }) => file === path)?.instance.join() ?? ""}`;
      const other = seen.get(key);
      seen.set(key, path);
      return other === undefined ? [] : [`${path} has the title of ${other}`];
    });
    assert.deepEqual(repeated, []);
  });

  it("fit their JSON schemas", async () => {
    for (const [name, files] of [
      ["texts", items],
      ["instance-texts", [...chinese].filter(([path]) => checkPlace(path) === undefined)],
    ] as const) {
      const text = await readFile(join(root, `checks/schema/${name}.schema.json`), "utf8");
      const validate = new Ajv({ strictTypes: false }).compile(JSON.parse(text) as object);
      for (const [path, { data }] of files) assert.ok(validate(data), `${path}: ${JSON.stringify(validate.errors?.[0])}`);
    }
  });
});
