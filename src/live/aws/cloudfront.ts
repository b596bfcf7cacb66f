import type {
  CacheBehavior,
  DefaultCacheBehavior,
  DistributionConfig,
  DistributionSummary,
  Origin,
  ViewerCertificate,
} from "@aws-sdk/client-cloudfront";
import type { Json, JsonObject } from "../../core/snapshots/model.ts";
import type { Collector } from "../collector.ts";
import { bucketNames, bucketOf } from "./buckets.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { always, block, blocks, list, must, optional, thing } from "./shape.ts";

const cloudfront = service("cloudfront", () => import("./sdk/cloudfront.ts"));
const logs = service("logs", () => import("./sdk/log-deliveries.ts"));

export const distributions: Collector<AwsSession> = {
  types: ["aws_cloudfront_distribution"],
  scope: "account",
  actions: ["cloudfront:ListDistributions"],
  list: async (session, region) => {
    const action = "cloudfront:ListDistributions";
    const all = await pages(
      session,
      cloudfront,
      region,
      action,
      (sdk, Marker) => new sdk.ListDistributionsCommand({ Marker, MaxItems: 100 }),
      ({ DistributionList }) => DistributionList?.Items,
      ({ DistributionList }) => (DistributionList?.IsTruncated === true ? DistributionList.NextMarker : undefined),
    );
    return all.map((of) => {
      const id = must(of.Id, action);
      const { Comment } = of;
      const name = Comment === undefined || Comment === "" ? (of.Aliases?.Items?.[0] ?? of.DomainName) : Comment;
      return thing("aws_cloudfront_distribution", id, { name }, summary(of));
    });
  },
  details: [
    {
      of: "aws_cloudfront_distribution",
      actions: ["cloudfront:GetDistributionConfig"],
      read: async (session, { id }, region) => {
        const action = "cloudfront:GetDistributionConfig";
        const answer = await send(session, cloudfront, region, action, (sdk) => new sdk.GetDistributionConfigCommand({ Id: id }));
        return { attributes: answer.DistributionConfig === undefined ? {} : configuration(answer.DistributionConfig) };
      },
    },
    {
      of: "aws_cloudfront_distribution",
      actions: ["logs:DescribeDeliverySources"],
      gives: ["aws_cloudwatch_log_delivery_source"],
      readAll: async (session, found, region) => {
        const action = "logs:DescribeDeliverySources";
        const sources = await pages(
          session,
          logs,
          // Deliveries of what is in no region are there.
          session.caller.partition === "aws" ? "us-east-1" : region,
          action,
          (sdk, nextToken) => new sdk.DescribeDeliverySourcesCommand({ nextToken }),
          ({ deliverySources }) => deliverySources,
          ({ nextToken }) => nextToken,
        );
        return new Map(
          found.map(({ id, attributes }) => {
            const its = sources.filter(({ resourceArns }) => resourceArns?.some((arn) => arn === attributes["arn"]) === true);
            const satellites = its.map((of) => {
              const name = must(of.name, action);
              const told = always({ arn: of.arn, resource_arn: attributes["arn"], service: of.service, log_type: of.logType });
              return thing("aws_cloudwatch_log_delivery_source", name, { name }, { name, ...told });
            });
            return [id, { satellites }];
          }),
        );
      },
    },
    {
      of: "aws_cloudfront_distribution",
      actions: ["s3:ListAllMyBuckets"],
      readAll: async (session, found) => {
        const ours = await bucketNames(session);
        return new Map(
          found.map(({ id, attributes }) => {
            const origins = Array.isArray(attributes.origin) ? attributes.origin : undefined;
            // Without the origins nothing can be said.
            if (origins === undefined) return [id, {}];
            const named = origins.map((origin) => bucketOf((origin as { domain_name?: string }).domain_name ?? ""));
            const missing = named.filter((name) => name !== undefined && !ours.has(name));
            return [id, { attributes: { missing_buckets: [...new Set(missing)] as string[] } }];
          }),
        );
      },
    },
  ],
};

function summary(of: DistributionSummary): JsonObject {
  return {
    ...always({
      arn: of.ARN,
      domain_name: of.DomainName,
      enabled: of.Enabled,
      status: of.Status,
      last_modified_time: of.LastModifiedTime,
    }),
    ...common(of),
  };
}

function configuration(of: DistributionConfig): JsonObject {
  const { Logging } = of;
  return {
    ...always({ caller_reference: of.CallerReference, enabled: of.Enabled }),
    ...common(of),
    ...set({
      default_root_object: of.DefaultRootObject,
      continuous_deployment_policy_id: of.ContinuousDeploymentPolicyId,
    }),
    logging_config: block(Logging?.Enabled === true ? Logging : undefined, (logging) =>
      always({ bucket: logging.Bucket, include_cookies: logging.IncludeCookies, prefix: logging.Prefix }),
    ),
  };
}

/** CloudFront writes what is not set as an empty text, or leaves it out. */
function set(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  return optional(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field === "" ? undefined : field])));
}

/** What the list tells as the configuration does. */
function common(of: DistributionSummary | DistributionConfig): JsonObject {
  const restriction = of.Restrictions?.GeoRestriction;
  return {
    ...always({
      comment: of.Comment,
      http_version: of.HttpVersion?.toLowerCase(),
      is_ipv6_enabled: of.IsIPV6Enabled,
      price_class: of.PriceClass,
      staging: of.Staging,
    }),
    ...set({
      web_acl_id: of.WebACLId,
      anycast_ip_list_id: of.AnycastIpListId,
      aliases: list(of.Aliases?.Items),
    }),
    ...(of.DefaultCacheBehavior === undefined ? {} : { default_cache_behavior: behavior(of.DefaultCacheBehavior) }),
    ...(of.CacheBehaviors === undefined ? {} : { ordered_cache_behavior: blocks(of.CacheBehaviors.Items, ordered) }),
    ...(of.Origins === undefined ? {} : { origin: blocks(of.Origins.Items, origin) }),
    ...(of.ViewerCertificate === undefined ? {} : { viewer_certificate: viewerCertificate(of.ViewerCertificate) }),
    ...(restriction === undefined
      ? {}
      : {
          restrictions: {
            geo_restriction: { ...always({ restriction_type: restriction.RestrictionType }), locations: list(restriction.Items) },
          },
        }),
  };
}

function ordered(of: CacheBehavior): JsonObject {
  return { ...always({ path_pattern: of.PathPattern }), ...behavior(of) };
}

function behavior(of: DefaultCacheBehavior | CacheBehavior): JsonObject {
  return {
    ...always({
      target_origin_id: of.TargetOriginId,
      viewer_protocol_policy: of.ViewerProtocolPolicy,
      compress: of.Compress,
      smooth_streaming: of.SmoothStreaming,
      allowed_methods: of.AllowedMethods?.Items,
      cached_methods: of.AllowedMethods?.CachedMethods?.Items,
    }),
    ...set({
      cache_policy_id: of.CachePolicyId,
      origin_request_policy_id: of.OriginRequestPolicyId,
      response_headers_policy_id: of.ResponseHeadersPolicyId,
      realtime_log_config_arn: of.RealtimeLogConfigArn,
      field_level_encryption_id: of.FieldLevelEncryptionId,
      trusted_key_groups: list(of.TrustedKeyGroups?.Items),
      trusted_signers: list(of.TrustedSigners?.Items),
    }),
    function_association: blocks(of.FunctionAssociations?.Items, (association) =>
      always({ event_type: association.EventType, function_arn: association.FunctionARN }),
    ),
    lambda_function_association: blocks(of.LambdaFunctionAssociations?.Items, (association) =>
      always({
        event_type: association.EventType,
        lambda_arn: association.LambdaFunctionARN,
        include_body: association.IncludeBody,
      }),
    ),
  };
}

/** Of headers that go to the origin only the names: the values are often keys. */
function origin(of: Origin): JsonObject {
  const identity = of.S3OriginConfig?.OriginAccessIdentity;
  return {
    ...always({
      origin_id: of.Id,
      domain_name: of.DomainName,
      origin_path: of.OriginPath,
      connection_attempts: of.ConnectionAttempts,
      connection_timeout: of.ConnectionTimeout,
    }),
    ...set({ origin_access_control_id: of.OriginAccessControlId }),
    custom_header: blocks(of.CustomHeaders?.Items, ({ HeaderName }) => always({ name: HeaderName })),
    custom_origin_config: block(of.CustomOriginConfig, (custom) =>
      always({
        http_port: custom.HTTPPort,
        https_port: custom.HTTPSPort,
        origin_protocol_policy: custom.OriginProtocolPolicy,
        origin_ssl_protocols: custom.OriginSslProtocols?.Items,
        origin_read_timeout: custom.OriginReadTimeout,
        origin_keepalive_timeout: custom.OriginKeepaliveTimeout,
      }),
    ),
    vpc_origin_config: block(of.VpcOriginConfig, (vpc) => ({
      ...always({
        vpc_origin_id: vpc.VpcOriginId,
        origin_keepalive_timeout: vpc.OriginKeepaliveTimeout,
        origin_read_timeout: vpc.OriginReadTimeout,
      }),
      ...set({ owner_account_id: vpc.OwnerAccountId }),
    })),
    // The API gives one with an empty identity to every bucket.
    s3_origin_config: identity === undefined || identity === "" ? null : { origin_access_identity: identity },
    origin_shield: block(of.OriginShield?.Enabled === true ? of.OriginShield : undefined, (shield) =>
      always({ enabled: shield.Enabled, origin_shield_region: shield.OriginShieldRegion }),
    ),
  };
}

function viewerCertificate(of: ViewerCertificate): JsonObject {
  return {
    ...always({ minimum_protocol_version: of.MinimumProtocolVersion }),
    cloudfront_default_certificate: of.CloudFrontDefaultCertificate ?? false,
    ...set({
      acm_certificate_arn: of.ACMCertificateArn,
      iam_certificate_id: of.IAMCertificateId,
      ssl_support_method: of.SSLSupportMethod,
    }),
  };
}
