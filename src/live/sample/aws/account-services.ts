import type { Json } from "../../../core/snapshots/model.ts";
import { arn, policy, sampleAccountId, sampleRegion, type Clock } from "./account-basics.ts";
import type { Recorded } from "./state.ts";

/** What the shop runs on beside servers: databases, functions, queues, images, secrets. */
export function servicesState(clock: Clock): readonly Recorded[] {
  return [...databases(clock), ...tables(clock), ...functions(), ...messages(), ...images(clock), ...secrets(clock)];
}

const here = (operation: string, answer: Json, of?: Readonly<Record<string, string>>): Recorded => ({
  operation,
  region: sampleRegion,
  ...(of === undefined ? {} : { of }),
  answer,
});
const key = arn("kms", "key/0a1b2c3d-0000-4000-8000-000000000001");

function databases({ iso }: Clock): Recorded[] {
  const database = (name: string, resource: string, inOrder: boolean): Json => ({
    DBInstanceIdentifier: name,
    DBInstanceArn: arn("rds", `db:${name}`),
    DbiResourceId: resource,
    DBInstanceClass: "db.t4g.medium",
    DBInstanceStatus: "available",
    Engine: inOrder ? "postgres" : "mysql",
    EngineVersion: inOrder ? "17.6" : "8.0.42",
    MasterUsername: "root",
    Endpoint: {
      Address: `${name}.c0a1b2c3d4e5.eu-west-1.rds.amazonaws.com`,
      Port: inOrder ? 5432 : 3306,
      HostedZoneId: "Z29XKXDKYMONMX",
    },
    AllocatedStorage: 100,
    InstanceCreateTime: iso(400),
    PreferredBackupWindow: "03:00-03:30",
    BackupRetentionPeriod: inOrder ? 14 : 1,
    VpcSecurityGroups: { VpcSecurityGroupMembership: { VpcSecurityGroupId: "sg-0a1b2c3d4e5f60001", Status: "active" } },
    DBParameterGroups: {
      DBParameterGroup: {
        DBParameterGroupName: inOrder ? "default.postgres17" : "default.mysql8.0",
        ParameterApplyStatus: "in-sync",
      },
    },
    AvailabilityZone: `${sampleRegion}a`,
    DBSubnetGroup: { DBSubnetGroupName: "shop", VpcId: "vpc-0a1b2c3d4e5f60001", SubnetGroupStatus: "Complete" },
    PreferredMaintenanceWindow: "sun:04:00-sun:04:30",
    MultiAZ: inOrder,
    AutoMinorVersionUpgrade: inOrder,
    PubliclyAccessible: !inOrder,
    StorageType: "gp3",
    StorageEncrypted: inOrder,
    ...(inOrder ? { KmsKeyId: key } : {}),
    CACertificateIdentifier: "rds-ca-rsa2048-g1",
    CopyTagsToSnapshot: true,
    MonitoringInterval: 0,
    IAMDatabaseAuthenticationEnabled: false,
    PerformanceInsightsEnabled: false,
    DeletionProtection: inOrder,
    NetworkType: "IPV4",
    TagList: { Tag: { Key: "team", Value: "shop" } },
  });
  const snapshot = (name: string): Json => ({
    DBSnapshotIdentifier: name,
    DBSnapshotArn: arn("rds", `snapshot:${name}`),
    DBInstanceIdentifier: "legacy-cms",
    SnapshotCreateTime: iso(90),
    Engine: "mysql",
    EngineVersion: "8.0.42",
    AllocatedStorage: 100,
    Status: "available",
    SnapshotType: "manual",
    StorageType: "gp3",
    Encrypted: false,
  });
  const shared = (name: string, ...accounts: readonly string[]): Recorded =>
    here(
      "rds:DescribeDBSnapshotAttributes",
      {
        DBSnapshotAttributesResult: {
          DBSnapshotIdentifier: name,
          DBSnapshotAttributes: {
            DBSnapshotAttribute: { AttributeName: "restore", AttributeValues: { AttributeValue: accounts } },
          },
        },
      },
      { DBSnapshotIdentifier: name },
    );
  return [
    here("rds:DescribeDBInstances", {
      DBInstances: {
        DBInstance: [
          database("shop", "db-PINEWOODSHOP0000000000001", true),
          database("legacy-cms", "db-PINEWOODLEGACY00000000001", false),
        ],
      },
    }),
    here("rds:DescribeDBSnapshots", {
      DBSnapshots: { DBSnapshot: [snapshot("before-upgrade"), snapshot("for-the-agency")] },
    }),
    shared("before-upgrade"),
    shared("for-the-agency", "all"),
  ];
}

function tables({ seconds }: Clock): Recorded[] {
  const table = (TableName: string, DeletionProtectionEnabled: boolean): Recorded =>
    here(
      "dynamodb:DescribeTable",
      {
        Table: {
          TableName,
          TableArn: arn("dynamodb", `table/${TableName}`),
          TableId: "0a1b2c3d-0000-4000-8000-00000000000a",
          TableStatus: "ACTIVE",
          CreationDateTime: seconds(300),
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
          BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
          ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
          DeletionProtectionEnabled,
        },
      },
      { TableName },
    );
  const backups = (TableName: string, PointInTimeRecoveryStatus: string): Recorded =>
    here(
      "dynamodb:DescribeContinuousBackups",
      {
        ContinuousBackupsDescription: {
          ContinuousBackupsStatus: "ENABLED",
          PointInTimeRecoveryDescription: {
            PointInTimeRecoveryStatus,
            ...(PointInTimeRecoveryStatus === "ENABLED" ? { RecoveryPeriodInDays: 35 } : {}),
          },
        },
      },
      { TableName },
    );
  return [
    here("dynamodb:ListTables", { TableNames: ["orders", "sessions"] }),
    table("orders", true),
    table("sessions", false),
    backups("orders", "ENABLED"),
    backups("sessions", "DISABLED"),
  ];
}

function functions(): Recorded[] {
  const of = (FunctionName: string, Runtime: string, variables: Readonly<Record<string, string>>): Json => ({
    FunctionName,
    FunctionArn: arn("lambda", `function:${FunctionName}`),
    Runtime,
    Role: arn("iam", "role/orders-function", ""),
    Handler: "index.handler",
    CodeSize: 20_480,
    Description: "",
    Timeout: 10,
    MemorySize: 256,
    LastModified: "2026-03-02T08:00:00.000+0000",
    CodeSha256: "0a1b2c3d",
    Version: "$LATEST",
    Environment: { Variables: variables },
    TracingConfig: { Mode: "PassThrough" },
    PackageType: "Zip",
    Architectures: ["arm64"],
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    LoggingConfig: { LogFormat: "Text", LogGroup: `/aws/lambda/${FunctionName}` },
  });
  const allowed = (FunctionName: string, statement: Json): Recorded =>
    here("lambda:GetPolicy", { Policy: policy(statement), RevisionId: "0a1b2c3d" }, { FunctionName });
  const url = (FunctionName: string, ...urls: readonly Json[]): Recorded =>
    here("lambda:ListFunctionUrlConfigs", { FunctionUrlConfigs: urls }, { FunctionName });
  const resource = (name: string): string => arn("lambda", `function:${name}`);
  return [
    here("lambda:ListFunctions", {
      Functions: [
        of("orders", "nodejs22.x", { TABLE: "orders", LOG_LEVEL: "info" }),
        of("thumbnails", "python3.7", { DATABASE_URL: "mysql://root:Tr0ub4dor-and-3@legacy-cms.example.com/cms" }),
      ],
    }),
    here("lambda:ListAliases", { Aliases: [] }),
    allowed("orders", {
      Sid: "queue",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "lambda:InvokeFunction",
      Resource: resource("orders"),
      Condition: { ArnLike: { "AWS:SourceArn": arn("events", "rule/orders") } },
    }),
    allowed("thumbnails", {
      Sid: "everybody",
      Effect: "Allow",
      Principal: "*",
      Action: "lambda:InvokeFunction",
      Resource: resource("thumbnails"),
    }),
    url("orders"),
    url("thumbnails", {
      FunctionUrl: "https://abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-west-1.on.aws/",
      FunctionArn: resource("thumbnails"),
      AuthType: "NONE",
      Cors: { AllowOrigins: ["*"] },
      InvokeMode: "BUFFERED",
      CreationTime: "2025-03-02T08:00:00.000Z",
      LastModifiedTime: "2025-03-02T08:00:00.000Z",
    }),
  ];
}

function messages(): Recorded[] {
  const topic = (name: string, principal: Json, more: Readonly<Record<string, string>>): Recorded =>
    here(
      "sns:GetTopicAttributes",
      {
        Attributes: {
          entry: Object.entries({
            TopicArn: arn("sns", name),
            Owner: sampleAccountId,
            Policy: policy({ Effect: "Allow", Principal: principal, Action: "SNS:Publish", Resource: arn("sns", name) }),
            DisplayName: "",
            SubscriptionsConfirmed: "1",
            ...more,
          }).map(([of, value]) => ({ key: of, value })),
        },
      },
      { TopicArn: arn("sns", name) },
    );
  const listeners = (name: string, ...endpoints: readonly string[]): Recorded =>
    here(
      "sns:ListSubscriptionsByTopic",
      {
        Subscriptions: {
          member: endpoints.map((Endpoint, index) => ({
            SubscriptionArn: `${arn("sns", name)}:0a1b2c3d-0000-4000-8000-00000000000${String(index)}`,
            TopicArn: arn("sns", name),
            Owner: sampleAccountId,
            Protocol: "email",
            Endpoint,
          })),
        },
      },
      { TopicArn: arn("sns", name) },
    );
  const queueUrl = (name: string): string => `https://sqs.${sampleRegion}.amazonaws.com/${sampleAccountId}/${name}`;
  const queue = (name: string, more: Readonly<Record<string, string>>): Recorded =>
    here(
      "sqs:GetQueueAttributes",
      {
        Attributes: {
          QueueArn: arn("sqs", name),
          VisibilityTimeout: "30",
          MaximumMessageSize: "1048576",
          MessageRetentionPeriod: "345600",
          DelaySeconds: "0",
          ReceiveMessageWaitTimeSeconds: "0",
          ...more,
        },
      },
      { QueueUrl: queueUrl(name) },
    );
  const everybody = policy({ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: arn("sqs", "imports") });
  return [
    here("sns:ListTopics", { Topics: { member: [{ TopicArn: arn("sns", "alarms") }, { TopicArn: arn("sns", "news") }] } }),
    topic("alarms", { Service: "cloudwatch.amazonaws.com" }, { KmsMasterKeyId: key }),
    topic("news", "*", {}),
    listeners("alarms", "nora@example.com"),
    listeners("news"),
    here("sqs:ListQueues", { QueueUrls: [queueUrl("orders"), queueUrl("imports")] }),
    queue("orders", { SqsManagedSseEnabled: "true" }),
    queue("imports", { SqsManagedSseEnabled: "false", Policy: everybody }),
  ];
}

function images({ seconds }: Clock): Recorded[] {
  const repository = (repositoryName: string, inOrder: boolean): Json => ({
    repositoryName,
    repositoryArn: arn("ecr", `repository/${repositoryName}`),
    registryId: sampleAccountId,
    repositoryUri: `${sampleAccountId}.dkr.ecr.${sampleRegion}.amazonaws.com/${repositoryName}`,
    createdAt: seconds(400),
    imageTagMutability: inOrder ? "IMMUTABLE" : "MUTABLE",
    imageScanningConfiguration: { scanOnPush: inOrder },
    encryptionConfiguration: { encryptionType: "AES256" },
  });
  return [
    here("ecr:DescribeRepositories", { repositories: [repository("shop", true), repository("tools", false)] }),
    // Every region has one.
    {
      operation: "ecr:GetRegistryScanningConfiguration",
      answer: { registryId: sampleAccountId, scanningConfiguration: { scanType: "BASIC", rules: [] } },
    },
    here(
      "ecr:GetRepositoryPolicy",
      {
        registryId: sampleAccountId,
        repositoryName: "tools",
        policyText: policy({ Effect: "Allow", Principal: "*", Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"] }),
      },
      { repositoryName: "tools" },
    ),
  ];
}

function secrets({ seconds }: Clock): Recorded[] {
  const secret = (Name: string, suffix: string): Json => ({
    ARN: arn("secretsmanager", `secret:${Name}-${suffix}`),
    Name,
    CreatedDate: seconds(300),
    Tags: [],
  });
  const policyOf = (Name: string, suffix: string, ResourcePolicy: string | undefined): Recorded => {
    const ARN = arn("secretsmanager", `secret:${Name}-${suffix}`);
    return here(
      "secretsmanager:GetResourcePolicy",
      { ARN, Name, ...(ResourcePolicy === undefined ? {} : { ResourcePolicy }) },
      { SecretId: ARN },
    );
  };
  const statement = (Principal: Json): string =>
    policy({ Effect: "Allow", Principal, Action: "secretsmanager:GetSecretValue", Resource: "*" });
  return [
    here("secretsmanager:ListSecrets", {
      SecretList: [secret("shop/database", "AbCdEf"), secret("partner/key", "GhIjKl"), secret("mail", "MnOpQr")],
    }),
    policyOf("shop/database", "AbCdEf", statement({ AWS: arn("iam", "role/orders-function", "") })),
    policyOf("partner/key", "GhIjKl", statement("*")),
    policyOf("mail", "MnOpQr", undefined),
  ];
}
