import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv } from "ajv";
import { root } from "../../scripts/check-files.ts";
import { checkPlace } from "../../src/core/checks/load.ts";
import type { BlockSchema } from "../../src/core/terraform/schema.ts";
import { bundled } from "../harness/check-world.ts";

/* What every bundled check says, and how. */

const tree = await bundled();

/** Every check for which `wrong` says something, as one readable list. */
function noneIs(wrong: (check: (typeof tree.checks)[number]) => string | undefined | false): void {
  const found = tree.checks.flatMap((check) => {
    const why = wrong(check);
    return why === undefined || why === false ? [] : [`${check.id}: ${why}`];
  });
  assert.deepEqual(found, []);
}

describe("the texts of the bundled checks", () => {
  it("have a title that states the compliant case in at most 80 characters", () => {
    noneIs(({ title }) => title.length > 80 && `${title.length} characters`);
    noneIs(({ title }) => /\bensure\b/i.test(title) && "says Ensure");
    noneIs(({ title }) => (/[.!]$/.test(title) || !/^[A-Z`]/.test(title)) && "is a title: capital first, no full stop");
  });

  it("have sentences for message, why and advice", () => {
    noneIs(({ file }) => {
      const data = tree.sources.get(file)?.data as { message: string; why: string; advice: string };
      return [data.message, data.why, data.advice].every((text) => text.trim().endsWith("."))
        ? undefined
        : "a text lacks its full stop";
    });
  });

  it("say in one short sentence why there is no source fix, where there is none", () => {
    noneIs(({ noFix }) => noFix !== undefined && noFix.length > 200 && `\`noFix\` has ${noFix.length} characters`);
    noneIs(({ noFix }) => noFix !== undefined && !/^[A-Z`].*\.$/s.test(noFix.trim()) && "`noFix` is not a sentence");
    noneIs(({ noFix, advice }) => noFix !== undefined && noFix.trim() === advice.trim() && "`noFix` repeats the advice");
  });

  it("give a source fix or the reason why there is none", () => {
    noneIs(
      ({ fixes, noFix, in: world }) =>
        fixes.length === 0 && noFix === undefined && world !== "live" && "has neither `fix.source` nor `noFix`",
    );
  });

  it("repeat no title", () => {
    const titles = new Map<string, string>();
    noneIs(({ id, title, instance }) => {
      const key = `${title} ${instance.join()}`;
      const other = titles.get(key);
      titles.set(key, id);
      return other === undefined ? undefined : `has the title of ${other}`;
    });
  });

  it("refer to pages by https", () => {
    noneIs(({ references }) => (references.length === 0 ? "has no reference" : undefined));
    noneIs(({ references }) => references.find((reference) => !URL.canParse(reference) || !reference.startsWith("https://")));
  });

  it("refer to controls of benchmarks for their cloud", () => {
    noneIs(({ benchmarks, cloud }) =>
      benchmarks.find((reference) => {
        const [name = "", number] = reference.split("/");
        const benchmark = tree.benchmarks.get(name);
        return benchmark?.cloud !== cloud || !benchmark.controls.some((control) => control.number === number);
      }),
    );
  });
});

describe("the ids of the bundled checks", () => {
  it("come from their places, in kebab case, once each", () => {
    noneIs(({ id, file }) => {
      const place = checkPlace(file);
      return place === undefined || id !== `${place.cloud}-${place.service}-${place.name}` ? `is in ${file}` : undefined;
    });
    noneIs(({ id }) => !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(id) && "is not kebab case");
    assert.equal(new Set(tree.checks.map(({ id }) => id)).size, tree.checks.length);
  });

  it("belong to the cloud of what they assess", () => {
    noneIs(({ cloud, instance }) => {
      const other = instance.find((name) => tree.types.get(name)?.cloud !== cloud);
      return other === undefined ? undefined : `assesses ${other}`;
    });
  });
});

/** Whether a provider refuses a configuration without the attribute: it is required, in blocks that are. */
function isDemanded(read: readonly string[], block: BlockSchema | undefined): boolean {
  const [first = "", ...rest] = read.filter((step) => step !== "*" && step !== "self");
  if (rest.length === 0) return block?.attributes.get(first)?.required === true;
  const nested = block?.blocks.get(first);
  if (nested === undefined) return block?.attributes.get(first)?.required === true;
  return nested.minimum > 0 && isDemanded(rest, nested);
}

describe("the examples of the bundled checks", () => {
  it("show what happens where an attribute that decides is left out", () => {
    noneIs((check) => {
      if (check.in === "live") return undefined;
      const schema = tree.types.get(check.instance[0] ?? "")?.schema;
      // What a provider demands can't be left out.
      const optional = check.assert.reads.filter((read) => !isDemanded(read, schema));
      const words = new Set(optional.map((read) => read.findLast((step) => step !== "*" && step !== "self")));
      if (words.size === 0) return undefined;
      const examples = tree.examples.get(check.id) ?? [];
      const omits = examples.some(
        ({ terraform }) =>
          terraform !== undefined && [...words].some((word) => word === undefined || !new RegExp(`\\b${word}\\b`).test(terraform)),
      );
      return omits ? undefined : "no example leaves a deciding attribute out";
    });
  });

  it("show something that can't be determined, where that can be", () => {
    noneIs((check) => {
      const examples = tree.examples.get(check.id) ?? [];
      const fromFiles = examples.filter(({ terraform }) => terraform !== undefined);
      if (fromFiles.length === 0 || check.assert.usesLiteral) return undefined;
      return examples.some(({ verdict }) => verdict === "unknown") ? undefined : "has no unknown example";
    });
  });
});

describe("the JSON schemas of the formats", () => {
  const kinds = [
    { schema: "check", files: [...tree.sources.keys()].filter((path) => checkPlace(path) !== undefined) },
    { schema: "instances", files: [...tree.sources.keys()].filter((path) => path.endsWith("/instances.yaml")) },
    { schema: "table", files: [...tree.sources.keys()].filter((path) => path.startsWith("data/")) },
  ];
  for (const { schema, files } of kinds) {
    it(`accept every bundled file (${schema})`, async () => {
      const text = await readFile(join(root, `checks/schema/${schema}.schema.json`), "utf8");
      const validate = new Ajv({ allowUnionTypes: true, strictTypes: false, strictRequired: false }).compile(
        JSON.parse(text) as object,
      );
      assert.ok(files.length > 0);
      for (const file of files) {
        assert.ok(validate(tree.sources.get(file)?.data), `${file}: ${JSON.stringify(validate.errors?.[0])}`);
      }
    });
  }
});
