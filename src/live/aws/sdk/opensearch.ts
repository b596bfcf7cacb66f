export { OpenSearchClient as Client, ListDomainNamesCommand, DescribeDomainsCommand } from "@aws-sdk/client-opensearch";
