import type { ConfigurationRecorder } from "@aws-sdk/client-config-service";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector } from "../collector.ts";
import { absent, CallFailure } from "../failure.ts";
import { each, pages, send, service, type AwsSession } from "./client.ts";
import { always, block, must, tagged, thing } from "./shape.ts";

/* The services of a region that watch over all others: on or off, and how. */

const config = service("config", () => import("./sdk/config.ts"));
const guardduty = service("guardduty", () => import("./sdk/guardduty.ts"));
const securityhub = service("securityhub", () => import("./sdk/securityhub.ts"));
const macie = service("macie2", () => import("./sdk/macie.ts"));
const accessAnalyzer = service("access-analyzer", () => import("./sdk/accessanalyzer.ts"));

export const recorders: Collector<AwsSession> = {
  types: ["aws_config_configuration_recorder"],
  scope: "region",
  actions: ["config:DescribeConfigurationRecorders"],
  list: async (session, region) => {
    const action = "config:DescribeConfigurationRecorders";
    const { ConfigurationRecorders } = await send(
      session,
      config,
      region,
      action,
      (sdk) => new sdk.DescribeConfigurationRecordersCommand({}),
    );
    return (ConfigurationRecorders ?? []).map((of) => {
      const name = must(of.name, action);
      return thing(
        "aws_config_configuration_recorder",
        name,
        { name },
        {
          name,
          ...always({ role_arn: of.roleARN }),
          ...(of.recordingGroup === undefined ? {} : { recording_group: recordingGroup(of.recordingGroup) }),
        },
      );
    });
  },
};

function recordingGroup(of: NonNullable<ConfigurationRecorder["recordingGroup"]>): JsonObject {
  return {
    ...always({ all_supported: of.allSupported, include_global_resource_types: of.includeGlobalResourceTypes }),
    resource_types: of.resourceTypes ?? [],
    exclusion_by_resource_types: block(of.exclusionByResourceTypes, ({ resourceTypes }) => ({
      resource_types: resourceTypes ?? [],
    })),
    recording_strategy: block(of.recordingStrategy, ({ useOnly }) => always({ use_only: useOnly })),
  };
}

export const recorderStatus: Collector<AwsSession> = {
  types: ["aws_config_configuration_recorder_status"],
  scope: "region",
  actions: ["config:DescribeConfigurationRecorderStatus"],
  list: async (session, region) => {
    const action = "config:DescribeConfigurationRecorderStatus";
    const answer = await send(session, config, region, action, (sdk) => new sdk.DescribeConfigurationRecorderStatusCommand({}));
    return (answer.ConfigurationRecordersStatus ?? []).map((of) => {
      const name = must(of.name, action);
      return thing("aws_config_configuration_recorder_status", name, { name }, { name, ...always({ is_enabled: of.recording }) });
    });
  },
};

export const detectors: Collector<AwsSession> = {
  types: ["aws_guardduty_detector"],
  scope: "region",
  actions: ["guardduty:ListDetectors", "guardduty:GetDetector"],
  list: async (session, region) => {
    const ids = await pages(
      session,
      guardduty,
      region,
      "guardduty:ListDetectors",
      (sdk, NextToken) => new sdk.ListDetectorsCommand({ NextToken }),
      ({ DetectorIds }) => DetectorIds,
      ({ NextToken }) => NextToken,
    );
    return await each(ids, async (id) => {
      const action = "guardduty:GetDetector";
      const of = await send(session, guardduty, region, action, (sdk) => new sdk.GetDetectorCommand({ DetectorId: id }));
      const { account, partition } = session.caller;
      return thing(
        "aws_guardduty_detector",
        id,
        { tags: of.Tags },
        {
          account_id: account,
          arn: `arn:${partition}:guardduty:${region}:${account}:detector/${id}`,
          ...always({
            enable: of.Status === undefined ? undefined : of.Status === "ENABLED",
            finding_publishing_frequency: of.FindingPublishingFrequency,
          }),
        },
      );
    });
  },
};

/** What Security Hub says where it is off. */
const notSubscribed = ["InvalidAccessException", "ResourceNotFoundException"];

export const hubs: Collector<AwsSession> = {
  types: ["aws_securityhub_account"],
  scope: "region",
  actions: ["securityhub:DescribeHub"],
  list: async (session, region) => {
    const action = "securityhub:DescribeHub";
    const hub = await send(session, securityhub, region, action, (sdk) => new sdk.DescribeHubCommand({})).catch(
      absent(notSubscribed, undefined),
    );
    if (hub === undefined) return [];
    return [
      thing(
        "aws_securityhub_account",
        session.caller.account,
        {},
        {
          ...always({
            arn: hub.HubArn,
            auto_enable_controls: hub.AutoEnableControls,
            control_finding_generator: hub.ControlFindingGenerator,
          }),
          // A wish for the moment of turning it on. Which standards are on by now is told by themselves.
          enable_default_standards: false,
        },
      ),
    ];
  },
};

export const standards: Collector<AwsSession> = {
  types: ["aws_securityhub_standards_subscription"],
  scope: "region",
  actions: ["securityhub:GetEnabledStandards"],
  list: async (session, region) => {
    const action = "securityhub:GetEnabledStandards";
    const all = await pages(
      session,
      securityhub,
      region,
      action,
      (sdk, NextToken) => new sdk.GetEnabledStandardsCommand({ NextToken }),
      ({ StandardsSubscriptions }) => StandardsSubscriptions,
      ({ NextToken }) => NextToken,
    ).catch(absent(notSubscribed, []));
    return all
      .filter(({ StandardsStatus }) => StandardsStatus !== "DELETING" && StandardsStatus !== "FAILED")
      .map((of) => {
        const arn = must(of.StandardsSubscriptionArn, action);
        return thing("aws_securityhub_standards_subscription", arn, {}, { arn, ...always({ standards_arn: of.StandardsArn }) });
      });
  },
};

export const macieSessions: Collector<AwsSession> = {
  types: ["aws_macie2_account"],
  scope: "region",
  actions: ["macie2:GetMacieSession"],
  list: async (session, region) => {
    const action = "macie2:GetMacieSession";
    try {
      const of = await send(session, macie, region, action, (sdk) => new sdk.GetMacieSessionCommand({}));
      return [
        thing(
          "aws_macie2_account",
          session.caller.account,
          {},
          always({
            created_at: of.createdAt,
            finding_publishing_frequency: of.findingPublishingFrequency,
            service_role: of.serviceRole,
            status: of.status,
            updated_at: of.updatedAt,
          }),
        ),
      ];
    } catch (error) {
      // Macie has no other way to say that it is off.
      if (error instanceof CallFailure && error.code === "AccessDeniedException" && error.message.includes("Macie is not enabled"))
        return [];
      throw error;
    }
  },
};

export const analyzers: Collector<AwsSession> = {
  types: ["aws_accessanalyzer_analyzer"],
  scope: "region",
  actions: ["access-analyzer:ListAnalyzers"],
  list: async (session, region) => {
    const action = "access-analyzer:ListAnalyzers";
    const all = await pages(
      session,
      accessAnalyzer,
      region,
      action,
      (sdk, nextToken) => new sdk.ListAnalyzersCommand({ nextToken }),
      ({ analyzers: items }) => items,
      ({ nextToken }) => nextToken,
    );
    return (
      all
        // These find nothing any more: their organization lost its trust, or they could not be made.
        .filter(({ status }) => status !== "DISABLED" && status !== "FAILED")
        .map((of) => {
          const name = must(of.name, action);
          const tags = of.tags === undefined ? undefined : tagged(Object.entries(of.tags).map(([Key, Value]) => ({ Key, Value })));
          return thing(
            "aws_accessanalyzer_analyzer",
            name,
            { name, tags },
            {
              analyzer_name: name,
              ...always({ arn: of.arn, type: of.type }),
            },
          );
        })
    );
  },
};
