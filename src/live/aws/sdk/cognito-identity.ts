export {
  CognitoIdentityClient as Client,
  ListIdentityPoolsCommand,
  DescribeIdentityPoolCommand,
} from "@aws-sdk/client-cognito-identity";
