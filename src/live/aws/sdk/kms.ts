export {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient as Client,
  ListKeysCommand,
} from "@aws-sdk/client-kms";
