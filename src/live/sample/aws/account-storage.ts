import type { Json } from "../../../core/snapshots/model.ts";
import { policy, sampleAccountId, sampleRegion, type Clock } from "./account-basics.ts";
import type { Recorded } from "./state.ts";

interface Bucket {
  readonly name: string;
  readonly created: number;
  readonly blocked?: boolean;
  readonly acl?: "private" | "public-read";
  readonly policy?: string;
  readonly versions?: "Enabled" | "Suspended";
  readonly logs?: string;
  readonly key?: string;
}

/** Buckets: one in order, one that the whole internet writes to, and what the shop's customers see. */
export function storageState({ iso }: Clock): readonly Recorded[] {
  const overHttps = (name: string): Json => ({
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
  const everybody: Json = {
    Effect: "Allow",
    Principal: "*",
    Action: ["s3:GetObject", "s3:PutObject"],
    Resource: "arn:aws:s3:::pinewood-uploads/*",
  };
  const trail: Json = {
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `arn:aws:s3:::pinewood-trail/AWSLogs/${sampleAccountId}/*`,
    Condition: { StringEquals: { "aws:SourceAccount": sampleAccountId } },
  };
  const all: readonly Bucket[] = [
    {
      name: "pinewood-backups",
      created: 500,
      blocked: true,
      policy: policy(overHttps("pinewood-backups")),
      versions: "Enabled",
      logs: "pinewood-trail",
      key: "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001",
    },
    { name: "pinewood-media", created: 800, blocked: false, acl: "public-read" },
    {
      name: "pinewood-trail",
      created: 450,
      blocked: true,
      policy: policy(trail, overHttps("pinewood-trail")),
      versions: "Enabled",
    },
    { name: "pinewood-uploads", created: 300, policy: policy(everybody), versions: "Suspended" },
  ];
  return [
    {
      operation: "s3:ListBuckets",
      answer: {
        ListAllMyBucketsResult: {
          Owner: { ID: owner },
          Buckets: {
            Bucket: all.map(({ name, created }) => ({
              Name: name,
              CreationDate: iso(created),
              BucketRegion: sampleRegion,
              BucketArn: `arn:aws:s3:::${name}`,
            })),
          },
        },
      },
    },
    ...all.flatMap(parts),
  ];
}

const owner = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";

/** Parts that are left out are answered with what S3 says where there is none. */
function parts({ name, blocked, acl, policy: document, versions, logs, key }: Bucket): Recorded[] {
  const part = (operation: string, answer: Json): Recorded => ({ operation: `s3:${operation}`, of: { Bucket: name }, answer });
  const xsi = { "@xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance" };
  const ours: Json = { Grantee: { ...xsi, "@xsi:type": "CanonicalUser", ID: owner }, Permission: "FULL_CONTROL" };
  const everybody: Json = {
    Grantee: { ...xsi, "@xsi:type": "Group", URI: "http://acs.amazonaws.com/groups/global/AllUsers" },
    Permission: "READ",
  };
  const rule: Json = {
    ApplyServerSideEncryptionByDefault:
      key === undefined ? { SSEAlgorithm: "AES256" } : { SSEAlgorithm: "aws:kms", KMSMasterKeyID: key },
    BucketKeyEnabled: key !== undefined,
  };
  return [
    part("GetBucketLocation", { LocationConstraint: {} }),
    part("GetBucketAcl", {
      AccessControlPolicy: {
        Owner: { ID: owner },
        AccessControlList: { Grant: acl === "public-read" ? [ours, everybody] : [ours] },
      },
    }),
    part("GetBucketVersioning", { VersioningConfiguration: versions === undefined ? {} : { Status: versions } }),
    part("GetBucketLogging", {
      BucketLoggingStatus: logs === undefined ? {} : { LoggingEnabled: { TargetBucket: logs, TargetPrefix: `${name}/` } },
    }),
    part("GetBucketEncryption", { ServerSideEncryptionConfiguration: { Rule: rule } }),
    part("GetBucketOwnershipControls", {
      OwnershipControls: { Rule: { ObjectOwnership: acl === undefined ? "BucketOwnerEnforced" : "ObjectWriter" } },
    }),
    ...(document === undefined ? [] : [part("GetBucketPolicy", document)]),
    ...(blocked === undefined
      ? []
      : [
          part("GetPublicAccessBlock", {
            PublicAccessBlockConfiguration: {
              BlockPublicAcls: blocked,
              IgnorePublicAcls: blocked,
              BlockPublicPolicy: blocked,
              RestrictPublicBuckets: blocked,
            },
          }),
        ]),
  ];
}
