import type { Collector } from "../collector.ts";
import { absent } from "../failure.ts";
import { each, pages, send, type AwsSession } from "./client.ts";
import { accessBlock } from "./s3.ts";
import { s3Control } from "./services.ts";
import { always, block, must, thing } from "./shape.ts";

/** Without one of its own the account blocks nothing: the engine writes that as nothing set. */
export const accountAccessBlock: Collector<AwsSession> = {
  types: ["aws_s3_account_public_access_block"],
  scope: "account",
  actions: ["s3:GetAccountPublicAccessBlock"],
  list: async (session) => {
    const AccountId = session.caller.account;
    const { PublicAccessBlockConfiguration: of } = await send(
      session,
      s3Control,
      session.home,
      "s3:GetAccountPublicAccessBlock",
      (sdk) => new sdk.GetPublicAccessBlockCommand({ AccountId }),
    ).catch(absent(["NoSuchPublicAccessBlockConfiguration"], { PublicAccessBlockConfiguration: undefined }));
    return of === undefined
      ? []
      : [thing("aws_s3_account_public_access_block", AccountId, {}, { account_id: AccountId, ...accessBlock(of) })];
  },
};

export const accessPoints: Collector<AwsSession> = {
  types: ["aws_s3_access_point"],
  scope: "region",
  actions: ["s3:ListAccessPoints", "s3:GetAccessPoint"],
  list: async (session, region) => {
    const AccountId = session.caller.account;
    const all = await pages(
      session,
      s3Control,
      region,
      "s3:ListAccessPoints",
      (sdk, NextToken) => new sdk.ListAccessPointsCommand({ AccountId, NextToken }),
      ({ AccessPointList }) => AccessPointList,
      ({ NextToken }) => NextToken,
    );
    return await each(all, async ({ Name, Bucket }) => {
      const name = must(Name, "s3:ListAccessPoints");
      const of = await send(
        session,
        s3Control,
        region,
        "s3:GetAccessPoint",
        (sdk) => new sdk.GetAccessPointCommand({ AccountId, Name: name }),
      );
      const bucket = of.Bucket ?? Bucket;
      return thing(
        "aws_s3_access_point",
        `${AccountId}:${name}`,
        { name },
        {
          name,
          account_id: AccountId,
          ...always({
            bucket,
            alias: of.Alias,
            arn: of.AccessPointArn,
            network_origin: of.NetworkOrigin,
            bucket_account_id: of.BucketAccountId,
          }),
          public_access_block_configuration: block(of.PublicAccessBlockConfiguration, accessBlock),
          // Only there where the origin is a VPC.
          vpc_configuration: block(of.VpcConfiguration, ({ VpcId }) => always({ vpc_id: VpcId })),
        },
      );
    });
  },
};
