export {
  AttachUserPolicyCommand,
  DeleteAccountPasswordPolicyCommand,
  DetachUserPolicyCommand,
  IAMClient as Client,
  UpdateAccessKeyCommand,
  UpdateAccountPasswordPolicyCommand,
} from "@aws-sdk/client-iam";
