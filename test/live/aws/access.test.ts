import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateAccountAliasCommand, CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { pages, send, type AwsSession } from "../../../src/live/aws/client.ts";
import { ec2, iam } from "../../../src/live/aws/services.ts";
import { CallFailure } from "../../../src/live/failure.ts";
import type { CredentialSource } from "../../../src/live/session.ts";
import { account, connect, connection, emptyMoto, Front, quickAccess, region, seeding, type Fault } from "./moto.ts";

const failureOf = async (promise: Promise<unknown>): Promise<CallFailure> => {
  const error: unknown = await promise.then(
    () => assert.fail("it did not fail"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof CallFailure, String(error));
  return error;
};

const regionsOf = (session: AwsSession, where = region): Promise<unknown> =>
  send(session, ec2, where, "ec2:DescribeRegions", (sdk) => new sdk.DescribeRegionsCommand({}));
const aliases = (session: AwsSession): Promise<unknown> =>
  send(session, iam, session.home, "iam:ListAccountAliases", (sdk) => new sdk.ListAccountAliasesCommand({}));

const xml = (code: string, message = code): string =>
  `<?xml version="1.0"?><Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>1</RequestID></Response>`;
const queryXml = (code: string, message = code): string =>
  `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;

describe("access to AWS", () => {
  let endpoint: string;
  const fronts: Front[] = [];
  const front = async (
    fault: (asked: { readonly body: string; readonly count: number; readonly url: string }) => Fault | undefined,
  ) => {
    const made = await Front.start(endpoint, fault);
    fronts.push(made);
    return made;
  };

  beforeEach(async () => {
    endpoint = await emptyMoto();
  });
  afterEach(async () => {
    for (const made of fronts.splice(0)) await made.stop();
  });

  it("opens, says who it is, and which regions there are", async () => {
    const access = quickAccess();
    const session = await access.open(connection(endpoint));
    assert.deepEqual(await access.identify(session), { account, principal: session.caller.arn, alias: undefined });
    assert.match(session.caller.arn, /^arn:aws:/);
    await new IAMClient(seeding(endpoint)).send(new CreateAccountAliasCommand({ AccountAlias: "example" }));
    assert.equal((await access.identify(session)).alias, "example");
    const regions = await access.regions(session);
    assert.ok(regions.includes("eu-west-1") && regions.includes("us-east-1"), regions.join());
    assert.deepEqual(regions, [...regions].sort());
    assert.equal(access.homeRegion(session), region);
    assert.equal(access.requests(session), 4);
    access.close(session);
  });

  it("takes for enabled what needs no opting in, and what was opted in to", async () => {
    const one = (name: string, status: string): string =>
      `<item><regionName>${name}</regionName><regionEndpoint>ec2.${name}.amazonaws.com</regionEndpoint><optInStatus>${status}</optInStatus></item>`;
    const items = [one("us-east-1", "opt-in-not-required"), one("me-south-1", "not-opted-in"), one("ap-east-1", "opted-in")];
    const body = `<DescribeRegionsResponse><requestId>1</requestId><regionInfo>${items.join("")}</regionInfo></DescribeRegionsResponse>`;
    const made = await front((asked) => (/DescribeRegions/.test(asked.body) ? { status: 200, body } : undefined));
    assert.deepEqual(await quickAccess().regions(await connect(made.endpoint)), ["ap-east-1", "us-east-1"]);
  });

  it("goes on without the alias where it may not be read, but not where it was cancelled", async () => {
    const denying = await front(({ body }) =>
      /ListAccountAliases/.test(body) ? { status: 403, body: queryXml("AccessDenied") } : undefined,
    );
    const access = quickAccess();
    assert.equal((await access.identify(await access.open(connection(denying.endpoint)))).alias, undefined);
    const stop = new AbortController();
    const session = await access.open(connection(endpoint, stop.signal));
    stop.abort();
    assert.equal((await failureOf(access.identify(session))).kind, "cancelled");
  });

  it("says what AWS says, by kind", async () => {
    const cases: readonly (readonly [number, string, string, CallFailure["kind"]])[] = [
      [403, "UnauthorizedOperation", "You are not authorized to perform this operation.", "denied"],
      [403, "AccessDenied", "User is not authorized", "denied"],
      [401, "AuthFailure", "Not authorized for image:ami-1", "denied"],
      [503, "RequestLimitExceeded", "Request limit exceeded.", "throttled"],
      [400, "Throttling", "Rate exceeded", "throttled"],
      [400, "ThrottlingException", "Rate exceeded", "throttled"],
      [429, "Whatever", "Slow down", "throttled"],
      [400, "InvalidVpcID.NotFound", "The vpc ID 'vpc-1' does not exist", "gone"],
      [404, "NoSuchEntity", "The role can't be found", "gone"],
      [403, "ExpiredToken", "The security token included in the request is expired", "credentials"],
      [400, "RequestExpired", "Request has expired.", "credentials"],
      [403, "SignatureDoesNotMatch", "Signature expired", "credentials"],
      [403, "RequestTimeTooSkewed", "The difference is too large", "credentials"],
      [401, "OptInRequired", "You are not subscribed to this service.", "region"],
      [500, "InternalError", "An internal error", "fault"],
      [503, "Unavailable", "The server is overloaded", "fault"],
      [400, "InvalidAction", "The action X is not valid for this web service.", "unsupported"],
      [501, "NotImplemented", "Not implemented", "unsupported"],
      [400, "InvalidParameterValue", "No", "refused"],
    ];
    for (const [status, code, message, kind] of cases) {
      const faulty = await front(({ body }) => (/DescribeRegions/.test(body) ? { status, body: xml(code, message) } : undefined));
      const failure = await failureOf(regionsOf(await connect(faulty.endpoint)));
      assert.equal(failure.kind, kind, `${code}: ${failure.message}`);
      assert.equal(failure.code, code);
      assert.equal(failure.action, "ec2:DescribeRegions");
      assert.equal(failure.message, message);
    }
  });

  it("reads the errors of a Query API as well, and of one that speaks JSON", async () => {
    const faulty = await front(({ body }) =>
      /ListAccountAliases/.test(body) ? { status: 403, body: queryXml("AccessDenied", "no") } : undefined,
    );
    const failure = await failureOf(aliases(await connect(faulty.endpoint)));
    assert.deepEqual([failure.kind, failure.code, failure.message], ["denied", "AccessDenied", "no"]);
  });

  it("tells keys that a region does not know from keys that are no good", async () => {
    let works = true;
    const faulty = await front(({ body }) => {
      if (/DescribeRegions/.test(body))
        return { status: 401, body: xml("AuthFailure", "AWS was not able to validate the credentials") };
      return works || !/GetCallerIdentity/.test(body)
        ? undefined
        : { status: 403, body: queryXml("InvalidClientTokenId", "invalid") };
    });
    const session = await connect(faulty.endpoint);
    assert.equal((await failureOf(regionsOf(session, "ap-east-1"))).kind, "region");
    assert.equal((await failureOf(regionsOf(session, region))).kind, "credentials");
    const second = await connect(faulty.endpoint);
    works = false;
    assert.equal((await failureOf(regionsOf(second, "ap-east-1"))).kind, "credentials");
  });

  it("takes a page of HTML or half an answer for none", async () => {
    const bodies: readonly (readonly [number, string, CallFailure["kind"]])[] = [
      [
        404,
        "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The URL was not found.",
        "answer",
      ],
      [200, "<html><body>Sign in to the network</body></html>", "answer"],
      [200, "", "answer"],
      [200, "<DescribeRegionsResponse><regionInfo><item>", "answer"],
      [502, "<html><body>Bad gateway</body></html>", "fault"],
    ];
    for (const [status, body, kind] of bodies) {
      const faulty = await front((asked) => (/DescribeRegions/.test(asked.body) ? { status, body } : undefined));
      const access = quickAccess();
      const failure = await failureOf(access.regions(await access.open(connection(faulty.endpoint))));
      assert.equal(failure.kind, kind, `${body}: ${failure.code} ${failure.message}`);
      assert.ok(!/html/i.test(failure.message), failure.message);
    }
  });

  it("takes no page for an answer with nothing in it, nor for a thing that is gone", async () => {
    for (const [status, body] of [
      [200, "<html><body>Blocked</body></html>"],
      [404, "<!doctype html><title>404 Not Found</title>"],
      [403, "<html><body>Blocked</body></html>"],
    ] as const) {
      const faulty = await front((asked) => (/ListAccountAliases/.test(asked.body) ? { status, body } : undefined));
      assert.equal((await failureOf(aliases(await connect(faulty.endpoint)))).kind, "answer", body);
    }
  });

  it("tries again what was throttled, at fault or cut, and gives up at last", async () => {
    const faults: readonly Fault[] = [
      { status: 503, body: xml("RequestLimitExceeded") },
      { cut: true },
      { status: 500, body: xml("InternalError") },
      { cut: true, after: 40 },
    ];
    let left = [...faults];
    const faulty = await front(({ body }) => (/DescribeRegions/.test(body) ? left.shift() : undefined));
    const session = await connect(faulty.endpoint);
    const before = session.requests;
    assert.ok(await regionsOf(session));
    assert.equal(session.requests - before, 5);
    left = Array.from({ length: 100 }, () => ({ status: 503, body: xml("RequestLimitExceeded") }));
    assert.equal((await failureOf(regionsOf(session))).kind, "throttled");
    assert.equal(left.length, 93, "seven tries");
  });

  it("says where nobody answers", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const failure = await failureOf(connect(`http://127.0.0.1:${port}`));
    assert.deepEqual([failure.kind, failure.code], ["unreachable", "ECONNREFUSED"]);
  });

  it("stops where it is cancelled, also in the middle of a request", async () => {
    const slow = await front(({ body }) => (/DescribeRegions/.test(body) ? { delay: 60_000 } : undefined));
    const stop = new AbortController();
    const session = await connect(slow.endpoint, stop.signal);
    setTimeout(() => stop.abort(), 50);
    assert.equal((await failureOf(regionsOf(session))).kind, "cancelled");
  });

  it("reads all pages, in order, and distrusts a list that goes in circles", async () => {
    const client = new IAMClient(seeding(endpoint));
    const AssumeRolePolicyDocument = '{"Version":"2012-10-17","Statement":[]}';
    for (let index = 0; index < 7; index++)
      await client.send(new CreateRoleCommand({ RoleName: `role-${index}`, AssumeRolePolicyDocument }));
    const session = await connect(endpoint);
    const list = (circle?: string): Promise<string[]> =>
      pages(
        session,
        iam,
        region,
        "iam:GetAccountAuthorizationDetails",
        (sdk, Marker) => new sdk.GetAccountAuthorizationDetailsCommand({ Filter: ["Role"], MaxItems: 3, Marker }),
        ({ RoleDetailList }) => RoleDetailList?.flatMap(({ RoleName }) => RoleName ?? []),
        ({ Marker }) => circle ?? Marker,
      );
    assert.deepEqual(await list(), ["role-0", "role-1", "role-2", "role-3", "role-4", "role-5", "role-6"]);
    assert.equal((await failureOf(list("0"))).code, "Paging");
  });

  it("takes a role through another profile at the same endpoint", async () => {
    await new IAMClient(seeding(endpoint)).send(
      new CreateRoleCommand({ RoleName: "audit", AssumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":[]}' }),
    );
    const folder = mkdtempSync(join(tmpdir(), "plumbline-aws-"));
    writeFileSync(
      join(folder, "config"),
      `[profile audit]\nrole_arn = arn:aws:iam::${account}:role/audit\nsource_profile = base\nregion = eu-central-1\n`,
    );
    writeFileSync(join(folder, "credentials"), "[base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n");
    const environment = { AWS_CONFIG_FILE: join(folder, "config"), AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials") };
    const access = quickAccess(environment);
    const source = (await access.discover(environment)).find(({ id }) => id === "profile:audit");
    assert.ok(source);
    const session = await access.open({ source, keys: undefined, endpoint, signal: new AbortController().signal });
    assert.match(session.caller.arn, /^arn:aws:sts::123456789012:assumed-role\/audit\//);
    assert.equal(access.homeRegion(session), "eu-central-1");
  });

  it("fails where the credentials can't be had, without telling any", async () => {
    const access = quickAccess();
    const open = (source: Partial<CredentialSource>): Promise<CallFailure> =>
      failureOf(
        access.open({
          source: { id: "environment", cloud: "aws", title: "t", from: "f", problem: undefined, ...source },
          keys: undefined,
          endpoint,
          signal: new AbortController().signal,
        }),
      );
    for (const source of [{}, { id: "profile:nowhere" }, { id: "kept:1" }, { problem: "Half a key." }]) {
      assert.equal((await open(source)).kind, "credentials", JSON.stringify(source));
    }
  });

  it("says in no message what keys or URLs hold", async () => {
    const message = "The key AKIAIOSFODNN7EXAMPLE at https://example.com/?X-Amz-Signature=abc&amp;X-Amz-Security-Token=def";
    const faulty = await front(({ body }) =>
      /DescribeRegions/.test(body) ? { status: 400, body: xml("Odd", message) } : undefined,
    );
    const failure = await failureOf(regionsOf(await connect(faulty.endpoint)));
    assert.ok(!/AKIA|abc|def/.test(failure.message), failure.message);
  });

  it("keeps clients of several regions apart", async () => {
    await new EC2Client(seeding(endpoint, "us-west-2")).send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" }));
    const session = await connect(endpoint);
    await regionsOf(session, "us-west-2");
    await regionsOf(session, "eu-west-1");
    assert.deepEqual([...session.clients.keys()], ["sts eu-west-1", "ec2 us-west-2", "ec2 eu-west-1"]);
  });

  it("writes the least policy", () => {
    const policy = JSON.parse(
      quickAccess().readPolicy(["s3:GetBucketPolicy", "ec2:DescribeVpcs", "s3:GetBucketPolicy"]),
    ) as unknown;
    assert.deepEqual(policy, {
      Version: "2012-10-17",
      Statement: [{ Sid: "PlumblineReads", Effect: "Allow", Action: ["ec2:DescribeVpcs", "s3:GetBucketPolicy"], Resource: "*" }],
    });
  });
});
