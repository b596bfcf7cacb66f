export { GetAccountAuthorizationDetailsCommand, IAMClient as Client, ListAccountAliasesCommand } from "@aws-sdk/client-iam";
