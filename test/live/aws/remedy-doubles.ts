import type { Answers } from "./double.ts";

/*
 * State of what moto does not answer, or answers wrongly (live.md, "Mock clouds"): answers by the models of the SDK. Items that are
 * tried on them: aws-cloudwatch-log-group-retention, aws-ebs-snapshot-block-public, aws-ecs-container-insights, aws-efs-backup,
 * aws-iam-access-analyzer, aws-lambda-url-auth.
 */

const xml = (name: string, inner: string): string =>
  `<${name}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId>${inner}</${name}Response>`;

/** `arn:aws:ecs:eu-west-1:123456789012:cluster/plain` */
export const ecsCluster = "arn:aws:ecs:eu-west-1:123456789012:cluster/plain";

export function states(): Answers {
  let block = "unblocked";
  let insights = "disabled";
  let backup = "DISABLED";
  let days: number | undefined = 7;
  let authType = "NONE";
  const analyzers = new Map<string, { readonly name: string; readonly type: string }>();
  const cluster = () => ({
    clusterArn: ecsCluster,
    clusterName: "plain",
    status: "ACTIVE",
    settings: [{ name: "containerInsights", value: insights }],
  });
  return {
    GetSnapshotBlockPublicAccessState: () => xml("GetSnapshotBlockPublicAccessState", `<state>${block}</state>`),
    EnableSnapshotBlockPublicAccess: (body: string) => {
      block = new URLSearchParams(body).get("State") ?? "";
      return xml("EnableSnapshotBlockPublicAccess", `<state>${block}</state>`);
    },
    DisableSnapshotBlockPublicAccess: () => {
      block = "unblocked";
      return xml("DisableSnapshotBlockPublicAccess", `<state>${block}</state>`);
    },
    ListClusters: (body: string) => (body.includes("clusterName") ? undefined : { clusterArns: [ecsCluster] }),
    DescribeClusters: (body: string) => (body.includes(ecsCluster) ? { clusters: [cluster()], failures: [] } : undefined),
    UpdateClusterSettings: (body: string) => {
      const { settings } = JSON.parse(body) as { readonly settings: readonly { readonly name: string; readonly value: string }[] };
      insights = settings.find(({ name }) => name === "containerInsights")?.value ?? insights;
      return { cluster: cluster() };
    },
    "GET /2015-02-01/file-systems/fs-00000000000000001/backup-policy": () => ({ BackupPolicy: { Status: backup } }),
    "PUT /2015-02-01/file-systems/fs-00000000000000001/backup-policy": (body: string) => {
      backup = (JSON.parse(body) as { readonly BackupPolicy: { readonly Status: string } }).BackupPolicy.Status;
      return { BackupPolicy: { Status: backup } };
    },
    "GET /2015-02-01/file-systems": {
      FileSystems: [
        {
          FileSystemId: "fs-00000000000000001",
          OwnerId: "123456789012",
          CreationToken: "plain",
          CreationTime: 1,
          LifeCycleState: "available",
          Name: "plain",
          NumberOfMountTargets: 0,
          SizeInBytes: { Value: 0 },
          PerformanceMode: "generalPurpose",
          Encrypted: true,
          Tags: [],
        },
      ],
    },
    "GET /analyzer": () => ({
      analyzers: [...analyzers.values()].map(({ name, type }) => ({
        arn: `arn:aws:access-analyzer:eu-west-1:123456789012:analyzer/${name}`,
        name,
        type,
        status: "ACTIVE",
        createdAt: "2026-01-01T00:00:00Z",
      })),
    }),
    "PUT /analyzer": (body: string) => {
      const { analyzerName: name, type } = JSON.parse(body) as { readonly analyzerName: string; readonly type: string };
      analyzers.set(name, { name, type });
      return { arn: `arn:aws:access-analyzer:eu-west-1:123456789012:analyzer/${name}` };
    },
    "DELETE /analyzer/*": (_: string, url: string) => {
      analyzers.delete(decodeURIComponent(/^\/analyzer\/([^?]+)/.exec(url)?.[1] ?? ""));
      return {};
    },
    DescribeLogGroups: () => ({
      logGroups: [
        {
          logGroupName: "short",
          arn: "arn:aws:logs:eu-west-1:123456789012:log-group:short:*",
          creationTime: 1,
          logGroupClass: "STANDARD",
          ...(days === undefined ? {} : { retentionInDays: days }),
        },
      ],
    }),
    PutRetentionPolicy: (body: string) => {
      days = (JSON.parse(body) as { readonly retentionInDays: number }).retentionInDays;
      return {};
    },
    DeleteRetentionPolicy: () => {
      days = undefined;
      return {};
    },
    "GET /2021-10-31/functions/worker/urls": () => ({ FunctionUrlConfigs: [url(authType)] }),
    "PUT /2021-10-31/functions/worker/url": (body: string) => {
      authType = (JSON.parse(body) as { readonly AuthType: string }).AuthType;
      return url(authType);
    },
  };
}

function url(AuthType: string) {
  return {
    FunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:worker",
    FunctionUrl: "https://example.lambda-url.eu-west-1.on.aws/",
    AuthType,
    InvokeMode: "BUFFERED",
    CreationTime: "2026-01-01T00:00:00Z",
    LastModifiedTime: "2026-01-01T00:00:00Z",
  };
}
