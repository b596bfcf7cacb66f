export {
  CognitoIdentityProviderClient as Client,
  ListUserPoolsCommand,
  DescribeUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
