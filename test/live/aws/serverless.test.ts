import assert from "node:assert/strict";
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateDomainNameCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import { ApiGatewayV2Client, CreateApiCommand, CreateRouteCommand, CreateStageCommand } from "@aws-sdk/client-apigatewayv2";
import { CodeBuildClient, CreateProjectCommand } from "@aws-sdk/client-codebuild";
import { CognitoIdentityClient, CreateIdentityPoolCommand } from "@aws-sdk/client-cognito-identity";
import { CognitoIdentityProviderClient, CreateUserPoolCommand } from "@aws-sdk/client-cognito-identity-provider";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  LambdaClient,
  type CreateFunctionCommandInput,
} from "@aws-sdk/client-lambda";
import { collectors } from "../../../src/live/aws/collectors.ts";
import { double } from "./double.ts";
import { connect, emptyMoto, seeding } from "./moto.ts";
import { scan } from "./verdicts.ts";

/** An archive with nothing in it. */
const archive = Buffer.concat([Buffer.from("PK\u0005\u0006", "latin1"), Buffer.alloc(18)]);

async function functions(endpoint: string): Promise<(name: string, more?: Partial<CreateFunctionCommandInput>) => Promise<void>> {
  const iam = new IAMClient(seeding(endpoint));
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
  };
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: "run", AssumeRolePolicyDocument: JSON.stringify(trust) }));
  const lambda = new LambdaClient(seeding(endpoint));
  return async (FunctionName, more = {}) => {
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: Role?.Arn,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Code: { ZipFile: archive },
        ...more,
      }),
    );
  };
}

describe("functions and APIs of an AWS account", () => {
  it("functions of Lambda: runtimes, variables", async () => {
    const endpoint = await emptyMoto();
    const make = await functions(endpoint);
    await make("good", { Environment: { Variables: { COLOUR: "blue" } } });
    await make("bare");
    await make("bad", {
      Runtime: "nodejs12.x",
      Environment: { Variables: { DATABASE_URL: "postgres://root:Tr0ub4dor-and-3@db.example.com/shop" } },
    });
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, [
      "aws-lambda-env-secrets",
      "aws-lambda-runtime-eol",
    ]);
    assert.deepEqual(verdicts, {
      "aws-lambda-env-secrets": { good: "pass", bare: "pass", bad: "fail" },
      "aws-lambda-runtime-eol": { good: "pass", bare: "pass", bad: "fail" },
    });
    assert.deepEqual(thing("aws_lambda_function", "good").attributes["environment"], { variables: { COLOUR: "blue" } });
    assert.equal(thing("aws_lambda_function", "bare").attributes["vpc_config"], null);
  });

  it("variables that AWS could not decrypt are not none", async () => {
    const endpoint = await emptyMoto();
    const make = await functions(endpoint);
    await make("encrypted");
    const front = await double({
      "GET /2015-03-31/functions": {
        Functions: [
          {
            FunctionName: "encrypted",
            FunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:encrypted",
            PackageType: "Zip",
            Runtime: "nodejs22.x",
            Environment: { Error: { ErrorCode: "AccessDeniedException", Message: "Lambda was unable to decrypt the variables" } },
          },
        ],
      },
    });
    try {
      const { verdicts } = await scan(await connect(front.endpoint), collectors, ["aws-lambda-env-secrets"]);
      assert.match(verdicts["aws-lambda-env-secrets"]?.["encrypted"] ?? "", /^unknown/);
    } finally {
      await front.stop();
    }
  });

  it("who may call functions, and their aliases", async () => {
    const endpoint = await emptyMoto();
    const make = await functions(endpoint);
    const lambda = new LambdaClient(seeding(endpoint));
    for (const name of ["closed", "open", "confused", "narrow", "alias"]) await make(name, { Publish: true });
    const allow = { StatementId: "one", Action: "lambda:InvokeFunction" };
    await lambda.send(new AddPermissionCommand({ ...allow, FunctionName: "open", Principal: "*" }));
    await lambda.send(new AddPermissionCommand({ ...allow, FunctionName: "confused", Principal: "s3.amazonaws.com" }));
    await lambda.send(
      new AddPermissionCommand({
        ...allow,
        FunctionName: "narrow",
        Principal: "s3.amazonaws.com",
        SourceArn: "arn:aws:s3:::b",
        SourceAccount: "123456789012",
      }),
    );
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, [
      "aws-lambda-public-policy",
      "aws-lambda-permission-source",
    ]);
    assert.deepEqual(verdicts, {
      "aws-lambda-public-policy": { closed: "pass", open: "fail", confused: "pass", narrow: "pass", alias: "pass" },
      "aws-lambda-permission-source": { closed: "pass", open: "pass", confused: "fail", narrow: "pass", alias: "pass" },
    });
    const { data } = await scan(await connect(endpoint), collectors, ["aws-lambda-public-policy"]);
    const narrow = data.resources.find(
      ({ type, attributes }) => type === "aws_lambda_permission" && attributes["function_name"] === "narrow",
    );
    assert.ok(narrow);
    assert.equal(narrow.attributes["source_arn"], "arn:aws:s3:::b");
    assert.equal(narrow.attributes["source_account"], "123456789012");
    assert.equal(narrow.attributes["principal"], "s3.amazonaws.com");
    assert.equal(thing("aws_lambda_function", "open").attributes["package_type"], "Zip");

    // A policy of an alias is its own.
    await lambda.send(new CreateAliasCommand({ FunctionName: "alias", Name: "live", FunctionVersion: "1" }));
    const policy = {
      Version: "2012-10-17",
      Statement: [{ Sid: "two", Effect: "Allow", Principal: "*", Action: "lambda:InvokeFunction" }],
    };
    const front = await double({
      "GET /2015-03-31/functions/alias/policy": (_: string, url: string) =>
        url.includes("Qualifier=live")
          ? { Policy: JSON.stringify(policy) }
          : [404, { __type: "ResourceNotFoundException", Message: "none" }],
    });
    try {
      const aliased = await scan(await connect(front.endpoint), collectors, ["aws-lambda-public-policy"]);
      assert.equal(aliased.verdicts["aws-lambda-public-policy"]?.["alias"], "fail");
      assert.equal(aliased.thing("aws_lambda_permission", "two").attributes["qualifier"], "live");
    } finally {
      await front.stop();
    }
  });

  it("URLs of functions and of their aliases (moto can't list them)", async () => {
    const endpoint = await emptyMoto();
    const make = await functions(endpoint);
    for (const name of ["good", "bad", "none"]) await make(name);
    const url = (arn: string, AuthType: string, more = {}) => ({
      FunctionUrl: `https://${"x".repeat(32)}.lambda-url.eu-west-1.on.aws/`,
      FunctionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${arn}`,
      AuthType,
      CreationTime: "2026-01-02T03:04:05.000Z",
      LastModifiedTime: "2026-01-02T03:04:05.000Z",
      InvokeMode: "BUFFERED",
      ...more,
    });
    const front = await double({
      "GET /2021-10-31/functions/good/urls": { FunctionUrlConfigs: [url("good", "AWS_IAM")] },
      "GET /2021-10-31/functions/bad/urls": (_: string, of: string) =>
        of.includes("Marker")
          ? { FunctionUrlConfigs: [url("bad:live", "NONE")] }
          : { FunctionUrlConfigs: [url("bad", "NONE", { Cors: { AllowOrigins: ["*"], MaxAge: 60 } })], NextMarker: "more" },
      "GET /2021-10-31/functions/none/urls": { FunctionUrlConfigs: [] },
    });
    try {
      const { verdicts, thing } = await scan(await connect(front.endpoint), collectors, [
        "aws-lambda-url-auth",
        "aws-lambda-url-cors",
      ]);
      assert.deepEqual(verdicts, {
        "aws-lambda-url-auth": { good: "pass", bad: "fail", "bad/live": "fail" },
        "aws-lambda-url-cors": { good: "pass", bad: "fail", "bad/live": "pass" },
      });
      const { attributes } = thing("aws_lambda_function_url", "bad/live");
      assert.equal(attributes["function_name"], "bad");
      assert.equal(attributes["qualifier"], "live");
      assert.equal(attributes["url_id"], "x".repeat(32));
      assert.equal(thing("aws_lambda_function_url", "good").attributes["cors"], null);
    } finally {
      await front.stop();
    }
  });

  it("REST APIs with their methods", async () => {
    const endpoint = await emptyMoto();
    const gateway = new APIGatewayClient(seeding(endpoint));
    const make = async (name: string, authorizationType: string, more = {}) => {
      const { id: restApiId } = await gateway.send(new CreateRestApiCommand({ name, ...more }));
      const { items } = await gateway.send(new GetResourcesCommand({ restApiId }));
      const { id: resourceId } = await gateway.send(
        new CreateResourceCommand({ restApiId, parentId: items?.[0]?.id, pathPart: "orders" }),
      );
      const method = { restApiId, resourceId, httpMethod: "POST" };
      await gateway.send(new PutMethodCommand({ ...method, authorizationType }));
      await gateway.send(new PutMethodCommand({ ...method, httpMethod: "OPTIONS", authorizationType: "NONE" }));
      await gateway.send(new PutIntegrationCommand({ ...method, type: "MOCK" }));
    };
    const policy = (principal: unknown) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: principal, Action: "execute-api:Invoke", Resource: "*" }],
      });
    await make("good", "AWS_IAM");
    await make("bad", "NONE");
    await make("inside", "NONE", { endpointConfiguration: { types: ["PRIVATE"] } });
    await make("narrow", "NONE", { policy: policy({ AWS: "arn:aws:iam::123456789012:root" }) });
    await make("everyone", "NONE", { policy: policy("*") });
    const { verdicts, thing, data } = await scan(await connect(endpoint), collectors, ["aws-apigateway-authorizer"]);
    assert.deepEqual(verdicts["aws-apigateway-authorizer"], {
      good: "pass",
      bad: "fail",
      inside: "pass",
      narrow: "pass",
      everyone: "fail",
    });
    assert.equal(thing("aws_api_gateway_rest_api", "narrow").attributes["policy"], null);
    assert.deepEqual(
      JSON.parse(thing("aws_api_gateway_rest_api_policy", "everyone").attributes["policy"] as string),
      JSON.parse(policy("*")),
    );
    assert.equal(data.resources.filter(({ type }) => type === "aws_api_gateway_method").length, 10);
  });

  it("HTTP and WebSocket APIs with their routes", async () => {
    const endpoint = await emptyMoto();
    const gateway = new ApiGatewayV2Client(seeding(endpoint));
    const make = async (Name: string, ProtocolType: "HTTP" | "WEBSOCKET", routes: Record<string, "NONE" | "AWS_IAM">) => {
      const api = await gateway.send(
        new CreateApiCommand({ Name, ProtocolType, RouteSelectionExpression: "$request.body.action" }),
      );
      for (const [RouteKey, AuthorizationType] of Object.entries(routes)) {
        await gateway.send(new CreateRouteCommand({ ApiId: api.ApiId, RouteKey, AuthorizationType }));
      }
    };
    await make("good", "HTTP", { "GET /": "AWS_IAM", "OPTIONS /": "NONE" });
    await make("bad", "HTTP", { "GET /": "AWS_IAM", "POST /": "NONE" });
    await make("socket", "WEBSOCKET", { $connect: "AWS_IAM", $default: "NONE" });
    await make("loose", "WEBSOCKET", { $connect: "NONE" });
    const { verdicts } = await scan(await connect(endpoint), collectors, ["aws-apigateway-authorizer"]);
    assert.deepEqual(verdicts["aws-apigateway-authorizer"], { good: "pass", bad: "fail", socket: "pass", loose: "fail" });
  });

  it("stages of APIs, and whether they write down who calls", async () => {
    const endpoint = await emptyMoto();
    const gateway = new APIGatewayClient(seeding(endpoint));
    const { id: restApiId } = await gateway.send(new CreateRestApiCommand({ name: "shop" }));
    const { items } = await gateway.send(new GetResourcesCommand({ restApiId }));
    const method = { restApiId, resourceId: items?.[0]?.id, httpMethod: "GET" };
    await gateway.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
    await gateway.send(new PutIntegrationCommand({ ...method, type: "MOCK" }));
    await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: "quiet" }));
    await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: "loud" }));
    const log = "arn:aws:logs:eu-west-1:123456789012:log-group:calls";
    const set = (path: string, value: string) => ({ op: "replace" as const, path, value });
    await gateway.send(
      new UpdateStageCommand({
        restApiId,
        stageName: "loud",
        patchOperations: [set("/accessLogSettings/destinationArn", log), set("/accessLogSettings/format", "$context.requestId")],
      }),
    );
    const v2 = new ApiGatewayV2Client(seeding(endpoint));
    const { ApiId } = await v2.send(new CreateApiCommand({ Name: "new", ProtocolType: "HTTP" }));
    const AccessLogSettings = { DestinationArn: log, Format: "$context.requestId" };
    await v2.send(new CreateStageCommand({ ApiId, StageName: "loud", AccessLogSettings }));
    await v2.send(new CreateStageCommand({ ApiId, StageName: "quiet" }));
    const { verdicts } = await scan(await connect(endpoint), collectors, ["aws-apigateway-access-log"]);
    assert.deepEqual(verdicts["aws-apigateway-access-log"], {
      [`${restApiId ?? ""}/quiet`]: "fail",
      [`${restApiId ?? ""}/loud`]: "pass",
      [`${ApiId ?? ""}/loud`]: "pass",
      [`${ApiId ?? ""}/quiet`]: "fail",
    });
  });

  it("names of APIs, and the oldest TLS that they speak", async () => {
    const endpoint = await emptyMoto();
    const gateway = new APIGatewayClient(seeding(endpoint));
    for (const [domainName, securityPolicy] of [
      ["good.example.com", "TLS_1_2"],
      ["bad.example.com", "TLS_1_0"],
    ] as const) {
      await gateway.send(new CreateDomainNameCommand({ domainName, securityPolicy, certificateName: "one" }));
    }
    const { verdicts } = await scan(await connect(endpoint), collectors, ["aws-apigateway-domain-tls"]);
    assert.deepEqual(verdicts["aws-apigateway-domain-tls"], { "good.example.com": "pass", "bad.example.com": "fail" });
  });

  it("projects of CodeBuild and their variables", async () => {
    const endpoint = await emptyMoto();
    const codebuild = new CodeBuildClient(seeding(endpoint));
    const make = async (name: string, variable: { name: string; value: string; type?: "PLAINTEXT" | "SECRETS_MANAGER" }) => {
      await codebuild.send(
        new CreateProjectCommand({
          name,
          source: { type: "S3", location: "bucket/path" },
          artifacts: { type: "NO_ARTIFACTS" },
          environment: {
            type: "LINUX_CONTAINER",
            image: "aws/codebuild/standard:7.0",
            computeType: "BUILD_GENERAL1_SMALL",
            environmentVariables: [variable],
          },
          serviceRole: "arn:aws:iam::123456789012:role/service-role/build",
        }),
      );
    };
    await make("good", { name: "DATABASE_PASSWORD", value: "shop/database", type: "SECRETS_MANAGER" });
    await make("bad", { name: "DATABASE_URL", value: "postgres://root:Tr0ub4dor-and-3@db.example.com/shop" });
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, ["aws-codebuild-env-secrets"]);
    assert.deepEqual(verdicts["aws-codebuild-env-secrets"], { good: "pass", bad: "fail" });
    assert.equal(
      thing("aws_codebuild_project", "good").attributes["service_role"],
      "arn:aws:iam::123456789012:role/service-role/build",
    );
  });

  it("pools of identities", async () => {
    const endpoint = await emptyMoto();
    const cognito = new CognitoIdentityClient(seeding(endpoint));
    for (const name of ["good", "bad"]) {
      await cognito.send(new CreateIdentityPoolCommand({ IdentityPoolName: name, AllowUnauthenticatedIdentities: name === "bad" }));
    }
    const { verdicts } = await scan(await connect(endpoint), collectors, ["aws-cognito-identity-guest"]);
    assert.deepEqual(verdicts["aws-cognito-identity-guest"], { good: "pass", bad: "fail" });
  });

  it("pools of users", async () => {
    const endpoint = await emptyMoto();
    const cognito = new CognitoIdentityProviderClient(seeding(endpoint));
    for (const name of ["good", "bad"]) {
      await cognito.send(new CreateUserPoolCommand({ PoolName: name, MfaConfiguration: name === "bad" ? "OFF" : "OPTIONAL" }));
    }
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, ["aws-cognito-user-pool-mfa"]);
    assert.deepEqual(verdicts["aws-cognito-user-pool-mfa"], { good: "pass", bad: "fail" });
    const { arn } = thing("aws_cognito_user_pool", "good").attributes;
    assert.ok(typeof arn === "string" && arn.startsWith("arn:aws:cognito-idp:"));
  });
});
