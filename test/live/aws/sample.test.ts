import assert from "node:assert/strict";
import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { readNeeds } from "../../../src/core/checks/permissions.ts";
import { collectors } from "../../../src/live/aws/collectors.ts";
import type { AwsSession } from "../../../src/live/aws/client.ts";
import { uncollected } from "../../../src/live/collect.ts";
import { CallFailure } from "../../../src/live/failure.ts";
import { sampleAccount, sampleKeys } from "../../../src/live/sample/aws/account.ts";
import { startDouble, type Double } from "../../../src/live/sample/aws/server.ts";
import type { KeptKeys } from "../../../src/live/session.ts";
import { bundled } from "../../harness/check-world.ts";
import { quickAccess } from "./moto.ts";
import { scan } from "./verdicts.ts";

const now = new Date();
const regions = ["eu-west-1", "us-east-1"];

describe("the sample account of AWS", () => {
  let double: Double;
  before(async () => {
    double = await startDouble(sampleAccount(now));
  });
  after(async () => {
    await double.close();
  });
  beforeEach(() => {
    double.replace(sampleAccount(now));
  });

  const open = (keys: KeptKeys = sampleKeys): Promise<AwsSession> =>
    quickAccess().open({
      source: { id: "kept:sample", cloud: "aws", title: "sample", from: "sample", problem: undefined },
      keys,
      endpoint: double.url,
      signal: new AbortController().signal,
    });
  const client = (more = {}) => ({
    region: "eu-west-1",
    endpoint: double.url,
    credentials: { accessKeyId: sampleKeys.id, secretAccessKey: sampleKeys.secret },
    maxAttempts: 1,
    ...more,
  });
  const code = async (asked: Promise<unknown>): Promise<string> =>
    asked.then(
      () => "answered",
      (error: unknown) => (error as Error).name,
    );

  it("says who it is", async () => {
    const access = quickAccess();
    const session = await open();
    assert.deepEqual(await access.identify(session), {
      account: "111122223333",
      principal: "arn:aws:iam::111122223333:user/plumbline-reader",
      alias: "pinewood-outdoor",
    });
    assert.deepEqual(await access.regions(session), regions);
  });

  it("is judged whole by all items: much of it is good, and much is bad", async () => {
    const { checks, types } = await bundled();
    const items = checks.filter(({ id, in: only }) => id.startsWith("aws-") && only !== "files");
    const served = items.filter((check) => {
      const { types: needed, actions } = readNeeds(check, types);
      const lacking = uncollected(collectors, { types: new Set(needed), actions: new Set(actions) });
      return lacking.every((type) => types.get(type)?.collectedAs !== undefined || !needed.includes(type));
    });
    const ids = served.map(({ id }) => id);
    const { verdicts } = await scan(await open(), collectors, ids, { regions, now: now.toISOString() });
    const kinds = Object.entries(verdicts).map(
      ([id, of]) => [id, new Set(Object.values(of).map((each) => each.split(" ")[0]))] as const,
    );
    const open_ = Object.entries(verdicts).flatMap(([id, of]) =>
      Object.entries(of).flatMap(([name, verdict]) => (verdict.startsWith("unknown") ? [`${id} ${name}: ${verdict}`] : [])),
    );
    assert.deepEqual(open_, []);
    const both = kinds.filter(([, of]) => of.has("pass") && of.has("fail"));
    const judged = kinds.filter(([, of]) => of.has("pass") || of.has("fail"));
    assert.ok(both.length >= 50, `${String(both.length)} items with a good and a bad thing`);
    assert.ok(judged.length >= 110, `${String(judged.length)} items with a verdict`);
    assert.deepEqual(verdicts["aws-rds-instance-public"], { shop: "pass", "legacy-cms": "fail" });
    assert.deepEqual(verdicts["aws-sqs-public"], { orders: "notApplicable", imports: "fail" });
  });

  it("knows a signature from one that is not", async () => {
    const sts = (more = {}) => new STSClient(client(more));
    const identify = (of: STSClient) => code(of.send(new GetCallerIdentityCommand({})));
    assert.equal(await identify(sts()), "answered");
    const keys = { accessKeyId: sampleKeys.id, secretAccessKey: sampleKeys.secret };
    assert.equal(await identify(sts({ credentials: { ...keys, secretAccessKey: "another" } })), "SignatureDoesNotMatch");
    assert.equal(await identify(sts({ credentials: { ...keys, accessKeyId: "AKIAUNKNOWNUNKNOWNUN" } })), "InvalidClientTokenId");
    assert.equal(await identify(sts({ credentials: { ...keys, sessionToken: "of another" } })), "InvalidClientTokenId");
    assert.equal(await identify(sts({ systemClockOffset: -20 * 60_000 })), "SignatureDoesNotMatch");
    const changed = sts();
    changed.middlewareStack.add(
      (next) => (asked) => {
        const request = asked.request as { body: string };
        request.body += "&More=1";
        return next(asked);
      },
      { step: "finalizeRequest", priority: "low", name: "after the signature" },
    );
    assert.notEqual(await identify(changed), "answered");
    assert.equal((await fetch(double.url, { method: "POST", body: "Action=GetCallerIdentity" })).status, 403);
    // Paths and queries are signed in ways of their own.
    assert.equal(
      await code(new S3Client(client({ forcePathStyle: true })).send(new ListBucketsCommand({ Prefix: "a b/ü" }))),
      "answered",
    );
    assert.equal(
      await code(
        new ECRClient(client({ credentials: { ...keys, secretAccessKey: "another" } })).send(new DescribeRepositoriesCommand({})),
      ),
      "InvalidSignatureException",
    );
  });

  it("refuses wrong keys as broken credentials, and regions that are not enabled", async () => {
    await assert.rejects(
      open({ ...sampleKeys, secret: "another" }),
      (error) => error instanceof CallFailure && error.kind === "credentials",
    );
    const { data } = await scan(await open(), collectors, ["aws-ecr-immutable-tags"], {
      regions: ["eu-west-1", "ap-south-1"],
      mayFail: true,
    });
    const failed = data.listings.filter(({ failure }) => failure !== null).map(({ region, failure }) => [region, failure?.kind]);
    assert.deepEqual(failed, [["ap-south-1", "error"]]);
  });

  it("is read all the same when it throttles, breaks down and cuts the line now and then", async () => {
    const ids = [
      "aws-ecr-immutable-tags",
      "aws-sqs-encryption",
      "aws-lambda-public-policy",
      "aws-rds-instance-public",
      "aws-sns-public",
    ];
    const calm = await scan(await open(), collectors, ids, { now: now.toISOString() });
    double.inject({ action: "ecr:DescribeRepositories", kind: "throttle", times: 3 });
    double.inject({ action: "sqs:GetQueueAttributes", kind: "fault", times: 2 });
    double.inject({ action: "lambda:GetPolicy", kind: "throttle", times: 2 });
    double.inject({ action: "rds:DescribeDBInstances", kind: "cut", times: 1 });
    const rough = await scan(await open(), collectors, ids, { now: now.toISOString() });
    assert.deepEqual(rough.verdicts, calm.verdicts);
  });

  it("leaves open what it denies, and names it", async () => {
    const denying = await startDouble(sampleAccount(now));
    try {
      denying.deny("sns:GetTopicAttributes", "rds:DescribeDBInstances");
      const session = await quickAccess().open({
        source: { id: "kept:sample", cloud: "aws", title: "sample", from: "sample", problem: undefined },
        keys: sampleKeys,
        endpoint: denying.url,
        signal: new AbortController().signal,
      });
      const ids = ["aws-sns-public", "aws-rds-instance-public"];
      const { verdicts, data } = await scan(session, collectors, ids, { mayFail: true });
      const denied = "unknown (denied: sns:GetTopicAttributes)";
      assert.deepEqual(verdicts["aws-sns-public"], { alarms: denied, news: denied });
      assert.deepEqual(
        data.listings.flatMap(({ failure }) => (failure === null ? [] : [failure])),
        [
          { kind: "denied", detail: "rds:DescribeDBInstances" },
          { kind: "denied", detail: "sns:GetTopicAttributes" },
        ],
      );
    } finally {
      await denying.close();
    }
  });

  it("leaves open what is answered with a page or half an answer", async () => {
    double.inject({ action: "ecr:DescribeRepositories", kind: "html", times: 100 });
    double.inject({ action: "sqs:ListQueues", kind: "garbage", times: 100 });
    const { data } = await scan(await open(), collectors, ["aws-ecr-immutable-tags", "aws-sqs-encryption"], { mayFail: true });
    const failures = data.listings.flatMap(({ failure }) => (failure === null ? [] : [failure.kind]));
    assert.equal(failures.length, 2);
    assert.deepEqual(
      data.resources.filter(({ type }) => type !== "aws_ecr_registry_scanning_configuration"),
      [],
    );
  });
});
