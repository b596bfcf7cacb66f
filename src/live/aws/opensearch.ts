import type { DomainStatus, VPCDerivedInfo } from "@aws-sdk/client-opensearch";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Facts } from "../collector.ts";
import { batches } from "./batches.ts";
import { each, send, service, type AwsSession } from "./client.ts";
import { always, block, blocks, must, optional, thing, unlessEmpty } from "./shape.ts";

const opensearch = service("es", () => import("./sdk/opensearch.ts"));

/** Domains of Elasticsearch are among them: one API, and one type here. */
export const domains: Collector<AwsSession> = {
  types: ["aws_opensearch_domain"],
  scope: "region",
  actions: ["es:ListDomainNames"],
  list: async (session, region) => {
    const action = "es:ListDomainNames";
    const { DomainNames } = await send(session, opensearch, region, action, (sdk) => new sdk.ListDomainNamesCommand({}));
    const { partition, account } = session.caller;
    return (DomainNames ?? []).map(({ DomainName }) => {
      const name = must(DomainName, action);
      const arn = `arn:${partition}:es:${region}:${account}:domain/${name}`;
      return thing("aws_opensearch_domain", arn, { name }, { domain_name: name, arn });
    });
  },
  details: [
    {
      of: "aws_opensearch_domain",
      actions: ["es:DescribeDomains"],
      gives: ["aws_opensearch_domain_policy"],
      readAll: async (session, found, region) => {
        const read = new Map<string, Facts>();
        await each(batches(found, 5), async (some) => {
          const names = some.map(({ attributes }) => attributes.domain_name as string);
          const answer = await send(
            session,
            opensearch,
            region,
            "es:DescribeDomains",
            (sdk) => new sdk.DescribeDomainsCommand({ DomainNames: names }),
          );
          for (const of of answer.DomainStatusList ?? []) {
            const its = some.find(({ attributes }) => attributes.domain_name === of.DomainName);
            if (its !== undefined) read.set(its.id, domain(of, its.id));
          }
        });
        return read;
      },
    },
  ],
};

function domain(of: DomainStatus, id: string): Facts {
  const policy = of.AccessPolicies;
  const name = of.DomainName ?? "";
  return {
    // As a thing of its own.
    attributes: { ...attributesOf(of), access_policies: null },
    satellites:
      policy === undefined || policy === ""
        ? []
        : [thing("aws_opensearch_domain_policy", id, { name }, { domain_name: name, access_policies: policy })],
  };
}

function attributesOf(of: DomainStatus): JsonObject {
  const security = of.AdvancedSecurityOptions;
  const rest = of.EncryptionAtRestOptions;
  const nodes = of.NodeToNodeEncryptionOptions;
  const endpoint = of.DomainEndpointOptions;
  return {
    ...always({
      arn: of.ARN,
      domain_id: of.DomainId,
      engine_version: of.EngineVersion,
      ip_address_type: of.IPAddressType,
      advanced_options: of.AdvancedOptions,
      ...(rest === undefined
        ? {}
        : { encrypt_at_rest: { ...always({ enabled: rest.Enabled }), ...optional({ kms_key_id: rest.KmsKeyId }) } }),
      ...(nodes === undefined ? {} : { node_to_node_encryption: always({ enabled: nodes.Enabled }) }),
      ...(endpoint === undefined
        ? {}
        : {
            domain_endpoint_options: {
              ...always({
                enforce_https: endpoint.EnforceHTTPS,
                tls_security_policy: endpoint.TLSSecurityPolicy,
                custom_endpoint_enabled: endpoint.CustomEndpointEnabled,
              }),
              ...optional({
                custom_endpoint: endpoint.CustomEndpoint,
                custom_endpoint_certificate_arn: endpoint.CustomEndpointCertificateArn,
              }),
            },
          }),
    }),
    ...optional({ endpoint: of.Endpoint ?? of.Endpoints?.vpc, endpoint_v2: of.EndpointV2 }),
    // An old domain that never had it tells nothing of it.
    advanced_security_options: block(unlessEmpty(security), (options) => ({
      ...always({ enabled: options.Enabled, internal_user_database_enabled: options.InternalUserDatabaseEnabled }),
      anonymous_auth_enabled: options.AnonymousAuthEnabled ?? false,
    })),
    vpc_options: block(inVpc(of.VPCOptions), (vpc) =>
      always({
        vpc_id: vpc.VPCId,
        subnet_ids: vpc.SubnetIds,
        security_group_ids: vpc.SecurityGroupIds,
        availability_zones: vpc.AvailabilityZones,
      }),
    ),
    cluster_config: block(of.ClusterConfig, (cluster) => ({
      ...always({
        instance_type: cluster.InstanceType,
        instance_count: cluster.InstanceCount,
        dedicated_master_enabled: cluster.DedicatedMasterEnabled,
        zone_awareness_enabled: cluster.ZoneAwarenessEnabled,
        warm_enabled: cluster.WarmEnabled,
      }),
      ...optional({
        dedicated_master_count: cluster.DedicatedMasterCount,
        dedicated_master_type: cluster.DedicatedMasterType,
        multi_az_with_standby_enabled: cluster.MultiAZWithStandbyEnabled,
        warm_count: cluster.WarmCount,
        warm_type: cluster.WarmType,
      }),
    })),
    cognito_options: block(of.CognitoOptions?.Enabled === true ? of.CognitoOptions : undefined, (cognito) =>
      always({
        enabled: cognito.Enabled,
        identity_pool_id: cognito.IdentityPoolId,
        user_pool_id: cognito.UserPoolId,
        role_arn: cognito.RoleArn,
      }),
    ),
    ebs_options: block(of.EBSOptions, (ebs) => ({
      ...always({ ebs_enabled: ebs.EBSEnabled }),
      ...optional({ volume_size: ebs.VolumeSize, volume_type: ebs.VolumeType, iops: ebs.Iops, throughput: ebs.Throughput }),
    })),
    log_publishing_options: blocks(Object.entries(of.LogPublishingOptions ?? {}), ([type, log]) => ({
      log_type: type,
      ...always({ enabled: log.Enabled, cloudwatch_log_group_arn: log.CloudWatchLogsLogGroupArn }),
    })),
    software_update_options: block(of.SoftwareUpdateOptions, ({ AutoSoftwareUpdateEnabled }) =>
      always({ auto_software_update_enabled: AutoSoftwareUpdateEnabled }),
    ),
  };
}

/** What is there without a VPC, or a subnet of one, says that the domain is on the internet: empty texts, whether traffic may leave. */
function inVpc(of: VPCDerivedInfo | undefined): VPCDerivedInfo | undefined {
  return (of?.VPCId ?? "") !== "" || (of?.SubnetIds ?? []).length > 0 ? of : undefined;
}
