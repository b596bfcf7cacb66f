import type { Cluster, Nodegroup } from "@aws-sdk/client-eks";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector } from "../collector.ts";
import { each, pages, send, service, type AwsSession } from "./client.ts";
import { always, block, blocks, list, must, optional, tagAttributes, thing, unlessEmpty } from "./shape.ts";

const eks = service("eks", () => import("./sdk/eks.ts"));

export const clusters: Collector<AwsSession> = {
  types: ["aws_eks_cluster"],
  scope: "region",
  actions: ["eks:ListClusters"],
  list: async (session, region) => {
    const { partition, account } = session.caller;
    return (await clusterNames(session, region)).map((name) => {
      const arn = `arn:${partition}:eks:${region}:${account}:cluster/${name}`;
      return thing("aws_eks_cluster", name, { name }, { name, arn });
    });
  },
  details: [
    {
      of: "aws_eks_cluster",
      actions: ["eks:DescribeCluster"],
      read: async (session, { id }, region) => {
        const answer = await send(
          session,
          eks,
          region,
          "eks:DescribeCluster",
          (sdk) => new sdk.DescribeClusterCommand({ name: id }),
        );
        return { attributes: answer.cluster === undefined ? {} : cluster(answer.cluster) };
      },
    },
  ],
};

async function clusterNames(session: AwsSession, region: string): Promise<readonly string[]> {
  return await pages(
    session,
    eks,
    region,
    "eks:ListClusters",
    (sdk, nextToken) => new sdk.ListClustersCommand({ nextToken, maxResults: 100 }),
    (answer) => answer.clusters,
    ({ nextToken }) => nextToken,
  );
}

function cluster(of: Cluster): JsonObject {
  const setups = of.logging?.clusterLogging;
  const written = setups?.filter(({ enabled }) => enabled === true).flatMap(({ types }) => types ?? []);
  const vpc = of.resourcesVpcConfig;
  return {
    ...always({
      arn: of.arn,
      created_at: of.createdAt,
      deletion_protection: of.deletionProtection,
      enabled_cluster_log_types: written,
      endpoint: of.endpoint,
      platform_version: of.platformVersion,
      role_arn: of.roleArn,
      status: of.status,
      version: of.version,
      ...(vpc === undefined
        ? {}
        : {
            vpc_config: {
              ...always({
                endpoint_private_access: vpc.endpointPrivateAccess,
                endpoint_public_access: vpc.endpointPublicAccess,
                public_access_cidrs: vpc.publicAccessCidrs,
                security_group_ids: vpc.securityGroupIds,
                subnet_ids: vpc.subnetIds,
                vpc_id: vpc.vpcId,
              }),
              ...optional({ cluster_security_group_id: vpc.clusterSecurityGroupId }),
            },
          }),
    }),
    // Left out without a key of one's own.
    encryption_config: block(of.encryptionConfig?.[0], ({ provider, ...more }) => ({
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- AWS tells it still, and the provider reads it.
      ...always({ resources: more.resources }),
      provider: block(provider, ({ keyArn }) => always({ key_arn: keyArn })),
    })),
    access_config: block(of.accessConfig, ({ authenticationMode }) => always({ authentication_mode: authenticationMode })),
    kubernetes_network_config: block(of.kubernetesNetworkConfig, (network) => ({
      ...always({ ip_family: network.ipFamily }),
      ...optional({ service_ipv4_cidr: network.serviceIpv4Cidr, service_ipv6_cidr: network.serviceIpv6Cidr }),
    })),
    upgrade_policy: block(of.upgradePolicy, ({ supportType }) => always({ support_type: supportType })),
    identity: blocks(of.identity?.oidc === undefined ? [] : [of.identity.oidc], ({ issuer }) => ({ oidc: [always({ issuer })] })),
    ...tagAttributes(of.tags ?? {}),
  };
}

export const nodeGroups: Collector<AwsSession> = {
  types: ["aws_eks_node_group"],
  scope: "region",
  actions: ["eks:ListClusters", "eks:ListNodegroups"],
  list: async (session, region) => {
    const action = "eks:ListNodegroups";
    const groups = await each(await clusterNames(session, region), async (clusterName) => {
      const names = await pages(
        session,
        eks,
        region,
        action,
        (sdk, nextToken) => new sdk.ListNodegroupsCommand({ clusterName, nextToken, maxResults: 100 }),
        ({ nodegroups }) => nodegroups,
        ({ nextToken }) => nextToken,
      );
      return names.map((name) => {
        const id = `${clusterName}:${must(name, action)}`;
        return thing("aws_eks_node_group", id, { name }, { cluster_name: clusterName, node_group_name: name });
      });
    });
    return groups.flat();
  },
  details: [
    {
      of: "aws_eks_node_group",
      actions: ["eks:DescribeNodegroup"],
      read: async (session, { attributes }, region) => {
        const names = { clusterName: attributes.cluster_name as string, nodegroupName: attributes.node_group_name as string };
        const answer = await send(session, eks, region, "eks:DescribeNodegroup", (sdk) => new sdk.DescribeNodegroupCommand(names));
        return { attributes: answer.nodegroup === undefined ? {} : nodeGroup(answer.nodegroup) };
      },
    },
  ],
};

function nodeGroup(of: Nodegroup): JsonObject {
  return {
    ...always({
      arn: of.nodegroupArn,
      ami_type: of.amiType,
      capacity_type: of.capacityType,
      node_role_arn: of.nodeRole,
      release_version: of.releaseVersion,
      status: of.status,
      subnet_ids: of.subnets,
      version: of.version,
    }),
    ...optional({ disk_size: of.diskSize, instance_types: list(of.instanceTypes), labels: of.labels }),
    launch_template: block(of.launchTemplate, ({ id, name, version }) => optional({ id, name, version })),
    // Left out where nobody may log in, and where a launch template says who may.
    remote_access: block(unlessEmpty(of.remoteAccess), (access) =>
      optional({ ec2_ssh_key: access.ec2SshKey, source_security_group_ids: list(access.sourceSecurityGroups) }),
    ),
    scaling_config: block(of.scalingConfig, (scaling) =>
      always({ desired_size: scaling.desiredSize, max_size: scaling.maxSize, min_size: scaling.minSize }),
    ),
    taint: blocks(of.taints, ({ key, value, effect }) => always({ key, value, effect })),
    ...tagAttributes(of.tags ?? {}),
  };
}
