import type { Catalogue } from "../../src/core/checks/catalogue.ts";
import type { Collector, Found } from "../../src/live/collector.ts";
import { Database } from "../../src/live/database.ts";
import { CallFailure, type FailureKind } from "../../src/live/failure.ts";
import { LiveService, type LiveOptions } from "../../src/live/live-service.ts";
import type { Call, Remedies, Remedy, Step } from "../../src/live/remedy.ts";
import type { CloudAccess, Connection } from "../../src/live/session.ts";
import { bundled } from "../harness/check-world.ts";

/*
 * A cloud in memory, for what the engine does with any cloud: S3 buckets with their versioning and EBS volumes, of the real
 * catalogue. What real clouds answer is tested with each cloud.
 */

export interface FakeCloud {
  account: string;
  /** Bucket name to versioning status; undefined: never set. */
  readonly buckets: Map<string, string | undefined>;
  /** Volume id to whether it is encrypted, by region. */
  readonly volumes: Map<string, Map<string, boolean>>;
  readonly regions: string[];
  /** Action, or action and thing, to the failure that it gives. */
  readonly fails: Map<string, FailureKind>;
  /** Action and thing, in order. */
  readonly calls: string[];
  /** Called before each call is answered. */
  onCall: (call: string) => void;
  remedies: Remedies;
  /** Calls that change something wait for it. */
  hang: Promise<never> | undefined;
}

export function fakeCloud(): FakeCloud {
  return {
    account: "123456789012",
    buckets: new Map([
      ["kept", "Enabled"],
      ["lost", undefined],
    ]),
    volumes: new Map([
      ["eu-west-1", new Map([["vol-open", false]])],
      ["us-east-1", new Map([["vol-safe", true]])],
    ]),
    regions: ["eu-west-1", "us-east-1"],
    fails: new Map(),
    calls: [],
    onCall: () => undefined,
    hang: undefined,
    remedies: { byCheck: new Map([["aws-s3-bucket-versioning", versioning()]]) },
  };
}

/** In two steps, so that something can happen between them; `more` is added to the second. */
export function versioning(more: Partial<Step> = {}): Remedy {
  return ({ resource, resources, region }) => {
    const put = (status: string): Call => ({ action: "s3:PutBucketVersioning", region, request: { bucket: resource.id, status } });
    const was = resources.find(({ type, id }) => type === "aws_s3_bucket_versioning" && id === resource.id)?.attributes;
    const before = (was?.["versioning_configuration"] as { readonly status?: string } | undefined)?.status ?? "Disabled";
    return {
      steps: [
        { title: "Suspend", call: put("Suspended"), undo: [put(before)] },
        { title: "Turn on versioning", call: put("Enabled"), undo: [put("Suspended")], ...more },
      ],
      expected: [
        { type: "aws_s3_bucket_versioning", id: resource.id, attributes: { versioning_configuration: { status: "Enabled" } } },
      ],
    };
  };
}

interface Session {
  readonly cloud: FakeCloud;
  readonly signal: AbortSignal;
  requests: number;
}

async function call(session: Session, action: string, of: string): Promise<void> {
  await Promise.resolve();
  const { cloud, signal } = session;
  session.requests++;
  cloud.calls.push(`${action} ${of}`);
  cloud.onCall(`${action} ${of}`);
  if (signal.aborted) throw new CallFailure({ kind: "cancelled", action, code: "Cancelled", message: "cancelled" });
  const kind = cloud.fails.get(`${action} ${of}`) ?? cloud.fails.get(action);
  if (kind !== undefined) throw new CallFailure({ kind, action, code: kind, message: `${kind} by the cloud` });
}

const collectors: readonly Collector<Session>[] = [
  {
    types: ["aws_s3_bucket"],
    scope: "account",
    actions: ["s3:ListAllMyBuckets"],
    list: async (session, region) => {
      await call(session, "s3:ListAllMyBuckets", "-");
      return [...session.cloud.buckets.keys()].map((name): Found => ({
        type: "aws_s3_bucket",
        id: name,
        tags: { team: name === "kept" ? "a" : "b" },
        region,
        attributes: { id: name, bucket: name, arn: `arn:aws:s3:::${name}`, versioning: null },
      }));
    },
    details: [
      {
        of: "aws_s3_bucket",
        actions: ["s3:GetBucketVersioning"],
        gives: ["aws_s3_bucket_versioning"],
        read: async (session, { id }) => {
          await call(session, "s3:GetBucketVersioning", id);
          const status = session.cloud.buckets.get(id);
          const versioning = { status: status ?? "Disabled", mfa_delete: null };
          const attributes = { bucket: id, versioning_configuration: versioning };
          return { satellites: [{ type: "aws_s3_bucket_versioning", id, attributes }] };
        },
      },
    ],
  },
  {
    types: ["aws_ebs_volume"],
    scope: "region",
    actions: ["ec2:DescribeVolumes"],
    list: async (session, region) => {
      await call(session, "ec2:DescribeVolumes", region);
      return [...(session.cloud.volumes.get(region) ?? [])].map(([id, encrypted]): Found => ({
        type: "aws_ebs_volume",
        id,
        attributes: { id, encrypted },
      }));
    },
  },
];

export function fakeAccess(cloud: FakeCloud): CloudAccess<unknown> {
  const access: CloudAccess<Session> = {
    cloud: "aws",
    discover: () =>
      Promise.resolve([
        { id: "profile:good", cloud: "aws", title: "profile good", from: "~/.aws/config", problem: undefined },
        { id: "profile:half", cloud: "aws", title: "profile half", from: "~/.aws/config", problem: "it has no secret key" },
      ]),
    open: ({ signal }: Connection) => Promise.resolve({ cloud, signal, requests: 0 }),
    identify: async (session) => {
      await call(session, "sts:GetCallerIdentity", "-");
      return { account: cloud.account, principal: `arn:aws:iam::${cloud.account}:user/dev`, alias: "acme" };
    },
    regions: () => Promise.resolve(cloud.regions),
    homeRegion: () => "us-east-1",
    collectors: () => Promise.resolve(collectors),
    actions: ["sts:GetCallerIdentity"],
    requests: ({ requests }) => requests,
    close: () => undefined,
    rate: () => ({ perSecond: 10, burst: 20, per: "action" }),
    call: async (session, { action, request }) => {
      const { bucket, status } = request as { readonly bucket: string; readonly status: string };
      await call(session, action, bucket);
      if (!cloud.buckets.has(bucket))
        throw new CallFailure({ kind: "gone", action, code: "NoSuchBucket", message: "There is no such bucket." });
      if (cloud.hang !== undefined) await cloud.hang;
      if (action === "s3:PutBucketVersioning") cloud.buckets.set(bucket, status);
      return { status: cloud.buckets.get(bucket) ?? "Disabled" };
    },
    remedies: () => Promise.resolve(cloud.remedies),
    forget: () => undefined,
    partition: () => "aws",
    fixPolicy: (actions) => JSON.stringify({ Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] }),
    readPolicy: (actions) => JSON.stringify({ Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] }),
  };
  return access as CloudAccess<unknown>;
}

export async function testCatalogue(): Promise<Catalogue> {
  const { types, checks, tables } = await bundled();
  return { types, checks, tables, benchmarks: new Map(), ids: new Set() };
}

export async function liveService(cloud: FakeCloud, options: Partial<LiveOptions> = {}): Promise<LiveService> {
  return new LiveService({
    database: options.database ?? new Database(":memory:"),
    catalogue: await testCatalogue(),
    clouds: { aws: () => Promise.resolve(fakeAccess(cloud)) },
    samples: {},
    environment: {},
    now: () => "2026-06-15T12:00:00.000Z",
    holder: "test",
    person: "tester",
    sleep: () => Promise.resolve(),
    ...options,
  });
}
