export { DescribeHubCommand, GetEnabledStandardsCommand, SecurityHubClient as Client } from "@aws-sdk/client-securityhub";
