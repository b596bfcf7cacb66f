import assert from "node:assert/strict";
import { CreateSecurityGroupCommand, DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateRepositoryCommand,
  ECRClient,
  PutRegistryScanningConfigurationCommand,
  SetRepositoryPolicyCommand,
} from "@aws-sdk/client-ecr";
import { CreateClusterCommand, CreateServiceCommand, ECSClient, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { CreateClusterCommand as CreateEksClusterCommand, CreateNodegroupCommand, EKSClient } from "@aws-sdk/client-eks";
import { collectors } from "../../../src/live/aws/collectors.ts";
import { double } from "./double.ts";
import { connect, emptyMoto, seeding } from "./moto.ts";
import { scan } from "./verdicts.ts";

const publicPolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: ["ecr:BatchGetImage"] }],
});
const ownPolicy = publicPolicy.replace('"*"', '{"AWS":"arn:aws:iam::123456789012:root"}');

describe("containers of an AWS account", () => {
  it("repositories of images, their policies, and what the registry scans", async () => {
    const endpoint = await emptyMoto();
    const ecr = new ECRClient(seeding(endpoint));
    await ecr.send(
      new CreateRepositoryCommand({
        repositoryName: "good",
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
      }),
    );
    await ecr.send(new CreateRepositoryCommand({ repositoryName: "bad" }));
    await ecr.send(new CreateRepositoryCommand({ repositoryName: "bare" }));
    await ecr.send(new SetRepositoryPolicyCommand({ repositoryName: "good", policyText: ownPolicy }));
    await ecr.send(new SetRepositoryPolicyCommand({ repositoryName: "bad", policyText: publicPolicy }));
    const ids = ["aws-ecr-immutable-tags", "aws-ecr-scan-on-push", "aws-ecr-policy-public"];
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, ids);
    assert.deepEqual(verdicts, {
      "aws-ecr-immutable-tags": { good: "pass", bad: "fail", bare: "fail" },
      "aws-ecr-scan-on-push": { good: "pass", bad: "fail", bare: "fail" },
      "aws-ecr-policy-public": { good: "pass", bad: "fail", bare: "notApplicable" },
    });
    assert.deepEqual(thing("aws_ecr_repository", "good").attributes["image_scanning_configuration"], { scan_on_push: true });
    assert.deepEqual(
      JSON.parse(thing("aws_ecr_repository_policy", "bad").attributes["policy"] as string),
      JSON.parse(publicPolicy),
    );

    await ecr.send(
      new PutRegistryScanningConfigurationCommand({
        scanType: "BASIC",
        rules: [{ scanFrequency: "SCAN_ON_PUSH", repositoryFilters: [{ filter: "*", filterType: "WILDCARD" }] }],
      }),
    );
    const scanned = await scan(await connect(endpoint), collectors, ["aws-ecr-scan-on-push"]);
    assert.deepEqual(scanned.verdicts["aws-ecr-scan-on-push"], { good: "pass", bad: "pass", bare: "pass" });
    assert.deepEqual(scanned.thing("aws_ecr_registry_scanning_configuration", "123456789012").attributes["rule"], [
      { scan_frequency: "SCAN_ON_PUSH", repository_filter: [{ filter: "*", filter_type: "WILDCARD" }] },
    ]);
  });

  it("clusters and services of ECS", async () => {
    const endpoint = await emptyMoto();
    const ecs = new ECSClient(seeding(endpoint));
    await ecs.send(new CreateClusterCommand({ clusterName: "good", settings: [{ name: "containerInsights", value: "enabled" }] }));
    await ecs.send(new CreateClusterCommand({ clusterName: "bad", settings: [{ name: "containerInsights", value: "disabled" }] }));
    const container = { name: "app", image: "nginx", memory: 128 };
    await ecs.send(new RegisterTaskDefinitionCommand({ family: "app", containerDefinitions: [container] }));
    const ec2 = new EC2Client(seeding(endpoint));
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({}));
    const [{ SubnetId = "", VpcId } = {}] = Subnets ?? [];
    const { GroupId = "" } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: "app", Description: "app", VpcId }));
    const network = (assignPublicIp: "ENABLED" | "DISABLED") => ({
      awsvpcConfiguration: { subnets: [SubnetId], securityGroups: [GroupId], assignPublicIp },
    });
    const service = { cluster: "good", taskDefinition: "app", desiredCount: 1 };
    await ecs.send(new CreateServiceCommand({ ...service, serviceName: "inside", networkConfiguration: network("DISABLED") }));
    await ecs.send(new CreateServiceCommand({ ...service, serviceName: "outside", networkConfiguration: network("ENABLED") }));
    await ecs.send(new CreateServiceCommand({ ...service, serviceName: "bridged" }));
    const ids = ["aws-ecs-container-insights", "aws-ecs-service-public-ip"];
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, ids);
    assert.deepEqual(verdicts, {
      "aws-ecs-container-insights": { good: "pass", bad: "fail" },
      "aws-ecs-service-public-ip": { inside: "pass", outside: "fail", bridged: "pass" },
    });
    assert.deepEqual(thing("aws_ecs_service", "outside").attributes["network_configuration"], {
      subnets: [SubnetId],
      security_groups: [GroupId],
      assign_public_ip: true,
    });
  });

  it("the newest task definition of a family, and the older one that a service runs", async () => {
    const endpoint = await emptyMoto();
    const ecs = new ECSClient(seeding(endpoint));
    await ecs.send(new CreateClusterCommand({ clusterName: "one" }));
    const container = { name: "app", image: "nginx", memory: 128 };
    for (let revision = 1; revision <= 11; revision++) {
      await ecs.send(
        new RegisterTaskDefinitionCommand({ family: "app", containerDefinitions: [{ ...container, privileged: revision === 2 }] }),
      );
    }
    await ecs.send(new CreateServiceCommand({ cluster: "one", serviceName: "old", taskDefinition: "app:2", desiredCount: 1 }));
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: "bad",
        networkMode: "host",
        containerDefinitions: [
          { ...container, environment: [{ name: "DATABASE_URL", value: "postgres://root:Tr0ub4dor-and-3@db.example.com/shop" }] },
        ],
      }),
    );
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: "good",
        networkMode: "awsvpc",
        containerDefinitions: [
          { ...container, readonlyRootFilesystem: true, privileged: false, environment: [{ name: "COLOUR", value: "blue" }] },
        ],
      }),
    );
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, [
      "aws-ecs-task-privileged",
      "aws-ecs-task-host-network",
      "aws-ecs-task-readonly-root",
      "aws-ecs-task-env-secrets",
    ]);
    assert.deepEqual(verdicts, {
      "aws-ecs-task-privileged": { "app:2": "fail", "app:11": "pass", "bad:1": "pass", "good:1": "pass" },
      "aws-ecs-task-host-network": { "app:2": "pass", "app:11": "pass", "bad:1": "fail", "good:1": "pass" },
      "aws-ecs-task-readonly-root": { "app:2": "fail", "app:11": "fail", "bad:1": "fail", "good:1": "pass" },
      "aws-ecs-task-env-secrets": { "app:2": "pass", "app:11": "pass", "bad:1": "fail", "good:1": "pass" },
    });
    const { attributes } = thing("aws_ecs_task_definition", "good:1");
    assert.equal(attributes["id"], "good");
    assert.equal(attributes["network_mode"], "awsvpc");
  });

  it("clusters and node groups of EKS", async () => {
    const endpoint = await emptyMoto();
    const eks = new EKSClient(seeding(endpoint));
    const cluster = { roleArn: "arn:aws:iam::123456789012:role/eks", version: "1.33" };
    await eks.send(
      new CreateEksClusterCommand({
        ...cluster,
        name: "good",
        resourcesVpcConfig: { subnetIds: ["subnet-1"], endpointPublicAccess: false, endpointPrivateAccess: true },
        logging: { clusterLogging: [{ types: ["api", "audit", "authenticator"], enabled: true }] },
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- What clusters were made with so far.
        encryptionConfig: [{ resources: ["secrets"], provider: { keyArn: "arn:aws:kms:eu-west-1:123456789012:key/one" } }],
        tags: { team: "shop" },
      }),
    );
    await eks.send(
      new CreateEksClusterCommand({
        ...cluster,
        name: "bad",
        resourcesVpcConfig: { subnetIds: ["subnet-1"], endpointPublicAccess: true, publicAccessCidrs: ["0.0.0.0/0"] },
        logging: {
          clusterLogging: [
            { types: ["api"], enabled: true },
            { types: ["audit", "authenticator"], enabled: false },
          ],
        },
      }),
    );
    const group = { clusterName: "good", nodeRole: "arn:aws:iam::123456789012:role/nodes", subnets: ["subnet-1"] };
    await eks.send(new CreateNodegroupCommand({ ...group, nodegroupName: "open", remoteAccess: { ec2SshKey: "admin" } }));
    await eks.send(
      new CreateNodegroupCommand({
        ...group,
        nodegroupName: "narrow",
        remoteAccess: { ec2SshKey: "admin", sourceSecurityGroups: ["sg-1"] },
      }),
    );
    await eks.send(new CreateNodegroupCommand({ ...group, nodegroupName: "closed" }));
    // moto invents a key for it.
    const front = await double({
      "GET /clusters/good/node-groups/closed": { nodegroup: { nodegroupName: "closed", clusterName: "good", status: "ACTIVE" } },
    });
    const session = await connect(front.endpoint);
    const { verdicts, thing } = await scan(session, collectors, [
      "aws-eks-control-plane-logs",
      "aws-eks-endpoint-public",
      "aws-eks-secrets-encryption",
      "aws-eks-node-remote-access",
    ]);
    assert.deepEqual(verdicts, {
      "aws-eks-control-plane-logs": { good: "pass", bad: "fail" },
      "aws-eks-endpoint-public": { good: "pass", bad: "fail" },
      "aws-eks-secrets-encryption": { good: "pass", bad: "fail" },
      "aws-eks-node-remote-access": { open: "fail", narrow: "pass", closed: "pass" },
    });
    await front.stop();
    const { attributes } = thing("aws_eks_cluster", "good");
    assert.deepEqual(attributes["tags"], { team: "shop" });
    assert.deepEqual(attributes["encryption_config"], {
      resources: ["secrets"],
      provider: { key_arn: "arn:aws:kms:eu-west-1:123456789012:key/one" },
    });
  });
});
