export {
  LambdaClient as Client,
  ListFunctionsCommand,
  ListFunctionUrlConfigsCommand,
  ListAliasesCommand,
  GetPolicyCommand,
} from "@aws-sdk/client-lambda";
