export { SQSClient as Client, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
