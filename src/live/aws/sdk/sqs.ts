export { SQSClient as Client, ListQueuesCommand, GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
