export {
  EFSClient as Client,
  DescribeFileSystemsCommand,
  DescribeBackupPolicyCommand,
  DescribeFileSystemPolicyCommand,
} from "@aws-sdk/client-efs";
