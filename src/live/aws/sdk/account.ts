export { AccountClient as Client, GetAlternateContactCommand, GetContactInformationCommand } from "@aws-sdk/client-account";
