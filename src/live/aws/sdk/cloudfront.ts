export { CloudFrontClient as Client, ListDistributionsCommand, GetDistributionConfigCommand } from "@aws-sdk/client-cloudfront";
