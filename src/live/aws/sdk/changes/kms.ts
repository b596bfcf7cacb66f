export { DisableKeyRotationCommand, EnableKeyRotationCommand, KMSClient as Client } from "@aws-sdk/client-kms";
