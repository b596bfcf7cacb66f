export {
  SSMClient as Client,
  ListDocumentsCommand,
  DescribeDocumentPermissionCommand,
  DescribeParametersCommand,
} from "@aws-sdk/client-ssm";
