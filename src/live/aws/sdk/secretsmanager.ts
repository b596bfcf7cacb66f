export { SecretsManagerClient as Client, ListSecretsCommand, GetResourcePolicyCommand } from "@aws-sdk/client-secrets-manager";
