import type { Json } from "../../../core/snapshots/model.ts";
import { arn, policy, sampleAccountId, sampleRegion, type Clock } from "./account-basics.ts";
import type { Recorded } from "./state.ts";

/** What happened, who watches, and the keys. */
export function auditState(clock: Clock): readonly Recorded[] {
  return [...trails(), ...keys(clock), ...watchers(clock)];
}

const here = (operation: string, answer: Json, of?: Readonly<Record<string, string>>): Recorded => ({
  operation,
  region: sampleRegion,
  ...(of === undefined ? {} : { of }),
  answer,
});

function trails(): Recorded[] {
  const trail = (Name: string, more: object): Json => ({
    Name,
    TrailARN: arn("cloudtrail", `trail/${Name}`),
    S3BucketName: "pinewood-trail",
    IncludeGlobalServiceEvents: true,
    IsMultiRegionTrail: true,
    HomeRegion: sampleRegion,
    LogFileValidationEnabled: true,
    HasCustomEventSelectors: false,
    HasInsightSelectors: false,
    IsOrganizationTrail: false,
    ...more,
  });
  const all = [
    trail("audit", {
      KmsKeyId: arn("kms", `key/${rotated}`),
      CloudWatchLogsLogGroupArn: `${arn("logs", "log-group:audit")}:*`,
      CloudWatchLogsRoleArn: arn("iam", "role/trail-to-logs", ""),
    }),
    trail("first-try", { IsMultiRegionTrail: false, LogFileValidationEnabled: false }),
  ];
  const status = (name: string, IsLogging: boolean): Recorded =>
    here("cloudtrail:GetTrailStatus", { IsLogging }, { Name: arn("cloudtrail", `trail/${name}`) });
  const selectors = (name: string): Recorded =>
    here(
      "cloudtrail:GetEventSelectors",
      {
        TrailARN: arn("cloudtrail", `trail/${name}`),
        EventSelectors: [
          { ReadWriteType: "All", IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] },
        ],
      },
      { TrailName: arn("cloudtrail", `trail/${name}`) },
    );
  return [
    {
      operation: "cloudtrail:ListTrails",
      answer: {
        Trails: ["audit", "first-try"].map((Name) => ({
          Name,
          TrailARN: arn("cloudtrail", `trail/${Name}`),
          HomeRegion: sampleRegion,
        })),
      },
    },
    here("cloudtrail:DescribeTrails", { trailList: all }),
    status("audit", true),
    status("first-try", false),
    selectors("audit"),
    selectors("first-try"),
    here("logs:DescribeLogGroups", {
      logGroups: [
        { logGroupName: "audit", arn: `${arn("logs", "log-group:audit")}:*`, logGroupClass: "STANDARD", retentionInDays: 400 },
        { logGroupName: "/aws/lambda/orders", arn: `${arn("logs", "log-group:/aws/lambda/orders")}:*`, logGroupClass: "STANDARD" },
      ],
    }),
    here("logs:DescribeMetricFilters", {
      metricFilters: [
        {
          filterName: "root-usage",
          logGroupName: "audit",
          filterPattern:
            '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
          metricTransformations: [{ metricName: "RootUsage", metricNamespace: "Audit", metricValue: "1" }],
        },
      ],
    }),
    here("monitoring:DescribeAlarms", {
      MetricAlarms: [
        {
          AlarmName: "root-usage",
          AlarmArn: arn("cloudwatch", "alarm:root-usage"),
          ActionsEnabled: true,
          AlarmActions: [arn("sns", "alarms")],
          OKActions: [],
          InsufficientDataActions: [],
          MetricName: "RootUsage",
          Namespace: "Audit",
          Statistic: "Sum",
          Dimensions: [],
          Period: 300,
          EvaluationPeriods: 1,
          Threshold: 1,
          ComparisonOperator: "GreaterThanOrEqualToThreshold",
        },
      ],
    }),
  ];
}

const rotated = "0a1b2c3d-0000-4000-8000-000000000001";
const still = "0a1b2c3d-0000-4000-8000-000000000002";

function keys({ seconds }: Clock): Recorded[] {
  const key = (KeyId: string, Description: string, more: object): Recorded =>
    here(
      "kms:DescribeKey",
      {
        KeyMetadata: {
          AWSAccountId: sampleAccountId,
          KeyId,
          Arn: arn("kms", `key/${KeyId}`),
          CreationDate: seconds(500),
          Enabled: true,
          Description,
          KeyUsage: "ENCRYPT_DECRYPT",
          KeyState: "Enabled",
          Origin: "AWS_KMS",
          KeyManager: "CUSTOMER",
          CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
          KeySpec: "SYMMETRIC_DEFAULT",
          EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
          MultiRegion: false,
          ...more,
        },
      },
      { KeyId },
    );
  const policyOf = (KeyId: string, Principal: Json): Recorded =>
    here(
      "kms:GetKeyPolicy",
      { PolicyName: "default", Policy: policy({ Effect: "Allow", Principal, Action: "kms:*", Resource: "*" }) },
      { KeyId },
    );
  const rotation = (KeyId: string, KeyRotationEnabled: boolean): Recorded =>
    here(
      "kms:GetKeyRotationStatus",
      { KeyId, KeyRotationEnabled, ...(KeyRotationEnabled ? { RotationPeriodInDays: 365 } : {}) },
      { KeyId },
    );
  return [
    here("kms:ListKeys", {
      Truncated: false,
      Keys: [rotated, still].map((KeyId) => ({ KeyId, KeyArn: arn("kms", `key/${KeyId}`) })),
    }),
    key(rotated, "backups and trail", {}),
    key(still, "first try", {}),
    policyOf(rotated, { AWS: arn("iam", "root", "") }),
    policyOf(still, { AWS: "*" }),
    rotation(rotated, true),
    rotation(still, false),
  ];
}

function watchers({ iso }: Clock): Recorded[] {
  const detector = "12abc34d567e8fa901bc2d34e56789f0";
  return [
    here("config:DescribeConfigurationRecorders", {
      ConfigurationRecorders: [
        {
          name: "default",
          roleARN: arn("iam", "role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig", ""),
          recordingGroup: {
            allSupported: true,
            includeGlobalResourceTypes: true,
            resourceTypes: [],
            recordingStrategy: { useOnly: "ALL_SUPPORTED_RESOURCE_TYPES" },
          },
        },
      ],
    }),
    here("config:DescribeConfigurationRecorderStatus", { ConfigurationRecordersStatus: [{ name: "default", recording: true }] }),
    here("guardduty:ListDetectors", { detectorIds: [detector] }),
    here(
      "guardduty:GetDetector",
      {
        status: "ENABLED",
        findingPublishingFrequency: "SIX_HOURS",
        serviceRole: arn("iam", "role/guardduty", ""),
        createdAt: iso(200),
      },
      { DetectorId: detector },
    ),
    here("access-analyzer:ListAnalyzers", {
      analyzers: [
        {
          name: "account",
          arn: arn("access-analyzer", "analyzer/account"),
          type: "ACCOUNT",
          status: "ACTIVE",
          createdAt: iso(300),
          tags: {},
        },
      ],
    }),
  ];
}
