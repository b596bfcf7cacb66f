import type { JsonObject } from "../../../core/snapshots/model.ts";
import type { Bucket } from "./cos-double.ts";
import type { StateAnswer } from "./double.ts";
import { accountId, daysAgo } from "./sample-people.ts";

const gz = "ap-guangzhou";
const appId = "1250000000";
const owner = `qcs::cam::uin/${accountId}:uin/${accountId}`;
const key = "11111111-0000-4000-8000-000000000001";

const grant = (uri: string, permission: string): string =>
  `<Grant><Grantee><URI>http://cam.qcloud.com/groups/global/${uri}</URI></Grantee><Permission>${permission}</Permission></Grant>`;
const acl = (...grants: readonly string[]): string =>
  `<AccessControlPolicy><Owner><ID>${owner}</ID><DisplayName>${accountId}</DisplayName></Owner><AccessControlList><Grant><Grantee><ID>${owner}</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant>${grants.join("")}</AccessControlList></AccessControlPolicy>`;
const versioning = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
const encryption = (algorithm: string, keyId?: string): string =>
  `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>${algorithm}</SSEAlgorithm>${keyId === undefined ? "" : `<KMSMasterKeyID>${keyId}</KMSMasterKeyID>`}</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`;
const policy = (name: string, statements: readonly JsonObject[]): string =>
  JSON.stringify({
    version: "2.0",
    Statement: statements.map((statement) => ({
      ...statement,
      Resource: [`qcs::cos:${gz}:uid/${appId}:${name}/*`],
    })),
  });
const everyone = { qcs: ["qcs::cam::anyone:anyone"] };
const onlyTls: JsonObject = {
  Effect: "Deny",
  Principal: everyone,
  Action: ["name/cos:*"],
  Condition: { bool_equal: { "cos:secure-transport": "false" } },
};
const cors = (origin: string, method: string): string =>
  `<CORSConfiguration><CORSRule><AllowedOrigin>${origin}</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedMethod>${method}</AllowedMethod><AllowedHeader>*</AllowedHeader></CORSRule></CORSConfiguration>`;

const bucket = (name: string, settings: Bucket["settings"], zones?: "MAZ"): Bucket => ({
  name: `${name}-${appId}`,
  region: gz,
  created: "2023-09-05T08:00:00Z",
  settings,
  ...(zones === undefined ? {} : { head: { "x-cos-bucket-az-type": zones } }),
});

export const buckets: readonly Bucket[] = [
  bucket(
    "lotus-orders",
    {
      acl: acl(),
      versioning,
      encryption: encryption("KMS", key),
      policy: policy(`lotus-orders-${appId}`, [onlyTls]),
      logging: `<BucketLoggingStatus><LoggingEnabled><TargetBucket>lotus-logs-${appId}</TargetBucket><TargetPrefix>orders/</TargetPrefix></LoggingEnabled></BucketLoggingStatus>`,
      lifecycle:
        "<LifecycleConfiguration><Rule><ID>old</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status><Expiration><Days>730</Days></Expiration></Rule></LifecycleConfiguration>",
      replication: `<ReplicationConfiguration><Role>${owner}</Role><Rule><ID>east</ID><Status>Enabled</Status><Prefix></Prefix><Destination><Bucket>qcs::cos:ap-shanghai::lotus-orders-east-${appId}</Bucket></Destination></Rule></ReplicationConfiguration>`,
    },
    "MAZ",
  ),
  bucket("lotus-site", {
    acl: acl(grant("AllUsers", "READ")),
    encryption: encryption("AES256"),
    website: "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument></WebsiteConfiguration>",
    cors: cors("https://shop.example.com", "HEAD"),
    referer:
      "<RefererConfiguration><Status>Enabled</Status><RefererType>White-List</RefererType><DomainList><Domain>shop.example.com</Domain></DomainList><EmptyReferConfiguration>Deny</EmptyReferConfiguration></RefererConfiguration>",
    policy: policy(`lotus-site-${appId}`, [{ Effect: "Allow", Principal: everyone, Action: ["name/cos:GetObject"] }]),
  }),
  bucket("lotus-dropbox", {
    acl: acl(grant("AllUsers", "READ"), grant("AllUsers", "WRITE"), grant("AuthenticatedUsers", "READ")),
    cors: cors("*", "PUT"),
    policy: policy(`lotus-dropbox-${appId}`, [{ Effect: "Allow", Principal: everyone, Action: ["name/cos:PutObject"] }]),
  }),
  bucket("lotus-logs", { acl: acl(), encryption: encryption("AES256") }),
  bucket("lotus-audit", { acl: acl(grant("AllUsers", "READ")) }),
];

interface Database {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly wan: number;
  readonly zones: number;
  readonly protect: string;
  readonly groups: readonly string[];
  readonly ssl: string;
  readonly encrypted: string;
  readonly backups: string;
  readonly auditDays: number | undefined;
  readonly parameters: readonly (readonly [string, string])[];
}

const databases: readonly Database[] = [
  {
    id: "cdb-shop0001",
    name: "shop",
    version: "8.0",
    wan: 0,
    zones: 1,
    protect: "on",
    groups: ["sg-guarded1"],
    ssl: "ON",
    encrypted: "YES",
    backups: "on",
    auditDays: 365,
    parameters: [
      ["validate_password.policy", "MEDIUM"],
      ["max_connections", "800"],
    ],
  },
  {
    id: "cdb-old00001",
    name: "campaigns",
    version: "5.6",
    wan: 1,
    zones: 0,
    protect: "off",
    groups: [],
    ssl: "OFF",
    encrypted: "NO",
    backups: "off",
    auditDays: undefined,
    parameters: [["max_connections", "200"]],
  },
];

const databaseAnswers: readonly StateAnswer[] = [
  {
    action: "cdb:DescribeDBInstances",
    region: gz,
    answer: {
      Items: databases.map((database) => ({
        InstanceId: database.id,
        InstanceName: database.name,
        InstanceType: 1,
        EngineVersion: database.version,
        EngineType: "InnoDB",
        DeviceType: "UNIVERSAL",
        Zone: "ap-guangzhou-3",
        Region: gz,
        ProjectId: 0,
        UniqVpcId: "vpc-shop0001",
        UniqSubnetId: "subnet-shop1",
        Cpu: 2,
        Memory: 4000,
        Volume: 100,
        Vip: "10.0.1.30",
        Vport: 3306,
        WanStatus: database.wan,
        DeployMode: database.zones,
        ProtectMode: 1,
        DestroyProtect: database.protect,
        ClusterInfo: null,
        Status: 1,
        TagList: [],
      })),
    },
  },
  {
    action: "cdb:DescribeAuditInstanceList",
    region: gz,
    when: { AuditSwitch: 1 },
    answer: {
      Items: databases.flatMap(({ id, auditDays }) =>
        auditDays === undefined
          ? []
          : [{ InstanceId: id, AuditStatus: "ON", AuditTask: 0, LogExpireDay: auditDays, HighLogExpireDay: 30, AuditAll: true }],
      ),
    },
  },
  ...databases.flatMap(({ id, groups, ssl, encrypted, backups, parameters }): readonly StateAnswer[] => [
    {
      action: "cdb:DescribeDBSecurityGroups",
      when: { InstanceId: id },
      answer: { Groups: groups.map((group) => ({ SecurityGroupId: group, SecurityGroupName: group, ProjectId: 0 })) },
    },
    { action: "cdb:DescribeSSLStatus", when: { InstanceId: id }, answer: { Status: ssl, Url: "" } },
    {
      action: "cdb:DescribeDBInstanceInfo",
      when: { InstanceId: id },
      answer: {
        InstanceId: id,
        InstanceName: id,
        Encryption: encrypted,
        KeyId: encrypted === "YES" ? key : "",
        KeyRegion: encrypted === "YES" ? gz : "",
      },
    },
    { action: "cdb:DescribeBackupEncryptionStatus", when: { InstanceId: id }, answer: { EncryptionStatus: backups } },
    {
      action: "cdb:DescribeInstanceParams",
      when: { InstanceId: id },
      answer: {
        Items: parameters.map(([name, value]) => ({ Name: name, CurrentValue: value, ParamType: "string", Default: "" })),
      },
    },
  ]),
];

const keyOf = (id: string, alias: string, rotated: boolean, state = "Enabled"): JsonObject => ({
  KeyId: id,
  Alias: alias,
  Description: "",
  CreateTime: 1700000000,
  KeyState: state,
  KeyUsage: "ENCRYPT_DECRYPT",
  Type: 2,
  Origin: "TENCENT_KMS",
  Owner: "user",
  KeyRotationEnabled: rotated,
  HsmClusterId: "",
});

/** What the shop never set up, and what it is not part of. */
const unused: readonly StateAnswer[] = [
  {
    action: "organization:DescribeOrganization",
    answer: { Error: { Code: "ResourceNotFound.OrganizationNotExist", Message: "The organization does not exist." } },
  },
  { action: "config:DescribeConfigRecorder", answer: { Status: 0, Items: null, CreateTime: null } },
  { action: "cwp:DescribeLicenseGeneral", answer: { AutoOpenStatus: false, ProtectType: "" } },
  { action: "cfw:DescribeIpsModeSwitch", answer: { Data: { Mode: 0 }, ReturnCode: 0, ReturnMsg: "success" } },
];

/** Databases, keys, certificates and the audit trail. */
export function dataAnswers(now: number): readonly StateAnswer[] {
  return [
    ...databaseAnswers,
    {
      action: "kms:ListKeyDetail",
      region: gz,
      when: { Role: 0 },
      answer: {
        KeyMetadatas: [
          keyOf(key, "shop-data", true),
          keyOf("11111111-0000-4000-8000-000000000002", "forgotten", false, "Disabled"),
        ],
      },
    },
    {
      action: "ssl:DescribeCertificates",
      answer: {
        Certificates: [
          { id: "cert0001", domain: "shop.example.com", left: 200 },
          { id: "cert0002", domain: "old.example.com", left: 5 },
        ].map(({ id, domain, left }) => ({
          CertificateId: id,
          Alias: domain,
          Domain: domain,
          CertificateType: "SVR",
          Status: 1,
          SubjectAltName: [domain],
          ProductZhName: "DV",
          CertBeginTime: daysAgo(now, 165),
          CertEndTime: daysAgo(now, -left),
          InsertTime: daysAgo(now, 165),
          Tags: [],
        })),
      },
    },
    ...unused,
    {
      action: "cloudaudit:DescribeAuditTracks",
      answer: {
        Tracks: [
          {
            TrackId: 1001,
            Name: "writes-only",
            ActionType: "Write",
            ResourceType: "*",
            EventNames: ["*"],
            Status: 1,
            Storage: {
              StorageType: "cos",
              StorageRegion: gz,
              StorageName: "lotus-audit",
              StoragePrefix: "audit",
              StorageAccountId: "",
              StorageAppId: appId,
              Compress: 1,
            },
            CreateTime: "2023-09-10 08:00:00",
          },
        ],
      },
    },
    {
      action: "cloudaudit:DescribeAuditTrack",
      when: { TrackId: 1001 },
      answer: { Name: "writes-only", ActionType: "Write", ResourceType: "*", Status: 1, TrackForAllMembers: 0 },
    },
  ];
}
