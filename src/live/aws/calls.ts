import type { Json, JsonObject } from "../../core/snapshots/model.ts";
import { CallFailure } from "../failure.ts";
import type { Call } from "../remedy.ts";
import { send, service, type AwsSession, type Sdk, type Service } from "./client.ts";
import { setViewerProtocolPolicies } from "./distributions.ts";
import { onePlace, pathStyle } from "./services.ts";

/*
 * The calls of remedies, as data: `{ service: "s3", command: "PutBucketVersioning", input: {…} }`. Only commands that a file of
 * `sdk/changes/` exports can be sent.
 */

const apis = {
  s3: service("s3", () => import("./sdk/changes/s3.ts"), pathStyle),
  "s3-control": service("s3-control", () => import("./sdk/changes/s3-control.ts"), onePlace),
  ec2: service("ec2", () => import("./sdk/changes/ec2.ts")),
  iam: service("iam", () => import("./sdk/changes/iam.ts")),
  "access-analyzer": service("access-analyzer", () => import("./sdk/changes/access-analyzer.ts")),
  rds: service("rds", () => import("./sdk/changes/rds.ts")),
  redshift: service("redshift", () => import("./sdk/changes/redshift.ts")),
  elasticloadbalancing: service("elasticloadbalancing", () => import("./sdk/changes/elasticloadbalancing.ts")),
  cloudtrail: service("cloudtrail", () => import("./sdk/changes/cloudtrail.ts")),
  config: service("config", () => import("./sdk/changes/config.ts")),
  guardduty: service("guardduty", () => import("./sdk/changes/guardduty.ts")),
  kms: service("kms", () => import("./sdk/changes/kms.ts")),
  dynamodb: service("dynamodb", () => import("./sdk/changes/dynamodb.ts")),
  logs: service("logs", () => import("./sdk/changes/logs.ts")),
  ecs: service("ecs", () => import("./sdk/changes/ecs.ts")),
  ecr: service("ecr", () => import("./sdk/changes/ecr.ts")),
  elasticfilesystem: service("elasticfilesystem", () => import("./sdk/changes/elasticfilesystem.ts")),
  eks: service("eks", () => import("./sdk/changes/eks.ts")),
  lambda: service("lambda", () => import("./sdk/changes/lambda.ts")),
  sns: service("sns", () => import("./sdk/changes/sns.ts")),
  sqs: service("sqs", () => import("./sdk/changes/sqs.ts")),
  cloudfront: service("cloudfront", () => import("./sdk/changes/cloudfront.ts")),
};

export type Api = keyof typeof apis;

/** A call that the API takes in the region, with the permission that it needs. */
export function call(action: string, region: string, api: Api, command: string, input: JsonObject): Call {
  return { action, region, request: { service: api, command, input } };
}

/** Sends it. The answer is plain data, without what the SDK adds. Throws CallFailure. */
export async function sendCall(session: AwsSession, { action, region, request }: Call): Promise<JsonObject> {
  const {
    service: name,
    command,
    input,
  } = request as { readonly service: Api; readonly command: string; readonly input: JsonObject };
  if (command === "SetViewerProtocolPolicies") return setViewerProtocolPolicies(session, apis.cloudfront, region, input);
  const api = apis[name] as Service<Sdk> | undefined;
  const sdk = (await api?.load()) as Readonly<Record<string, new (input: JsonObject) => never>> | undefined;
  const Command = sdk?.[`${command}Command`];
  if (api === undefined || Command === undefined)
    throw new CallFailure({
      kind: "unsupported",
      action,
      code: "Unknown",
      message: `This Plumbline can't send ${name}:${command}.`,
    });
  const answer: object = await send(session, api, region, action, () => new Command(input));
  return plain({ ...answer, $metadata: undefined }) as JsonObject;
}

function plain(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "number") return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Uint8Array || typeof value !== "object") return null;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (member === undefined ? [] : [[name, plain(member)]])),
  );
}
