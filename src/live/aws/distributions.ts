import { textOf, isJsonObject, type JsonObject } from "../../core/snapshots/model.ts";
import { CallFailure } from "../failure.ts";
import type * as cloudfrontSdk from "./sdk/changes/cloudfront.ts";
import { send, type AwsSession, type Service } from "./client.ts";

type CloudFront = typeof cloudfrontSdk;

const action = "cloudfront:UpdateDistribution";

/**
 * UpdateDistribution takes the whole configuration, and that of an origin may hold secrets: it is read, changed and written here and
 * goes nowhere else. `input`: `{ Id, Default, ByPattern: { pattern: policy } }`. Source: Amazon CloudFront API Reference.
 */
export async function setViewerProtocolPolicies(
  session: AwsSession,
  cloudfront: Service<CloudFront>,
  region: string,
  input: JsonObject,
): Promise<JsonObject> {
  const Id = textOf(input["Id"]) ?? "";
  const byPattern = isJsonObject(input["ByPattern"]) ? input["ByPattern"] : {};
  const { DistributionConfig, ETag } = await send(
    session,
    cloudfront,
    region,
    "cloudfront:GetDistributionConfig",
    (sdk) => new sdk.GetDistributionConfigCommand({ Id }),
  );
  const { DefaultCacheBehavior, CacheBehaviors } = DistributionConfig ?? {};
  if (DistributionConfig === undefined || DefaultCacheBehavior === undefined)
    throw new CallFailure({ kind: "answer", action, code: "Empty", message: "The answer holds no configuration." });
  const policy = (text: string | undefined, was: typeof DefaultCacheBehavior.ViewerProtocolPolicy) =>
    text === undefined ? was : (text as typeof was);
  const changed = {
    ...DistributionConfig,
    DefaultCacheBehavior: {
      ...DefaultCacheBehavior,
      ViewerProtocolPolicy: policy(textOf(input["Default"]), DefaultCacheBehavior.ViewerProtocolPolicy),
    },
    ...(CacheBehaviors === undefined
      ? {}
      : {
          CacheBehaviors: {
            ...CacheBehaviors,
            Items: CacheBehaviors.Items?.map((each) => ({
              ...each,
              ViewerProtocolPolicy: policy(textOf(byPattern[each.PathPattern ?? ""]), each.ViewerProtocolPolicy),
            })),
          },
        }),
  };
  await send(
    session,
    cloudfront,
    region,
    action,
    (sdk) => new sdk.UpdateDistributionCommand({ Id, IfMatch: ETag, DistributionConfig: changed }),
  );
  return {};
}
