import type { Bucket, Grant } from "@aws-sdk/client-s3";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Detail, Facts, Found } from "../collector.ts";
import { absent } from "../failure.ts";
import { each, keep, pages, send, type AwsSession } from "./client.ts";
import { s3 } from "./services.ts";
import { always, block, blocks, must, optional, thing } from "./shape.ts";

/** A call for one bucket, in the region where it is. */
function detail(
  action: string,
  gives: string,
  read: (session: AwsSession, bucket: string, region: string) => Promise<JsonObject | null>,
) {
  return {
    of: "aws_s3_bucket",
    actions: [action],
    gives: [gives],
    read: async (session, { id, region }, home): Promise<Facts> => {
      const attributes = await read(session, id, region ?? home);
      return { satellites: attributes === null ? [] : [thing(gives, id, {}, { bucket: id, ...attributes })] };
    },
  } satisfies Detail<AwsSession>;
}

export const buckets: Collector<AwsSession> = {
  types: ["aws_s3_bucket"],
  scope: "account",
  actions: ["s3:ListAllMyBuckets"],
  list: async (session) => {
    const all = await pages(
      session,
      s3,
      session.home,
      "s3:ListAllMyBuckets",
      (sdk, ContinuationToken) => new sdk.ListBucketsCommand({ MaxBuckets: 1000, ContinuationToken }),
      ({ Buckets }) => Buckets,
      ({ ContinuationToken }) => ContinuationToken,
    );
    return await each(all, async (of) => bucket(session, of));
  },
  details: [
    detail("s3:GetBucketPublicAccessBlock", "aws_s3_bucket_public_access_block", async (session, Bucket, region) => {
      const { PublicAccessBlockConfiguration: of } = await send(
        session,
        s3,
        region,
        "s3:GetBucketPublicAccessBlock",
        (sdk) => new sdk.GetPublicAccessBlockCommand({ Bucket }),
      ).catch(absent(["NoSuchPublicAccessBlockConfiguration"], { PublicAccessBlockConfiguration: undefined }));
      return of === undefined ? null : accessBlock(of);
    }),
    detail("s3:GetBucketAcl", "aws_s3_bucket_acl", async (session, Bucket, region) => {
      const action = "s3:GetBucketAcl";
      const { Grants, Owner } = await send(session, s3, region, action, (sdk) => new sdk.GetBucketAclCommand({ Bucket }));
      const owner = block(Owner, ({ ID, DisplayName }) => ({ ...always({ id: ID }), ...optional({ display_name: DisplayName }) }));
      return { acl: null, access_control_policy: { owner, grant: blocks(Grants, grant) } };
    }),
    detail("s3:GetBucketPolicy", "aws_s3_bucket_policy", async (session, Bucket, region) => {
      const action = "s3:GetBucketPolicy";
      const { Policy } = await send(session, s3, region, action, (sdk) => new sdk.GetBucketPolicyCommand({ Bucket })).catch(
        absent(["NoSuchBucketPolicy"], { Policy: null }),
      );
      return Policy === null ? null : always({ policy: Policy });
    }),
    detail("s3:GetBucketVersioning", "aws_s3_bucket_versioning", async (session, Bucket, region) => {
      const action = "s3:GetBucketVersioning";
      const { MFADelete, Status } = await send(
        session,
        s3,
        region,
        action,
        (sdk) => new sdk.GetBucketVersioningCommand({ Bucket }),
      );
      // A bucket that never had versions answers with nothing; the provider calls that so as well.
      return { versioning_configuration: { status: Status ?? "Disabled", mfa_delete: MFADelete ?? "Disabled" } };
    }),
    detail("s3:GetBucketLogging", "aws_s3_bucket_logging", async (session, Bucket, region) => {
      const action = "s3:GetBucketLogging";
      const { LoggingEnabled } = await send(session, s3, region, action, (sdk) => new sdk.GetBucketLoggingCommand({ Bucket }));
      // Left out where there is no logging.
      return block(LoggingEnabled, ({ TargetBucket, TargetPrefix }) =>
        always({ target_bucket: TargetBucket, target_prefix: TargetPrefix }),
      );
    }),
    detail(
      "s3:GetEncryptionConfiguration",
      "aws_s3_bucket_server_side_encryption_configuration",
      async (session, Bucket, region) => {
        const action = "s3:GetEncryptionConfiguration";
        const { ServerSideEncryptionConfiguration: of } = await send(
          session,
          s3,
          region,
          action,
          (sdk) => new sdk.GetBucketEncryptionCommand({ Bucket }),
        ).catch(absent(["ServerSideEncryptionConfigurationNotFoundError"], { ServerSideEncryptionConfiguration: undefined }));
        if (of === undefined) return null;
        const rule = blocks(of.Rules, ({ ApplyServerSideEncryptionByDefault, BucketKeyEnabled }) => ({
          ...optional({ bucket_key_enabled: BucketKeyEnabled }),
          apply_server_side_encryption_by_default: block(
            ApplyServerSideEncryptionByDefault,
            ({ KMSMasterKeyID, SSEAlgorithm }) => ({
              ...always({ sse_algorithm: SSEAlgorithm }),
              ...optional({ kms_master_key_id: KMSMasterKeyID }),
            }),
          ),
        }));
        return { rule };
      },
    ),
    detail("s3:GetBucketOwnershipControls", "aws_s3_bucket_ownership_controls", async (session, Bucket, region) => {
      const action = "s3:GetBucketOwnershipControls";
      const { OwnershipControls: of } = await send(
        session,
        s3,
        region,
        action,
        (sdk) => new sdk.GetBucketOwnershipControlsCommand({ Bucket }),
      ).catch(absent(["OwnershipControlsNotFoundError"], { OwnershipControls: undefined }));
      if (of === undefined) return null;
      return { rule: blocks(of.Rules, ({ ObjectOwnership }) => always({ object_ownership: ObjectOwnership })) };
    }),
  ],
};

async function bucket(session: AwsSession, of: Bucket): Promise<Found> {
  const name = must(of.Name, "s3:ListAllMyBuckets");
  const region = of.BucketRegion ?? (await location(session, name));
  const found = thing(
    "aws_s3_bucket",
    name,
    { name },
    {
      bucket: name,
      region,
      bucket_region: region,
      arn: of.BucketArn ?? `arn:${session.caller.partition}:s3:::${name}`,
      // What follows as things of their own.
      acl: null,
      grant: [],
      policy: null,
      logging: [],
      versioning: [],
      server_side_encryption_configuration: [],
    },
  );
  return { ...found, region };
}

/** For clouds that don't say it in the list. */
async function location(session: AwsSession, Bucket: string): Promise<string> {
  return await keep(session, `bucket ${Bucket}`, async () => {
    const action = "s3:GetBucketLocation";
    const { LocationConstraint } = await send(
      session,
      s3,
      session.home,
      action,
      (sdk) => new sdk.GetBucketLocationCommand({ Bucket }),
    );
    // The two oldest regions have names of their own here.
    const place: string | undefined = LocationConstraint;
    return place === undefined || place === "" ? "us-east-1" : place === "EU" ? "eu-west-1" : place;
  });
}

export function accessBlock(of: {
  readonly BlockPublicAcls?: boolean | undefined;
  readonly BlockPublicPolicy?: boolean | undefined;
  readonly IgnorePublicAcls?: boolean | undefined;
  readonly RestrictPublicBuckets?: boolean | undefined;
}): JsonObject {
  // "FALSE" is the documented default of each.
  return {
    block_public_acls: of.BlockPublicAcls ?? false,
    block_public_policy: of.BlockPublicPolicy ?? false,
    ignore_public_acls: of.IgnorePublicAcls ?? false,
    restrict_public_buckets: of.RestrictPublicBuckets ?? false,
  };
}

function grant({ Grantee, Permission }: Grant): JsonObject {
  return {
    ...always({ permission: Permission }),
    // Of its four ways to name somebody a grantee has one.
    grantee: block(Grantee, ({ DisplayName, EmailAddress, ID, Type, URI }) => ({
      ...always({ type: Type }),
      ...optional({ display_name: DisplayName, email_address: EmailAddress, id: ID, uri: URI }),
    })),
  };
}
