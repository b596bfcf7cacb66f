import assert from "node:assert/strict";
import { readPermissions } from "../../../src/core/checks/permissions.ts";
import { bundled } from "../../harness/check-world.ts";

const tree = await bundled();

function permissions(id: string): readonly string[] {
  const check = tree.checks.find((one) => one.id === id);
  assert.ok(check, id);
  return readPermissions(check, tree.types);
}

describe("the permissions that an item needs on live accounts", () => {
  it("are those of the attributes that it reads", () => {
    assert.deepEqual(permissions("aws-iam-root-mfa"), ["iam:GetAccountSummary"]);
  });

  it("are those of the parts that it reads, and of their parts", () => {
    assert.ok(permissions("aws-s3-bucket-secure-transport").includes("s3:GetBucketPolicy"));
    const trails = permissions("aws-cloudtrail-multi-region");
    assert.ok(trails.includes("cloudtrail:DescribeTrails") && trails.includes("cloudtrail:GetTrailStatus"), trails.join());
  });

  it("are those of what refers to a part", () => {
    // The role that an instance has is known by its name, which a call of its own tells.
    assert.ok(permissions("alibaba-ecs-instance-exposed-with-admin-role").includes("ecs:DescribeInstanceRamRole"));
  });

  it("are those behind views", () => {
    assert.ok(permissions("aws-s3-bucket-acl-public-read").includes("s3:GetBucketAcl"));
  });

  it("are none for items on files", () => {
    assert.deepEqual(permissions("aws-provider-hardcoded-credentials"), []);
  });

  it("are actions of the cloud", () => {
    for (const check of tree.checks) {
      for (const action of readPermissions(check, tree.types)) assert.match(action, /^[a-z0-9-]+:[A-Za-z0-9*]+$/, check.id);
    }
  });
});
