export { EFSClient as Client, PutBackupPolicyCommand } from "@aws-sdk/client-efs";
