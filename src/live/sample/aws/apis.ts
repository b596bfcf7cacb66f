/*
 * How the APIs that a scan calls are spoken, from their documentation: which protocol, which operation a request means, and what is
 * said where there is nothing.
 */

export type Protocol = "query" | "ec2" | "json" | "rest-json" | "rest-xml";

interface Route {
  readonly method: string;
  /** `/2015-03-31/functions/{FunctionName}/policy`; with a query it has to have that parameter. */
  readonly path: string;
  readonly operation: string;
}

export interface Api {
  readonly protocol: Protocol;
  /** Namespace of the XML. */
  readonly namespace?: string;
  /** Of REST: the first that fits. */
  readonly routes?: readonly Route[];
}

const route = (method: string, path: string, operation: string): Route => ({ method, path, operation });
const get = (path: string, operation: string): Route => route("GET", path, operation);

const bucketParts = {
  accelerate: "GetBucketAccelerateConfiguration",
  acl: "GetBucketAcl",
  encryption: "GetBucketEncryption",
  location: "GetBucketLocation",
  logging: "GetBucketLogging",
  ownershipControls: "GetBucketOwnershipControls",
  policy: "GetBucketPolicy",
  publicAccessBlock: "GetPublicAccessBlock",
  versioning: "GetBucketVersioning",
};

/** By the name that requests are signed for. */
export const apis: Readonly<Record<string, Api>> = {
  sts: { protocol: "query", namespace: "https://sts.amazonaws.com/doc/2011-06-15/" },
  iam: { protocol: "query", namespace: "https://iam.amazonaws.com/doc/2010-05-08/" },
  sns: { protocol: "query", namespace: "http://sns.amazonaws.com/doc/2010-03-31/" },
  rds: { protocol: "query", namespace: "http://rds.amazonaws.com/doc/2014-10-31/" },
  redshift: { protocol: "query", namespace: "http://redshift.amazonaws.com/doc/2012-12-01/" },
  elasticache: { protocol: "query", namespace: "http://elasticache.amazonaws.com/doc/2015-02-02/" },
  elasticloadbalancing: { protocol: "query", namespace: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/" },
  autoscaling: { protocol: "query", namespace: "http://autoscaling.amazonaws.com/doc/2011-01-01/" },
  ec2: { protocol: "ec2", namespace: "http://ec2.amazonaws.com/doc/2016-11-15/" },
  acm: { protocol: "json" },
  athena: { protocol: "json" },
  cloudtrail: { protocol: "json" },
  codebuild: { protocol: "json" },
  "cognito-identity": { protocol: "json" },
  "cognito-idp": { protocol: "json" },
  config: { protocol: "json" },
  dms: { protocol: "json" },
  dynamodb: { protocol: "json" },
  ecr: { protocol: "json" },
  ecs: { protocol: "json" },
  kinesis: { protocol: "json" },
  kms: { protocol: "json" },
  logs: { protocol: "json" },
  monitoring: { protocol: "json" },
  organizations: { protocol: "json" },
  sagemaker: { protocol: "json" },
  secretsmanager: { protocol: "json" },
  sqs: { protocol: "json" },
  ssm: { protocol: "json" },
  sso: { protocol: "json" },
  transfer: { protocol: "json" },
  "access-analyzer": { protocol: "rest-json", routes: [get("/analyzer", "ListAnalyzers")] },
  account: {
    protocol: "rest-json",
    routes: [
      route("POST", "/getAlternateContact", "GetAlternateContact"),
      route("POST", "/getContactInformation", "GetContactInformation"),
    ],
  },
  apigateway: {
    protocol: "rest-json",
    routes: [get("/restapis", "GetRestApis"), get("/v2/apis", "GetApis"), get("/domainnames", "GetDomainNames")],
  },
  eks: { protocol: "rest-json", routes: [get("/clusters", "ListClusters")] },
  elasticfilesystem: { protocol: "rest-json", routes: [get("/2015-02-01/file-systems", "DescribeFileSystems")] },
  es: { protocol: "rest-json", routes: [get("/2021-01-01/domain", "ListDomainNames")] },
  guardduty: {
    protocol: "rest-json",
    routes: [get("/detector", "ListDetectors"), get("/detector/{DetectorId}", "GetDetector")],
  },
  kafka: { protocol: "rest-json", routes: [get("/api/v2/clusters", "ListClustersV2")] },
  lambda: {
    protocol: "rest-json",
    routes: [
      get("/2015-03-31/functions", "ListFunctions"),
      get("/2015-03-31/functions/{FunctionName}/policy", "GetPolicy"),
      get("/2015-03-31/functions/{FunctionName}/aliases", "ListAliases"),
      get("/2021-10-31/functions/{FunctionName}/urls", "ListFunctionUrlConfigs"),
    ],
  },
  macie2: { protocol: "rest-json", routes: [get("/macie", "GetMacieSession")] },
  mq: { protocol: "rest-json", routes: [get("/v1/brokers", "ListBrokers")] },
  securityhub: {
    protocol: "rest-json",
    routes: [get("/accounts", "DescribeHub"), route("POST", "/standards/get", "GetEnabledStandards")],
  },
  cloudfront: {
    protocol: "rest-xml",
    namespace: "http://cloudfront.amazonaws.com/doc/2020-05-31/",
    routes: [get("/2020-05-31/distribution", "ListDistributions")],
  },
  route53: {
    protocol: "rest-xml",
    namespace: "https://route53.amazonaws.com/doc/2013-04-01/",
    routes: [get("/2013-04-01/hostedzone", "ListHostedZones")],
  },
  s3: {
    protocol: "rest-xml",
    namespace: "http://s3.amazonaws.com/doc/2006-03-01/",
    routes: [
      get("/v20180820/configuration/publicAccessBlock", "GetAccountPublicAccessBlock"),
      get("/v20180820/accesspoint", "ListAccessPoints"),
      get("/", "ListBuckets"),
      route("PUT", "/{Bucket}?publicAccessBlock", "PutPublicAccessBlock"),
      route("DELETE", "/{Bucket}?publicAccessBlock", "DeletePublicAccessBlock"),
      route("PUT", "/{Bucket}?versioning", "PutBucketVersioning"),
      route("PUT", "/{Bucket}?policy", "PutBucketPolicy"),
      route("DELETE", "/{Bucket}?policy", "DeleteBucketPolicy"),
      route("PUT", "/{Bucket}?logging", "PutBucketLogging"),
      ...Object.entries(bucketParts).map(([part, operation]) => get(`/{Bucket}?${part}`, operation)),
    ],
  },
};

/** Permissions that are not called as their operation is. */
const permissions: Readonly<Record<string, string>> = {
  "s3:ListBuckets": "s3:ListAllMyBuckets",
  "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
  "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
  "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
  "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
  "monitoring:DescribeAlarms": "cloudwatch:DescribeAlarms",
  "apigateway:GetRestApis": "apigateway:GET",
  "apigateway:GetApis": "apigateway:GET",
  "apigateway:GetDomainNames": "apigateway:GET",
};

export const permissionOf = (operation: string): string => permissions[operation] ?? operation;

export interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const none = (status: number, code: string, message = "There is none."): Failure => ({ status, code, message });

/** How an API says that what is asked about is not there, or not in use. */
export const absences: Readonly<Record<string, Failure>> = {
  "account:GetAlternateContact": none(404, "ResourceNotFoundException"),
  "account:GetContactInformation": none(404, "ResourceNotFoundException"),
  "ecr:GetLifecyclePolicy": none(400, "LifecyclePolicyNotFoundException"),
  "ecr:GetRepositoryPolicy": none(400, "RepositoryPolicyNotFoundException"),
  "iam:GetAccountPasswordPolicy": none(404, "NoSuchEntity"),
  "iam:ListOrganizationsFeatures": none(404, "OrganizationNotFoundException"),
  "lambda:GetPolicy": none(404, "ResourceNotFoundException"),
  "macie2:GetMacieSession": none(403, "AccessDeniedException", "Macie is not enabled."),
  "organizations:DescribeOrganization": none(400, "AWSOrganizationsNotInUseException"),
  "s3:GetAccountPublicAccessBlock": none(404, "NoSuchPublicAccessBlockConfiguration"),
  "s3:GetBucketOwnershipControls": none(404, "OwnershipControlsNotFoundError"),
  "s3:GetBucketPolicy": none(404, "NoSuchBucketPolicy"),
  "s3:GetPublicAccessBlock": none(404, "NoSuchPublicAccessBlockConfiguration"),
  "securityhub:DescribeHub": none(401, "InvalidAccessException"),
  "securityhub:GetEnabledStandards": none(401, "InvalidAccessException"),
};

/** What a request asks for: the operation, and the parameters that its path holds. */
export function routed(
  api: Api,
  method: string,
  path: string,
  query: URLSearchParams,
): { readonly operation: string; readonly parameters: Readonly<Record<string, string>> } | undefined {
  for (const each of api.routes ?? []) {
    const [pattern = "", part] = each.path.split("?");
    if (each.method !== method || (part !== undefined && !query.has(part))) continue;
    const parameters = fitting(pattern, path);
    if (parameters !== undefined) return { operation: each.operation, parameters };
  }
  return undefined;
}

function fitting(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.replace(/\/$/, "").split("/");
  const given = path.replace(/\/$/, "").split("/");
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, step] of wanted.entries()) {
    const name = /^\{(\w+)\}$/.exec(step)?.[1];
    const value = decodeURIComponent(given[index] ?? "");
    if (name !== undefined && value !== "") parameters[name] = value;
    else if (step !== value) return undefined;
  }
  return parameters;
}
