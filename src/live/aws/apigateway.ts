import type { Method, RestApi } from "@aws-sdk/client-api-gateway";
import type { Api, Route } from "@aws-sdk/client-apigatewayv2";
import type { Collector, Found } from "../collector.ts";
import { pages, service, type AwsSession } from "./client.ts";
import { always, block, list, must, optional, thing } from "./shape.ts";

export const rest = service("apigateway", () => import("./sdk/apigateway.ts"));
export const http = service("apigateway", () => import("./sdk/apigatewayv2.ts"));
/** One permission for all of reading. */
export const action = "apigateway:GET";

export async function allRest(session: AwsSession, region: string): Promise<readonly RestApi[]> {
  return await pages(
    session,
    rest,
    region,
    action,
    (sdk, position) => new sdk.GetRestApisCommand({ position, limit: 500 }),
    ({ items }) => items,
    ({ position }) => position,
  );
}

export async function allHttp(session: AwsSession, region: string): Promise<readonly Api[]> {
  return await pages(
    session,
    http,
    region,
    action,
    (sdk, NextToken) => new sdk.GetApisCommand({ NextToken, MaxResults: "500" }),
    ({ Items }) => Items,
    ({ NextToken }) => NextToken,
  );
}

export const restApis: Collector<AwsSession> = {
  types: ["aws_api_gateway_rest_api", "aws_api_gateway_rest_api_policy"],
  scope: "region",
  actions: [action],
  list: async (session, region) => {
    const apis = await allRest(session, region);
    return apis.flatMap((api) => restApi(api, session, region));
  },
  details: [
    {
      of: "aws_api_gateway_rest_api",
      actions: [action],
      gives: ["aws_api_gateway_method"],
      read: async (session, { id }, region) => {
        const resources = await pages(
          session,
          rest,
          region,
          action,
          (sdk, position) => new sdk.GetResourcesCommand({ restApiId: id, position, limit: 500, embed: ["methods"] }),
          ({ items }) => items,
          ({ position }) => position,
        );
        const satellites = resources.flatMap((resource) =>
          Object.entries(resource.resourceMethods ?? {}).map(([verb, of]) => method(of, verb, id, must(resource.id, action))),
        );
        return { satellites };
      },
    },
  ],
};

function restApi(api: RestApi, { caller }: AwsSession, region: string): readonly Found[] {
  const id = must(api.id, action);
  const { partition, account } = caller;
  const endpoint = block(api.endpointConfiguration, ({ types, vpcEndpointIds, ipAddressType }) => ({
    ...always({ types, ip_address_type: ipAddressType }),
    vpc_endpoint_ids: list(vpcEndpointIds),
  }));
  const owner = thing(
    "aws_api_gateway_rest_api",
    id,
    { name: api.name, tags: api.tags ?? {} },
    {
      arn: `arn:${partition}:apigateway:${region}::/restapis/${id}`,
      execution_arn: `arn:${partition}:execute-api:${region}:${account}:${id}`,
      ...always({
        name: api.name,
        api_key_source: api.apiKeySource,
        created_date: api.createdDate,
        disable_execute_api_endpoint: api.disableExecuteApiEndpoint,
        root_resource_id: api.rootResourceId,
        security_policy: api.securityPolicy,
        ...(endpoint === null ? {} : { endpoint_configuration: endpoint }),
      }),
      ...optional({
        description: api.description,
        minimum_compression_size: api.minimumCompressionSize?.toString(),
        binary_media_types: list(api.binaryMediaTypes),
        endpoint_access_mode: api.endpointAccessMode,
      }),
      // A document of which an API was made is not kept: its methods are.
      body: null,
      // As a thing of its own.
      policy: null,
    },
  );
  if (api.policy === undefined || api.policy === "") return [owner];
  return [
    owner,
    thing("aws_api_gateway_rest_api_policy", id, { name: api.name }, { rest_api_id: id, policy: document(api.policy) }),
  ];
}

/** The API writes the document as the inside of a JSON string: `{\"Version\":…`. */
function document(policy: string): string {
  if (!policy.startsWith('{\\"')) return policy;
  try {
    const text: unknown = JSON.parse(`"${policy}"`);
    return typeof text === "string" ? text : policy;
  } catch {
    return policy;
  }
}

function method(of: Method, verb: string, api: string, resource: string): Found {
  return thing(
    "aws_api_gateway_method",
    `agm-${api}-${resource}-${verb}`,
    { name: verb },
    {
      rest_api_id: api,
      resource_id: resource,
      http_method: verb,
      ...always({ authorization: of.authorizationType, api_key_required: of.apiKeyRequired }),
      ...optional({
        authorizer_id: of.authorizerId,
        operation_name: of.operationName,
        request_validator_id: of.requestValidatorId,
        authorization_scopes: list(of.authorizationScopes),
      }),
    },
  );
}

export const httpApis: Collector<AwsSession> = {
  types: ["aws_apigatewayv2_api"],
  scope: "region",
  actions: [action],
  list: async (session, region) => {
    const apis = await allHttp(session, region);
    return apis.map((api) => httpApi(api, session, region));
  },
  details: [
    {
      of: "aws_apigatewayv2_api",
      actions: [action],
      gives: ["aws_apigatewayv2_route"],
      read: async (session, { id }, region) => {
        const routes = await pages(
          session,
          http,
          region,
          action,
          (sdk, NextToken) => new sdk.GetRoutesCommand({ ApiId: id, NextToken, MaxResults: "500" }),
          ({ Items }) => Items,
          ({ NextToken }) => NextToken,
        );
        return { satellites: routes.map((of) => route(of, id)) };
      },
    },
  ],
};

function httpApi(api: Api, { caller }: AwsSession, region: string): Found {
  const id = must(api.ApiId, action);
  const { partition, account } = caller;
  return thing(
    "aws_apigatewayv2_api",
    id,
    { name: api.Name, tags: api.Tags ?? {} },
    {
      arn: `arn:${partition}:apigateway:${region}::/apis/${id}`,
      execution_arn: `arn:${partition}:execute-api:${region}:${account}:${id}`,
      ...always({
        name: api.Name,
        protocol_type: api.ProtocolType,
        api_endpoint: api.ApiEndpoint,
        api_key_selection_expression: api.ApiKeySelectionExpression,
        disable_execute_api_endpoint: api.DisableExecuteApiEndpoint,
        ip_address_type: api.IpAddressType,
        route_selection_expression: api.RouteSelectionExpression,
      }),
      ...optional({ description: api.Description, version: api.Version }),
      cors_configuration: block(api.CorsConfiguration, (cors) => ({
        ...always({ allow_credentials: cors.AllowCredentials }),
        ...optional({
          allow_headers: list(cors.AllowHeaders),
          allow_methods: list(cors.AllowMethods),
          allow_origins: list(cors.AllowOrigins),
          expose_headers: list(cors.ExposeHeaders),
          max_age: cors.MaxAge,
        }),
      })),
      body: null,
    },
  );
}

function route(of: Route, api: string): Found {
  return thing(
    "aws_apigatewayv2_route",
    `${api}/${must(of.RouteId, action)}`,
    { name: of.RouteKey },
    {
      id: must(of.RouteId, action),
      api_id: api,
      ...always({ route_key: of.RouteKey, authorization_type: of.AuthorizationType, api_key_required: of.ApiKeyRequired }),
      ...optional({
        authorizer_id: of.AuthorizerId,
        authorization_scopes: list(of.AuthorizationScopes),
        operation_name: of.OperationName,
        model_selection_expression: of.ModelSelectionExpression,
        route_response_selection_expression: of.RouteResponseSelectionExpression,
        target: of.Target,
      }),
    },
  );
}
