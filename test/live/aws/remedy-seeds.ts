import { CloudFrontClient, CreateDistributionCommand } from "@aws-sdk/client-cloudfront";
import { CloudTrailClient, CreateTrailCommand, StartLoggingCommand } from "@aws-sdk/client-cloudtrail";
import { ConfigServiceClient, PutConfigurationRecorderCommand, PutDeliveryChannelCommand } from "@aws-sdk/client-config-service";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateImageCommand,
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  CreateVpcCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  ModifyImageAttributeCommand,
  ModifySnapshotAttributeCommand,
  ModifySubnetAttributeCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { CreateRepositoryCommand, ECRClient } from "@aws-sdk/client-ecr";
import { CreateClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import {
  CreateLoadBalancerCommand,
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  UpdateAccountPasswordPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateDBInstanceCommand, CreateDBSnapshotCommand, ModifyDBSnapshotAttributeCommand, RDSClient } from "@aws-sdk/client-rds";
import { CreateClusterCommand as CreateWarehouseCommand, RedshiftClient } from "@aws-sdk/client-redshift";
import {
  CreateBucketCommand,
  GetBucketAclCommand,
  PutBucketAclCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { account, region, seeding } from "./moto.ts";
import { ecsCluster } from "./remedy-doubles.ts";

export type Failing = Awaited<ReturnType<typeof seedFailing>>;

/** One thing for each remedy, seeded as somebody who uses AWS does; their keys or ids. */
export async function seedFailing(endpoint: string) {
  const at = seeding(endpoint);
  return {
    ...(await storage(new S3Client(at))),
    ...(await network(new EC2Client(at))),
    ...(await identities(new IAMClient(at))),
    ...(await audit(at)),
    ...(await data(at)),
    ...(await compute(at)),
    account: `aws_account - ${account}`,
    accountRegion: `aws_account_region ${region} ${region}`,
    region,
    accountBlock: `aws_s3_account_public_access_block - ${account}`,
    passwordPolicy: "aws_iam_account_password_policy - iam-account-password-policy",
    ecsCluster,
    fileSystem: "fs-00000000000000001",
  };
}

async function storage(s3: S3Client) {
  for (const Bucket of ["plain", "suspended", "open", "logs-bucket"])
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: "suspended", VersioningConfiguration: { Status: "Suspended" } }));
  const { Owner } = await s3.send(new GetBucketAclCommand({ Bucket: "open" }));
  // moto gives one permission of a canned ACL that has two.
  const everyone = { Type: "Group", URI: "http://acs.amazonaws.com/groups/global/AllUsers" } as const;
  const Grants = [
    { Grantee: { Type: "CanonicalUser", ID: Owner?.ID }, Permission: "FULL_CONTROL" },
    { Grantee: everyone, Permission: "READ" },
    { Grantee: everyone, Permission: "WRITE" },
  ] as const;
  await s3.send(new PutBucketAclCommand({ Bucket: "open", AccessControlPolicy: { Owner, Grants: [...Grants] } }));
  const statement = {
    Sid: "Everyone",
    Effect: "Allow",
    Principal: "*",
    Action: ["s3:GetObject", "s3:PutObject"],
    Resource: "arn:aws:s3:::open/*",
  };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await s3.send(new PutBucketPolicyCommand({ Bucket: "open", Policy }));
  const log = {
    Sid: "Log",
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: "arn:aws:s3:::logs-bucket/*",
  };
  await s3.send(
    new PutBucketPolicyCommand({ Bucket: "logs-bucket", Policy: JSON.stringify({ Version: "2012-10-17", Statement: [log] }) }),
  );
  return { bucket: "plain", suspendedBucket: "suspended", openBucket: "open" };
}

async function network(ec2: EC2Client) {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" }));
  const VpcId = Vpc?.VpcId ?? "";
  const { GroupId = "" } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: "wide", Description: "wide", VpcId }));
  const open = (port: number, CidrIp = "0.0.0.0/0") => ({
    IpProtocol: "tcp",
    FromPort: port,
    ToPort: port,
    IpRanges: [{ CidrIp, Description: `port ${port}` }],
  });
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [
        open(22),
        open(22, "10.0.0.0/8"),
        open(3389),
        open(23),
        open(3306),
        open(443),
        { IpProtocol: "-1", Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
      ],
    }),
  );
  const { SecurityGroups } = await ec2.send(
    new DescribeSecurityGroupsCommand({
      Filters: [
        { Name: "vpc-id", Values: [VpcId] },
        { Name: "group-name", Values: ["default"] },
      ],
    }),
  );
  const { Subnets } = await ec2.send(new DescribeSubnetsCommand({}));
  const subnet = Subnets?.[0]?.SubnetId ?? "";
  await ec2.send(new ModifySubnetAttributeCommand({ SubnetId: subnet, MapPublicIpOnLaunch: { Value: true } }));
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId: "ami-12c6146b",
      MinCount: 1,
      MaxCount: 1,
      SubnetId: subnet,
      MetadataOptions: { HttpTokens: "optional" },
    }),
  );
  const instance = Instances?.[0]?.InstanceId ?? "";
  const { ImageId = "" } = await ec2.send(new CreateImageCommand({ InstanceId: instance, Name: "shared" }));
  await ec2.send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add: [{ Group: "all" }] } }));
  const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${region}a`, Size: 1 }));
  const { SnapshotId = "" } = await ec2.send(new CreateSnapshotCommand({ VolumeId }));
  await ec2.send(
    new ModifySnapshotAttributeCommand({
      SnapshotId,
      Attribute: "createVolumePermission",
      OperationType: "add",
      GroupNames: ["all"],
    }),
  );
  return {
    group: GroupId,
    defaultGroup: SecurityGroups?.[0]?.GroupId ?? "",
    subnet,
    instance,
    image: ImageId,
    snapshot: SnapshotId,
    vpc: VpcId,
  };
}

async function identities(iam: IAMClient) {
  await iam.send(new CreateUserCommand({ UserName: "admin" }));
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] });
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "everything", PolicyDocument }));
  await iam.send(new AttachUserPolicyCommand({ UserName: "admin", PolicyArn: Policy?.Arn }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "admin" }));
  await iam.send(new UpdateAccountPasswordPolicyCommand({ MinimumPasswordLength: 6, AllowUsersToChangePassword: false }));
  await iam.send(new CreateRoleCommand({ RoleName: "example", AssumeRolePolicyDocument: PolicyDocument }));
  return { user: "admin", accessKey: AccessKey?.AccessKeyId ?? "" };
}

async function audit(at: ReturnType<typeof seeding>) {
  const cloudtrail = new CloudTrailClient(at);
  const { TrailARN = "" } = await cloudtrail.send(new CreateTrailCommand({ Name: "quiet", S3BucketName: "logs-bucket" }));
  await cloudtrail.send(new CreateTrailCommand({ Name: "active", S3BucketName: "logs-bucket" }));
  await cloudtrail.send(new StartLoggingCommand({ Name: "active" }));
  const config = new ConfigServiceClient(at);
  await config.send(
    new PutConfigurationRecorderCommand({
      ConfigurationRecorder: {
        name: "default",
        roleARN: `arn:aws:iam::${account}:role/example`,
        recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
      },
    }),
  );
  await config.send(new PutDeliveryChannelCommand({ DeliveryChannel: { name: "default", s3BucketName: "logs-bucket" } }));
  const { KeyMetadata } = await new KMSClient(at).send(
    new CreateKeyCommand({ KeyUsage: "ENCRYPT_DECRYPT", KeySpec: "SYMMETRIC_DEFAULT" }),
  );
  return { trail: TrailARN, logGroup: "short", key: KeyMetadata?.KeyId ?? "" };
}

async function data(at: ReturnType<typeof seeding>) {
  await new DynamoDBClient(at).send(
    new CreateTableCommand({
      TableName: "orders",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  const rds = new RDSClient(at);
  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: "orders",
      DBInstanceClass: "db.t3.micro",
      Engine: "mysql",
      MasterUsername: "root",
      MasterUserPassword: "example-password",
      AllocatedStorage: 20,
      PubliclyAccessible: true,
      AutoMinorVersionUpgrade: false,
      BackupRetentionPeriod: 1,
    }),
  );
  await rds.send(new CreateDBSnapshotCommand({ DBSnapshotIdentifier: "shared", DBInstanceIdentifier: "orders" }));
  await rds.send(
    new ModifyDBSnapshotAttributeCommand({ DBSnapshotIdentifier: "shared", AttributeName: "restore", ValuesToAdd: ["all"] }),
  );
  await new RedshiftClient(at).send(
    new CreateWarehouseCommand({
      ClusterIdentifier: "warehouse",
      NodeType: "ra3.large",
      MasterUsername: "root",
      MasterUserPassword: "Example-1234",
      PubliclyAccessible: true,
    }),
  );
  const { TopicArn = "" } = await new SNSClient(at).send(new CreateTopicCommand({ Name: "news" }));
  const sqs = new SQSClient(at);
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "jobs" }));
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { SqsManagedSseEnabled: "false" } }));
  return {
    table: "orders",
    database: "orders",
    databaseSnapshot: "shared",
    warehouse: "warehouse",
    topic: TopicArn,
    queue: "jobs",
  };
}

async function compute(at: ReturnType<typeof seeding>) {
  await new ECRClient(at).send(new CreateRepositoryCommand({ repositoryName: "app" }));
  const ec2 = new EC2Client(at);
  const { Subnets } = await ec2.send(new DescribeSubnetsCommand({}));
  const subnetIds = (Subnets ?? []).slice(0, 2).flatMap(({ SubnetId }) => SubnetId ?? []);
  await new EKSClient(at).send(
    new CreateClusterCommand({
      name: "main",
      roleArn: `arn:aws:iam::${account}:role/example`,
      resourcesVpcConfig: { subnetIds, endpointPublicAccess: true, endpointPrivateAccess: false, publicAccessCidrs: ["0.0.0.0/0"] },
    }),
  );
  const elb = new ElasticLoadBalancingV2Client(at);
  const { LoadBalancers } = await elb.send(new CreateLoadBalancerCommand({ Name: "web", Subnets: subnetIds }));
  const balancer = LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  // AWS has a value for each of them from the start.
  const off = ["access_logs.s3.enabled", "routing.http.drop_invalid_header_fields.enabled", "deletion_protection.enabled"];
  const Attributes = [...off.map((Key) => ({ Key, Value: "false" })), { Key: "access_logs.s3.bucket", Value: "" }];
  await elb.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: balancer, Attributes }));
  const lambda = new LambdaClient(at);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: "worker",
      Runtime: "nodejs22.x",
      Role: `arn:aws:iam::${account}:role/example`,
      Handler: "index.handler",
      Code: { ZipFile: new Uint8Array([80, 75, 5, 6, ...Array.from({ length: 18 }, () => 0)]) },
    }),
  );
  await lambda.send(
    new AddPermissionCommand({ FunctionName: "worker", StatementId: "Everyone", Action: "lambda:InvokeFunction", Principal: "*" }),
  );
  const behavior = {
    TargetOriginId: "site",
    ViewerProtocolPolicy: "allow-all",
    ForwardedValues: { QueryString: false, Cookies: { Forward: "none" } },
    MinTTL: 0,
  } as const;
  const { Distribution } = await new CloudFrontClient(seeding(at.endpoint, "us-east-1")).send(
    new CreateDistributionCommand({
      DistributionConfig: {
        CallerReference: "1",
        Comment: "",
        Enabled: true,
        Origins: {
          Quantity: 1,
          Items: [
            {
              Id: "site",
              DomainName: "site.example.com",
              CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: "https-only" },
            },
          ],
        },
        DefaultCacheBehavior: behavior,
      },
    }),
  );
  return {
    repository: "app",
    cluster: "main",
    balancer,
    function: "worker",
    functionUrl: "worker",
    distribution: Distribution?.Id ?? "",
  };
}
