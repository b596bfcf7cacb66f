import { CloudTrailClient, CreateTrailCommand } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, CreateLogGroupCommand, PutMetricFilterCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ConfigServiceClient, PutConfigurationRecorderCommand } from "@aws-sdk/client-config-service";
import {
  AllocateAddressCommand,
  CreateFlowLogsCommand,
  CreateImageCommand,
  CreateLaunchTemplateCommand,
  CreateNetworkAclCommand,
  CreateSecurityGroupCommand,
  CreateTransitGatewayCommand,
  CreateVpcEndpointCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  ModifyImageAttributeCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { CreateDetectorCommand, GuardDutyClient } from "@aws-sdk/client-guardduty";
import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateInstanceProfileCommand,
  CreateLoginProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  UpdateAccountPasswordPolicyCommand,
  UploadServerCertificateCommand,
} from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateOrganizationCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import {
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateAccessPointCommand, S3ControlClient } from "@aws-sdk/client-s3-control";
import { account, region, seeding } from "./moto.ts";

/** One of everything that moto can have. */
export async function seedEverything(endpoint: string): Promise<void> {
  const at = seeding(endpoint);
  await identities(new IAMClient(at));
  await network(new EC2Client(at));
  const s3 = new S3Client(at);
  await s3.send(new CreateBucketCommand({ Bucket: "data", CreateBucketConfiguration: { LocationConstraint: region } }));
  await s3.send(new PutBucketPolicyCommand({ Bucket: "data", Policy: document("s3:GetObject") }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: "data", VersioningConfiguration: { Status: "Enabled" } }));
  await s3.send(new PutPublicAccessBlockCommand({ Bucket: "data", PublicAccessBlockConfiguration: { BlockPublicAcls: true } }));
  const control = new S3ControlClient({ ...at, endpointProvider: () => ({ url: new URL(endpoint) }) });
  await control.send(new CreateAccessPointCommand({ AccountId: account, Name: "point", Bucket: "data" }));
  await new CloudTrailClient(at).send(new CreateTrailCommand({ Name: "main", S3BucketName: "data" }));
  const logs = new CloudWatchLogsClient(at);
  await logs.send(new CreateLogGroupCommand({ logGroupName: "logs" }));
  const metric = { metricName: "m", metricNamespace: "n", metricValue: "1" };
  await logs.send(
    new PutMetricFilterCommand({ logGroupName: "logs", filterName: "f", filterPattern: "x", metricTransformations: [metric] }),
  );
  const alarm = { ComparisonOperator: "GreaterThanThreshold", EvaluationPeriods: 1, Threshold: 1 } as const;
  const cloudwatch = new CloudWatchClient(at);
  await cloudwatch.send(
    new PutMetricAlarmCommand({ AlarmName: "a", MetricName: "m", Namespace: "n", Period: 60, Statistic: "Sum", ...alarm }),
  );
  const Metric = { MetricName: "m", Namespace: "n", Dimensions: [{ Name: "d", Value: "v" }] };
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: "q",
      Metrics: [{ Id: "q", MetricStat: { Metric, Period: 60, Stat: "Sum" }, ReturnData: true }],
      ...alarm,
    }),
  );
  await new KMSClient(at).send(new CreateKeyCommand({}));
  const recorder = { name: "default", roleARN: `arn:aws:iam::${account}:role/r`, recordingGroup: { allSupported: true } };
  await new ConfigServiceClient(at).send(new PutConfigurationRecorderCommand({ ConfigurationRecorder: recorder }));
  await new GuardDutyClient(at).send(new CreateDetectorCommand({ Enable: true }));
  await new OrganizationsClient(seeding(endpoint, "us-east-1")).send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
}

function document(Action: string): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
}

async function identities(iam: IAMClient): Promise<void> {
  const PolicyDocument = document("s3:GetObject");
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "shared", PolicyDocument }));
  const PolicyArn = Policy?.Arn;
  await iam.send(new CreateUserCommand({ UserName: "u", Tags: [{ Key: "k", Value: "v" }] }));
  await iam.send(new PutUserPolicyCommand({ UserName: "u", PolicyName: "own", PolicyDocument }));
  await iam.send(new AttachUserPolicyCommand({ UserName: "u", PolicyArn }));
  await iam.send(new CreateLoginProfileCommand({ UserName: "u", Password: "Example-1234" }));
  await iam.send(new CreateAccessKeyCommand({ UserName: "u" }));
  await iam.send(new CreateGroupCommand({ GroupName: "g" }));
  await iam.send(new PutGroupPolicyCommand({ GroupName: "g", PolicyName: "own", PolicyDocument }));
  await iam.send(new AttachGroupPolicyCommand({ GroupName: "g", PolicyArn }));
  await iam.send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: PolicyDocument }));
  await iam.send(new PutRolePolicyCommand({ RoleName: "r", PolicyName: "own", PolicyDocument }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn }));
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "p" }));
  await iam.send(new UpdateAccountPasswordPolicyCommand({ MinimumPasswordLength: 14 }));
  await iam.send(new UploadServerCertificateCommand({ ServerCertificateName: "c", CertificateBody: "body", PrivateKey: "key" }));
}

async function network(ec2: EC2Client): Promise<void> {
  const VpcId = (await ec2.send(new DescribeVpcsCommand({}))).Vpcs?.[0]?.VpcId;
  const SubnetId = (await ec2.send(new DescribeSubnetsCommand({}))).Subnets?.[0]?.SubnetId;
  await ec2.send(new CreateSecurityGroupCommand({ GroupName: "sg", Description: "sg", VpcId }));
  await ec2.send(new CreateNetworkAclCommand({ VpcId }));
  await ec2.send(new CreateVpcEndpointCommand({ VpcId, ServiceName: `com.amazonaws.${region}.s3` }));
  await ec2.send(new CreateTransitGatewayCommand({}));
  const target = {
    LogDestinationType: "cloud-watch-logs",
    LogGroupName: "flow",
    DeliverLogsPermissionArn: `arn:aws:iam::${account}:role/r`,
  } as const;
  await ec2.send(new CreateFlowLogsCommand({ ResourceIds: [VpcId ?? ""], ResourceType: "VPC", TrafficType: "ALL", ...target }));
  await ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));
  await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: "t",
      LaunchTemplateData: { MetadataOptions: { HttpTokens: "required" } },
    }),
  );
  const disk = { DeviceName: "/dev/sdb", Ebs: { VolumeSize: 1 } };
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId: "ami-12c6146b",
      MinCount: 1,
      MaxCount: 1,
      SubnetId,
      UserData: "eA==",
      BlockDeviceMappings: [disk],
    }),
  );
  const { ImageId } = await ec2.send(new CreateImageCommand({ InstanceId: Instances?.[0]?.InstanceId, Name: "i" }));
  await ec2.send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add: [{ Group: "all" }] } }));
}
