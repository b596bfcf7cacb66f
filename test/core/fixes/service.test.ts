import assert from "node:assert/strict";
import { createService, type Service } from "../../../src/core/service.ts";
import type { FixOffer } from "../../../src/core/fixes/model.ts";
import { applyEdits } from "../../../src/core/text/text.ts";
import { bundled, someDay } from "../../harness/check-world.ts";
import type { Files } from "./fix-world.ts";

const tree = await bundled();

/** The product's own service, over files in memory. */
async function serve(files: Files): Promise<Service> {
  const catalogue = { format: 1, files: Object.fromEntries([...tree.sources].map(([path, { data }]) => [path, data])) };
  const service = createService({ catalogue, schemas: tree.schemas, now: () => someDay });
  service.setFolders(["/w"]);
  service.setDirectory("/w", { kind: "listing", files: Object.keys(files) });
  for (const [name, text] of Object.entries(files)) service.setFile(`/w/${name}`, { kind: "text", text });
  await service.check();
  return service;
}

async function offersOf(service: Service, check: string): Promise<readonly FixOffer[]> {
  const report = await service.check();
  return report.findings.filter((finding) => finding.check.id === check).flatMap((finding) => service.fixes(finding));
}

function textAfter(service: Service, offer: FixOffer | undefined): string {
  assert.ok(offer?.kind === "available", offer?.kind === "unavailable" ? offer.why : "no offer");
  return applyEdits(service.text("/w/main.tf") ?? "", offer.edit.get("/w/main.tf") ?? []);
}

const group = (cidrs: string): string => `resource "aws_security_group" "web" {
  name        = "web"
  description = "Web."

  ingress {
    description = "ssh"
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ${cidrs}
  }
}
`;

describe("fixes through the service", () => {
  it("are offered one after the other over a workspace that stays as it is", async () => {
    const service = await serve({ "main.tf": group('["10.0.0.0/8", "0.0.0.0/0"]') });
    const offers = await offersOf(service, "aws-ec2-sg-ssh-open");
    assert.equal(textAfter(service, offers[0]), group('["10.0.0.0/8", "10.0.0.0/8"]'));
    assert.equal(textAfter(service, offers[1]), group('["10.0.0.0/8"]'));
    assert.equal(service.text("/w/main.tf"), group('["10.0.0.0/8", "0.0.0.0/0"]'));
    assert.deepEqual(await offersOf(service, "aws-ec2-sg-ssh-open"), offers);
  });

  it("mend everything safe at once, and then there is nothing left to mend", async () => {
    const files = {
      "main.tf": `${group('["0.0.0.0/0"]')}\nresource "aws_kms_key" "a" {\n  description = "a"\n}\n\nresource "aws_kms_key" "b" {\n  description = "b"\n\n  enable_key_rotation = false\n}\n`,
    };
    const service = await serve(files);
    const edit = service.fixAll();
    const text = applyEdits(files["main.tf"], edit.get("/w/main.tf") ?? []);
    assert.equal(text.match(/enable_key_rotation = true/g)?.length, 2, text);
    service.setFile("/w/main.tf", { kind: "text", text });
    const report = await service.check();
    assert.deepEqual(
      report.findings.filter((finding) => finding.check.id === "aws-kms-key-rotation").map((finding) => finding.message),
      [],
    );
    assert.equal(service.fixAll().size, 0);
  });
});
