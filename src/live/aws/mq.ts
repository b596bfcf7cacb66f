import type { DescribeBrokerResponse } from "@aws-sdk/client-mq";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector } from "../collector.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { always, block, blocks, list, must, optional, tagAttributes, thing } from "./shape.ts";

const mq = service("mq", () => import("./sdk/mq.ts"));

export const brokers: Collector<AwsSession> = {
  types: ["aws_mq_broker"],
  scope: "region",
  actions: ["mq:ListBrokers"],
  list: async (session, region) => {
    const action = "mq:ListBrokers";
    const all = await pages(
      session,
      mq,
      region,
      action,
      (sdk, NextToken) => new sdk.ListBrokersCommand({ NextToken, MaxResults: 100 }),
      ({ BrokerSummaries }) => BrokerSummaries,
      ({ NextToken }) => NextToken,
    );
    return all.map((of) =>
      thing(
        "aws_mq_broker",
        must(of.BrokerId, action),
        { name: of.BrokerName },
        always({
          arn: of.BrokerArn,
          broker_name: of.BrokerName,
          deployment_mode: of.DeploymentMode,
          engine_type: of.EngineType,
          host_instance_type: of.HostInstanceType,
        }),
      ),
    );
  },
  details: [
    {
      of: "aws_mq_broker",
      actions: ["mq:DescribeBroker"],
      read: async (session, { id }, region) => {
        const answer = await send(
          session,
          mq,
          region,
          "mq:DescribeBroker",
          (sdk) => new sdk.DescribeBrokerCommand({ BrokerId: id }),
        );
        return { attributes: broker(answer) };
      },
    },
  ],
};

function broker(of: DescribeBrokerResponse): JsonObject {
  return {
    ...always({
      authentication_strategy: of.AuthenticationStrategy?.toLowerCase(),
      auto_minor_version_upgrade: of.AutoMinorVersionUpgrade,
      engine_type: of.EngineType,
      engine_version: of.EngineVersion,
      publicly_accessible: of.PubliclyAccessible,
      subnet_ids: of.SubnetIds,
      storage_type: of.StorageType,
    }),
    ...optional({ data_replication_mode: of.DataReplicationMode, security_groups: list(of.SecurityGroups) }),
    configuration: block(of.Configurations?.Current, ({ Id, Revision }) => always({ id: Id, revision: Revision })),
    encryption_options: block(of.EncryptionOptions, ({ KmsKeyId, UseAwsOwnedKey }) => ({
      ...always({ use_aws_owned_key: UseAwsOwnedKey }),
      ...optional({ kms_key_id: KmsKeyId }),
    })),
    instances: blocks(of.BrokerInstances, (its) =>
      always({ console_url: its.ConsoleURL, endpoints: its.Endpoints, ip_address: its.IpAddress }),
    ),
    logs: block(of.Logs, ({ Audit, General }) => ({ ...always({ general: General }), ...optional({ audit: Audit?.toString() }) })),
    maintenance_window_start_time: block(of.MaintenanceWindowStartTime, (window) =>
      always({ day_of_week: window.DayOfWeek, time_of_day: window.TimeOfDay, time_zone: window.TimeZone }),
    ),
    ...tagAttributes(of.Tags ?? {}),
  };
}
