export { AccessAnalyzerClient as Client, CreateAnalyzerCommand, DeleteAnalyzerCommand } from "@aws-sdk/client-accessanalyzer";
