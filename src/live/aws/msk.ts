import type { BrokerNodeGroupInfo, Cluster, Provisioned } from "@aws-sdk/client-kafka";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Found } from "../collector.ts";
import { pages, service, type AwsSession } from "./client.ts";
import { always, block, list, must, optional, thing } from "./shape.ts";

const kafka = service("kafka", () => import("./sdk/kafka.ts"));
const action = "kafka:ListClustersV2";

/** Serverless clusters, which are always encrypted and never public, are a type of their own. */
export const clusters: Collector<AwsSession> = {
  types: ["aws_msk_cluster"],
  scope: "region",
  actions: [action],
  list: async (session, region) => {
    const all = await pages(
      session,
      kafka,
      region,
      action,
      (sdk, NextToken) => new sdk.ListClustersV2Command({ NextToken, MaxResults: 100 }),
      ({ ClusterInfoList }) => ClusterInfoList,
      ({ NextToken }) => NextToken,
    );
    return all.flatMap((of) => (of.ClusterType === "SERVERLESS" ? [] : [cluster(of)]));
  },
};

function cluster(of: Cluster): Found {
  const arn = must(of.ClusterArn, action);
  return thing(
    "aws_msk_cluster",
    arn,
    { name: of.ClusterName, tags: of.Tags ?? {} },
    {
      arn,
      ...always({ cluster_name: of.ClusterName, current_version: of.CurrentVersion, cluster_uuid: arn.split("/").at(-1) }),
      ...(of.Provisioned === undefined ? {} : provisioned(of.Provisioned)),
    },
  );
}

/** Encryption and public access are always told: where they are left out, they were not read. */
function provisioned(of: Provisioned): JsonObject {
  const transit = of.EncryptionInfo?.EncryptionInTransit;
  return {
    ...always({
      enhanced_monitoring: of.EnhancedMonitoring,
      kafka_version: of.CurrentBrokerSoftwareInfo?.KafkaVersion,
      number_of_broker_nodes: of.NumberOfBrokerNodes,
      storage_mode: of.StorageMode,
      ...(of.BrokerNodeGroupInfo === undefined ? {} : { broker_node_group_info: brokers(of.BrokerNodeGroupInfo) }),
      ...(of.EncryptionInfo === undefined
        ? {}
        : {
            encryption_info: {
              ...always({ encryption_at_rest_kms_key_arn: of.EncryptionInfo.EncryptionAtRest?.DataVolumeKMSKeyId }),
              ...(transit === undefined
                ? {}
                : { encryption_in_transit: always({ client_broker: transit.ClientBroker, in_cluster: transit.InCluster }) }),
            },
          }),
    }),
    ...optional({
      zookeeper_connect_string: of.ZookeeperConnectString,
      zookeeper_connect_string_tls: of.ZookeeperConnectStringTls,
    }),
    client_authentication: block(of.ClientAuthentication, ({ Sasl, Tls, Unauthenticated }) => ({
      ...optional({ unauthenticated: Unauthenticated?.Enabled }),
      sasl: block(Sasl, ({ Iam, Scram }) => optional({ iam: Iam?.Enabled, scram: Scram?.Enabled })),
      tls: block(Tls, ({ CertificateAuthorityArnList }) => ({ certificate_authority_arns: list(CertificateAuthorityArnList) })),
    })),
    configuration_info: block(of.CurrentBrokerSoftwareInfo, ({ ConfigurationArn, ConfigurationRevision }) =>
      optional({ arn: ConfigurationArn, revision: ConfigurationRevision }),
    ),
    logging_info: block(of.LoggingInfo?.BrokerLogs, ({ CloudWatchLogs, Firehose, S3 }) => ({
      broker_logs: {
        cloudwatch_logs: block(CloudWatchLogs, (logs) => ({
          ...always({ enabled: logs.Enabled }),
          ...optional({ log_group: logs.LogGroup }),
        })),
        firehose: block(Firehose, (logs) => ({
          ...always({ enabled: logs.Enabled }),
          ...optional({ delivery_stream: logs.DeliveryStream }),
        })),
        s3: block(S3, (logs) => ({
          ...always({ enabled: logs.Enabled }),
          ...optional({ bucket: logs.Bucket, prefix: logs.Prefix }),
        })),
      },
    })),
  };
}

function brokers(of: BrokerNodeGroupInfo): JsonObject {
  const connectivity = of.ConnectivityInfo;
  const access = connectivity?.PublicAccess?.Type;
  const storage = of.StorageInfo?.EbsStorageInfo;
  return {
    ...always({
      az_distribution: of.BrokerAZDistribution,
      client_subnets: of.ClientSubnets,
      instance_type: of.InstanceType,
      security_groups: of.SecurityGroups,
      ...(connectivity === undefined
        ? {}
        : {
            connectivity_info: {
              ...always({ network_type: connectivity.NetworkType }),
              ...(access === undefined ? {} : { public_access: { type: access } }),
            },
          }),
    }),
    storage_info: block(storage, ({ VolumeSize, ProvisionedThroughput }) => ({
      ebs_storage_info: {
        ...always({ volume_size: VolumeSize }),
        provisioned_throughput: block(ProvisionedThroughput, ({ Enabled, VolumeThroughput }) =>
          optional({ enabled: Enabled, volume_throughput: VolumeThroughput }),
        ),
      },
    })),
  };
}
