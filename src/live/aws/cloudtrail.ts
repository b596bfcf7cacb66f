import type { AdvancedFieldSelector, EventSelector, Trail } from "@aws-sdk/client-cloudtrail";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Found } from "../collector.ts";
import { absent } from "../failure.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { always, blocks, list, must, optional, thing } from "./shape.ts";

const cloudtrail = service("cloudtrail", () => import("./sdk/cloudtrail.ts"));
const describe = "cloudtrail:DescribeTrails";

/** What members of an organization may be told of its trail: it is there, and they don't see how it is set. */
const hidden = "TrailNotFoundException";

/** Where a trail is at home is where its calls go: its shadows in other regions are the same trail. */
const homeOf = ({ handle, region }: Found, home: string): string => (handle as Trail | undefined)?.HomeRegion ?? region ?? home;

export const trails: Collector<AwsSession> = {
  types: ["aws_cloudtrail"],
  scope: "account",
  actions: [describe, "cloudtrail:ListTrails"],
  list: async (session) => {
    // One call tells of the trails of all regions, so that a trail elsewhere counts also where few regions are scanned.
    const listed = await pages(
      session,
      cloudtrail,
      session.home,
      "cloudtrail:ListTrails",
      (sdk, NextToken) => new sdk.ListTrailsCommand({ NextToken }),
      ({ Trails }) => Trails,
      ({ NextToken }) => NextToken,
    );
    const homes = [...new Set(listed.map(({ HomeRegion }) => HomeRegion ?? session.home))].sort();
    const found: Found[] = [];
    // An organization's trail is a shadow in its members, at home too; what is asked for by name comes once.
    for (const region of homes) {
      const trailNameList = listed.flatMap(({ HomeRegion, TrailARN }) =>
        (HomeRegion ?? session.home) === region ? (TrailARN ?? []) : [],
      );
      const { trailList } = await send(
        session,
        cloudtrail,
        region,
        describe,
        (sdk) => new sdk.DescribeTrailsCommand({ trailNameList, includeShadowTrails: true }),
      );
      const its = (trailList ?? []).filter(({ HomeRegion }) => (HomeRegion ?? region) === region);
      found.push(...its.map((of) => ({ ...trail(of), region })));
    }
    return found;
  },
  details: [
    {
      of: "aws_cloudtrail",
      actions: ["cloudtrail:GetTrailStatus"],
      read: async (session, found, home) => {
        const { IsLogging } = await send(
          session,
          cloudtrail,
          homeOf(found, home),
          "cloudtrail:GetTrailStatus",
          (sdk) => new sdk.GetTrailStatusCommand({ Name: found.id }),
        ).catch(absent([hidden], { IsLogging: undefined }));
        return { attributes: always({ enable_logging: IsLogging }) };
      },
    },
    {
      of: "aws_cloudtrail",
      actions: ["cloudtrail:GetEventSelectors"],
      read: async (session, found, home) => {
        const { AdvancedEventSelectors, EventSelectors } = await send(
          session,
          cloudtrail,
          homeOf(found, home),
          "cloudtrail:GetEventSelectors",
          (sdk) => new sdk.GetEventSelectorsCommand({ TrailName: found.id }),
        ).catch(absent([hidden], { AdvancedEventSelectors: undefined, EventSelectors: undefined }));
        // A trail has selectors of one kind; one that nobody has set any for answers with the one that it was made with.
        if (AdvancedEventSelectors === undefined && EventSelectors === undefined) return {};
        return {
          attributes: {
            event_selector: blocks(EventSelectors, selector),
            advanced_event_selector: blocks(AdvancedEventSelectors, ({ FieldSelectors, Name }) => ({
              ...optional({ name: Name }),
              field_selector: blocks(FieldSelectors, field),
            })),
          },
        };
      },
    },
  ],
};

function trail(of: Trail): Found {
  const arn = must(of.TrailARN, describe);
  return thing(
    "aws_cloudtrail",
    arn,
    { name: of.Name, handle: of },
    {
      arn,
      ...always({
        enable_log_file_validation: of.LogFileValidationEnabled,
        home_region: of.HomeRegion,
        include_global_service_events: of.IncludeGlobalServiceEvents,
        is_multi_region_trail: of.IsMultiRegionTrail,
        is_organization_trail: of.IsOrganizationTrail,
        name: of.Name,
        s3_bucket_name: of.S3BucketName,
      }),
      ...optional({
        cloud_watch_logs_group_arn: of.CloudWatchLogsLogGroupArn,
        cloud_watch_logs_role_arn: of.CloudWatchLogsRoleArn,
        kms_key_id: of.KmsKeyId,
        s3_key_prefix: of.S3KeyPrefix,
        sns_topic_arn: of.SnsTopicARN,
      }),
    },
  );
}

function selector(of: EventSelector): JsonObject {
  return {
    ...always({ include_management_events: of.IncludeManagementEvents, read_write_type: of.ReadWriteType }),
    data_resource: blocks(of.DataResources, ({ Type, Values }) => always({ type: Type, values: Values })),
    exclude_management_event_sources: of.ExcludeManagementEventSources ?? [],
  };
}

function field(of: AdvancedFieldSelector): JsonObject {
  return optional({
    field: of.Field,
    equals: list(of.Equals),
    starts_with: list(of.StartsWith),
    ends_with: list(of.EndsWith),
    not_equals: list(of.NotEquals),
    not_starts_with: list(of.NotStartsWith),
    not_ends_with: list(of.NotEndsWith),
  });
}
