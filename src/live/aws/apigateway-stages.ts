import type { DomainName, RestApi, Stage as RestStage } from "@aws-sdk/client-api-gateway";
import type { Api, Stage as HttpStage } from "@aws-sdk/client-apigatewayv2";
import type { Collector, Found } from "../collector.ts";
import { action, allHttp, allRest, http, rest } from "./apigateway.ts";
import { each, pages, send, type AwsSession } from "./client.ts";
import { always, block, must, optional, thing } from "./shape.ts";

export const restStages: Collector<AwsSession> = {
  types: ["aws_api_gateway_stage"],
  scope: "region",
  actions: [action],
  list: async (session, region) => {
    const stages = await each(await allRest(session, region), async (api: RestApi) => {
      const id = must(api.id, action);
      // The one list of this API that has no pages.
      const { item } = await send(session, rest, region, action, (sdk) => new sdk.GetStagesCommand({ restApiId: id }));
      return (item ?? []).map((of) => restStage(of, id, session, region));
    });
    return stages.flat();
  },
};

function restStage(of: RestStage, api: string, { caller }: AwsSession, region: string): Found {
  const name = must(of.stageName, action);
  const { partition, account } = caller;
  return thing(
    "aws_api_gateway_stage",
    `ags-${api}-${name}`,
    { name: `${api}/${name}`, tags: of.tags ?? {} },
    {
      arn: `arn:${partition}:apigateway:${region}::/restapis/${api}/stages/${name}`,
      execution_arn: `arn:${partition}:execute-api:${region}:${account}:${api}/${name}`,
      rest_api_id: api,
      stage_name: name,
      ...always({
        cache_cluster_enabled: of.cacheClusterEnabled,
        deployment_id: of.deploymentId,
        xray_tracing_enabled: of.tracingEnabled,
      }),
      ...optional({
        cache_cluster_size: of.cacheClusterSize,
        client_certificate_id: of.clientCertificateId,
        description: of.description,
        documentation_version: of.documentationVersion,
        web_acl_arn: of.webAclArn,
      }),
      access_log_settings: block(of.accessLogSettings, ({ destinationArn, format }) =>
        always({ destination_arn: destinationArn, format }),
      ),
    },
  );
}

export const httpStages: Collector<AwsSession> = {
  types: ["aws_apigatewayv2_stage"],
  scope: "region",
  actions: [action],
  list: async (session, region) => {
    const stages = await each(await allHttp(session, region), async (api: Api) => {
      const id = must(api.ApiId, action);
      const all = await pages(
        session,
        http,
        region,
        action,
        (sdk, NextToken) => new sdk.GetStagesCommand({ ApiId: id, NextToken, MaxResults: "500" }),
        ({ Items }) => Items,
        ({ NextToken }) => NextToken,
      );
      return all.map((of) => httpStage(of, id, session, region));
    });
    return stages.flat();
  },
};

function httpStage(of: HttpStage, api: string, { caller }: AwsSession, region: string): Found {
  const name = must(of.StageName, action);
  return thing(
    "aws_apigatewayv2_stage",
    `${api}/${name}`,
    { name: `${api}/${name}`, tags: of.Tags ?? {} },
    {
      id: name,
      arn: `arn:${caller.partition}:apigateway:${region}::/apis/${api}/stages/${name}`,
      api_id: api,
      name,
      ...always({ auto_deploy: of.AutoDeploy }),
      ...optional({ client_certificate_id: of.ClientCertificateId, deployment_id: of.DeploymentId, description: of.Description }),
      access_log_settings: block(of.AccessLogSettings, ({ DestinationArn, Format }) =>
        always({ destination_arn: DestinationArn, format: Format }),
      ),
    },
  );
}

/** Names of one's own, which REST and WebSocket APIs answer to. */
export const domainNames: Collector<AwsSession> = {
  types: ["aws_api_gateway_domain_name"],
  scope: "region",
  actions: [action],
  list: async (session, region) => {
    const all = await pages(
      session,
      rest,
      region,
      action,
      (sdk, position) => new sdk.GetDomainNamesCommand({ position, limit: 500 }),
      ({ items }) => items,
      ({ position }) => position,
    );
    return all.map((of) => domainName(of, session, region));
  },
};

function domainName(of: DomainName, { caller }: AwsSession, region: string): Found {
  const name = must(of.domainName, action);
  return thing(
    "aws_api_gateway_domain_name",
    of.domainNameId === undefined ? name : `${name}/${of.domainNameId}`,
    { name, tags: of.tags ?? {} },
    {
      arn: of.domainNameArn ?? `arn:${caller.partition}:apigateway:${region}::/domainnames/${name}`,
      domain_name: name,
      ...always({ security_policy: of.securityPolicy }),
      ...optional({
        certificate_arn: of.certificateArn,
        certificate_name: of.certificateName,
        cloudfront_domain_name: of.distributionDomainName,
        domain_name_id: of.domainNameId,
        policy: of.policy,
        regional_certificate_arn: of.regionalCertificateArn,
        regional_domain_name: of.regionalDomainName,
      }),
      endpoint_configuration: block(of.endpointConfiguration, ({ types }) => always({ types })),
    },
  );
}
