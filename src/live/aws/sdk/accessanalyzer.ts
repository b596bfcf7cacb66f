export { AccessAnalyzerClient as Client, ListAnalyzersCommand } from "@aws-sdk/client-accessanalyzer";
