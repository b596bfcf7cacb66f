import type { FunctionConfiguration, FunctionUrlConfig } from "@aws-sdk/client-lambda";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Found } from "../collector.ts";
import { absent } from "../failure.ts";
import { each, pages, send, service, type AwsSession } from "./client.ts";
import { permissionsOf } from "./lambda-policy.ts";
import { always, block, list, must, optional, thing, unlessEmpty } from "./shape.ts";

const lambda = service("lambda", () => import("./sdk/lambda.ts"));
const listing = "lambda:ListFunctions";

export const functions: Collector<AwsSession> = {
  types: ["aws_lambda_function"],
  scope: "region",
  actions: [listing],
  list: async (session, region) => (await all(session, region)).map((of) => lambdaFunction(of, session, region)),
  details: [
    {
      of: "aws_lambda_function",
      // A policy belongs to the function, or to one of its aliases.
      actions: ["lambda:GetPolicy", "lambda:ListAliases"],
      gives: ["aws_lambda_permission"],
      read: async (session, { id }, region) => {
        const aliases = await pages(
          session,
          lambda,
          region,
          "lambda:ListAliases",
          (sdk, Marker) => new sdk.ListAliasesCommand({ FunctionName: id, Marker, MaxItems: 10_000 }),
          ({ Aliases }) => Aliases,
          ({ NextMarker }) => NextMarker,
        );
        const qualifiers = [undefined, ...aliases.map(({ Name }) => must(Name, "lambda:ListAliases"))];
        const policies = await each(
          qualifiers,
          async (Qualifier) => {
            const answer = await send(
              session,
              lambda,
              region,
              "lambda:GetPolicy",
              (sdk) => new sdk.GetPolicyCommand({ FunctionName: id, Qualifier }),
            ).catch(absent(["ResourceNotFoundException"], null));
            return answer?.Policy === undefined ? [] : permissionsOf(answer.Policy, id, Qualifier);
          },
          4,
        );
        return { satellites: policies.flat() };
      },
    },
  ],
};

/** Without their published versions. */
async function all(session: AwsSession, region: string): Promise<readonly FunctionConfiguration[]> {
  return await pages(
    session,
    lambda,
    region,
    listing,
    (sdk, Marker) => new sdk.ListFunctionsCommand({ Marker, MaxItems: 50 }),
    ({ Functions }) => Functions,
    ({ NextMarker }) => NextMarker,
  );
}

function lambdaFunction(of: FunctionConfiguration, { caller }: AwsSession, region: string): Found {
  const name = must(of.FunctionName, listing);
  const arn = of.FunctionArn ?? `arn:${caller.partition}:lambda:${region}:${caller.account}:function:${name}`;
  return thing(
    "aws_lambda_function",
    name,
    { name },
    {
      function_name: name,
      arn,
      ...always({
        architectures: of.Architectures,
        code_sha256: of.CodeSha256,
        last_modified: of.LastModified,
        memory_size: of.MemorySize,
        package_type: of.PackageType,
        role: of.Role,
        source_code_size: of.CodeSize,
        timeout: of.Timeout,
        version: of.Version,
      }),
      ...optional({
        description: of.Description,
        // An image has neither.
        handler: of.Handler,
        runtime: of.Runtime,
        kms_key_arn: of.KMSKeyArn,
        layers: list(of.Layers?.flatMap(({ Arn }) => Arn ?? [])),
        signing_job_arn: of.SigningJobArn,
        signing_profile_version_arn: of.SigningProfileVersionArn,
      }),
      ...environment(of.Environment),
      dead_letter_config: block(of.DeadLetterConfig, ({ TargetArn }) => always({ target_arn: TargetArn })),
      ephemeral_storage: block(of.EphemeralStorage, ({ Size }) => always({ size: Size })),
      file_system_config: block(of.FileSystemConfigs?.[0], ({ Arn, LocalMountPath }) =>
        always({ arn: Arn, local_mount_path: LocalMountPath }),
      ),
      image_config: block(of.ImageConfigResponse?.ImageConfig, (image) =>
        optional({
          command: list(image.Command),
          entry_point: list(image.EntryPoint),
          working_directory: image.WorkingDirectory,
        }),
      ),
      logging_config: block(of.LoggingConfig, (logging) => ({
        ...always({ log_format: logging.LogFormat, log_group: logging.LogGroup }),
        ...optional({ application_log_level: logging.ApplicationLogLevel, system_log_level: logging.SystemLogLevel }),
      })),
      snap_start: block(of.SnapStart?.ApplyOn === "PublishedVersions" ? of.SnapStart : undefined, (snap) =>
        always({ apply_on: snap.ApplyOn, optimization_status: snap.OptimizationStatus }),
      ),
      tracing_config: block(of.TracingConfig, ({ Mode }) => always({ mode: Mode })),
      vpc_config: block(of.VpcConfig?.VpcId === "" ? undefined : unlessEmpty(of.VpcConfig), (vpc) =>
        always({
          vpc_id: vpc.VpcId,
          subnet_ids: vpc.SubnetIds,
          security_group_ids: vpc.SecurityGroupIds,
          ipv6_allowed_for_dual_stack: vpc.Ipv6AllowedForDualStack,
        }),
      ),
    },
  );
}

/** Variables that AWS could not decrypt for us are an error inside the answer: not read, and not none. */
function environment(of: FunctionConfiguration["Environment"]): JsonObject {
  if (of?.Error !== undefined && of.Variables === undefined) return {};
  return { environment: block(of?.Variables, (variables) => ({ variables })) };
}

export const functionUrls: Collector<AwsSession> = {
  types: ["aws_lambda_function_url"],
  scope: "region",
  actions: [listing, "lambda:ListFunctionUrlConfigs"],
  list: async (session, region) => {
    const urls = await each(await all(session, region), async ({ FunctionName }) => {
      const name = must(FunctionName, listing);
      const its = await pages(
        session,
        lambda,
        region,
        "lambda:ListFunctionUrlConfigs",
        (sdk, Marker) => new sdk.ListFunctionUrlConfigsCommand({ FunctionName: name, Marker, MaxItems: 50 }),
        ({ FunctionUrlConfigs }) => FunctionUrlConfigs,
        ({ NextMarker }) => NextMarker,
      );
      return its.map((of) => functionUrl(of, name));
    });
    return urls.flat();
  },
};

function functionUrl(of: FunctionUrlConfig, name: string): Found {
  const arn = must(of.FunctionArn, "lambda:ListFunctionUrlConfigs");
  // arn:aws:lambda:eu-west-1:123456789012:function:name:qualifier
  const qualifier = arn.split(":")[7];
  const id = qualifier === undefined ? name : `${name}/${qualifier}`;
  return thing(
    "aws_lambda_function_url",
    id,
    { name: id },
    {
      function_name: name,
      function_arn: arn,
      qualifier: qualifier ?? null,
      ...always({
        authorization_type: of.AuthType,
        function_url: of.FunctionUrl,
        url_id: /^https:\/\/([^.]+)\./.exec(of.FunctionUrl ?? "")?.[1],
        invoke_mode: of.InvokeMode,
      }),
      cors: block(unlessEmpty(of.Cors), (cors) =>
        optional({
          allow_credentials: cors.AllowCredentials,
          allow_headers: list(cors.AllowHeaders),
          allow_methods: list(cors.AllowMethods),
          allow_origins: list(cors.AllowOrigins),
          expose_headers: list(cors.ExposeHeaders),
          max_age: cors.MaxAge,
        }),
      ),
    },
  );
}
