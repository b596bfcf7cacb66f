import { isJsonObject, type JsonObject } from "../../../core/snapshots/model.ts";
import type { Before, Remedy } from "../../remedy.ts";
import { call } from "../calls.ts";

/* Sources: Amazon S3 API Reference, each action by its name; the provider's documentation of the resources. */

/** A part of the bucket: all parts of a bucket have its name as their id. */
function part({ resources, resource }: Before, type: string): JsonObject | undefined {
  return resources.find((each) => each.type === type && each.id === resource.id)?.attributes;
}

const versioning: Remedy = (before) => {
  const { resource, region } = before;
  const was = part(before, "aws_s3_bucket_versioning")?.["versioning_configuration"];
  const status = (Status: string) => ({ Bucket: resource.id, VersioningConfiguration: { Status } });
  const put = (Status: string) => call("s3:PutBucketVersioning", region, "s3", "PutBucketVersioning", status(Status));
  return {
    steps: [
      {
        title: "Turn on versioning",
        call: put("Enabled"),
        undo: [put("Suspended")],
        ...(isJsonObject(was) && was["status"] === "Suspended"
          ? {}
          : { lost: "Versioning is suspended then: a bucket never returns to having had none." }),
      },
    ],
    expected: [
      {
        type: "aws_s3_bucket_versioning",
        id: resource.id,
        attributes: { versioning_configuration: { ...(isJsonObject(was) ? was : {}), status: "Enabled" } },
      },
    ],
  };
};

const names = {
  BlockPublicAcls: "block_public_acls",
  BlockPublicPolicy: "block_public_policy",
  IgnorePublicAcls: "ignore_public_acls",
  RestrictPublicBuckets: "restrict_public_buckets",
} as const;

const publicAccessBlock: Remedy = (before) => {
  const { resource, region } = before;
  const type = "aws_s3_bucket_public_access_block";
  const was = part(before, type);
  const action = "s3:PutBucketPublicAccessBlock";
  const put = (valueOf: (name: string) => boolean) =>
    call(action, region, "s3", "PutPublicAccessBlock", {
      Bucket: resource.id,
      PublicAccessBlockConfiguration: Object.fromEntries(Object.entries(names).map(([member, name]) => [member, valueOf(name)])),
    });
  return {
    steps: [
      {
        title: "Block public access",
        call: put(() => true),
        undo: [
          was === undefined
            ? call(action, region, "s3", "DeletePublicAccessBlock", { Bucket: resource.id })
            : put((name) => was[name] === true),
        ],
      },
    ],
    expected: [
      {
        type,
        id: resource.id,
        attributes: { bucket: resource.id, ...Object.fromEntries(Object.values(names).map((name) => [name, true])) },
      },
    ],
  };
};

export const s3Remedies: readonly (readonly [string, Remedy])[] = [
  ["aws-s3-bucket-versioning", versioning],
  ["aws-s3-bucket-public-access-block", publicAccessBlock],
];
