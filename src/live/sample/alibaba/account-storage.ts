import { sampleAccountId, type Clock } from "./account-basics.ts";
import type { Bucket } from "./state.ts";

/** Buckets of the sample account: one in order, one that the shop's customers read, one with a hole. */
export function sampleBuckets(ago: Clock): readonly Bucket[] {
  const created = (days: number): string => ago(days).replace("Z", ".000Z");
  const acl = (grant: string): string =>
    `<AccessControlPolicy><Owner><ID>${sampleAccountId}</ID><DisplayName>${sampleAccountId}</DisplayName></Owner>` +
    `<AccessControlList><Grant>${grant}</Grant></AccessControlList></AccessControlPolicy>`;
  const block = (on: boolean): string =>
    `<PublicAccessBlockConfiguration><BlockPublicAccess>${on}</BlockPublicAccess></PublicAccessBlockConfiguration>`;
  const overHttps = {
    Effect: "Deny",
    Action: ["oss:*"],
    Principal: ["*"],
    Resource: ["acs:oss:*:*:harbour-books-backups", "acs:oss:*:*:harbour-books-backups/*"],
    Condition: { Bool: { "acs:SecureTransport": ["false"] } },
  };
  const everybody = {
    Effect: "Allow",
    Action: ["oss:PutObject", "oss:GetObject"],
    Principal: ["*"],
    Resource: ["acs:oss:*:*:harbour-books-uploads/*"],
  };
  const policy = (...statements: readonly object[]): string => JSON.stringify({ Version: "1", Statement: statements });
  return [
    {
      name: "harbour-books-backups",
      region: "cn-hangzhou",
      created: created(500),
      parts: {
        acl: acl("private"),
        policy: policy(overHttps),
        publicAccessBlock: block(true),
        versioning: "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
        encryption:
          "<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>KMS</SSEAlgorithm>" +
          "<KMSMasterKeyID>key-hzz0000000000000000000</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>",
        logging:
          "<BucketLoggingStatus><LoggingEnabled><TargetBucket>harbour-books-trail</TargetBucket>" +
          "<TargetPrefix>backups/</TargetPrefix></LoggingEnabled></BucketLoggingStatus>",
      },
    },
    {
      name: "harbour-books-media",
      region: "cn-hangzhou",
      created: created(800),
      parts: { acl: acl("public-read"), publicAccessBlock: block(false) },
    },
    {
      name: "harbour-books-trail",
      region: "cn-hangzhou",
      created: created(450),
      parts: { acl: acl("private"), publicAccessBlock: block(true) },
    },
    {
      name: "harbour-books-uploads",
      region: "ap-southeast-1",
      created: created(300),
      parts: {
        acl: acl("public-read-write"),
        publicAccessBlock: block(false),
        policy: policy(everybody),
        versioning: "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>",
        encryption:
          "<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>" +
          "</ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>",
      },
    },
  ];
}
