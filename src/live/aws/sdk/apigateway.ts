export {
  APIGatewayClient as Client,
  GetRestApisCommand,
  GetDomainNamesCommand,
  GetResourcesCommand,
  GetStagesCommand,
} from "@aws-sdk/client-api-gateway";
