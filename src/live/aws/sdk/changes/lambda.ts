export {
  AddPermissionCommand,
  LambdaClient as Client,
  RemovePermissionCommand,
  UpdateFunctionUrlConfigCommand,
} from "@aws-sdk/client-lambda";
