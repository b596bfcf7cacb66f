import assert from "node:assert/strict";
import type { CheckItem } from "../../src/core/checks/model.ts";
import { createService, type Service } from "../../src/core/service.ts";
import { applyEdits } from "../../src/core/text/text.ts";
import { bundled, someDay } from "../harness/check-world.ts";

/* `fixed: n` of a failing example: source fix n, as the product offers it, makes the example pass, and then there is nothing to fix. */

const tree = await bundled();
const files = Object.fromEntries([...tree.sources].map(([path, { data }]) => [path, data]));
const service = createService({ catalogue: { format: 1, files }, schemas: tree.schemas, now: () => someDay });
const path = "/w/main.tf";
service.setFolders(["/w"]);
service.setDirectory("/w", { kind: "listing", files: ["main.tf"] });

async function outcomes(text: string, check: CheckItem): ReturnType<typeof read> {
  service.setFile(path, { kind: "text", text });
  return read(service, check);
}

async function read(
  from: Service,
  check: CheckItem,
): Promise<{ kinds: readonly string[]; findings: readonly unknown[]; offer: OfferOf }> {
  const report = await from.check();
  const findings = report.findings.filter((finding) => finding.check.id === check.id);
  return {
    kinds: report.results
      .filter(({ result }) => result.check.id === check.id)
      .map(({ result: { outcome } }) => (outcome.kind === "unknown" ? `unknown ${JSON.stringify(outcome.reasons)}` : outcome.kind)),
    findings,
    // A fix whose condition does not hold is not offered: the title tells which is which.
    offer: (index) =>
      findings.map((finding) => from.fixes(finding).find(({ title }) => title.startsWith(beginningOf(check, index)))),
  };
}

function beginningOf(check: CheckItem, index: number): string {
  const [first] = check.fixes[index]?.title ?? [];
  return typeof first === "string" ? first : "";
}

type OfferOf = (index: number) => readonly (ReturnType<Service["fixes"]>[number] | undefined)[];

for (const check of tree.checks) {
  const examples = (tree.examples.get(check.id) ?? []).filter(
    ({ fixed, terraform }) => fixed !== undefined && terraform !== undefined,
  );
  if (examples.length === 0) continue;
  describe(`${check.id} is mended`, () => {
    for (const { title, path: place, fixed = 0, terraform = "" } of examples) {
      it(`by fix ${fixed} in its example ${title ?? String(place.at(-1))}`, async () => {
        const before = await outcomes(terraform, check);
        const [offer] = before.offer(fixed);
        assert.ok(offer, "nothing is offered");
        assert.ok(offer.kind === "available", offer.kind === "unavailable" ? `${offer.title}: ${offer.why}` : "");
        const mended = applyEdits(terraform, offer.edit.get(path) ?? []);
        assert.notEqual(mended, terraform);
        const after = await outcomes(mended, check);
        assert.ok(
          after.kinds.length > 0 && after.kinds.every((kind) => kind === "pass" || kind === "notApplicable"),
          `${after.kinds.join()}:\n${mended}`,
        );
        assert.deepEqual(after.findings, []);
      });
    }
  });
}
