export { SNSClient as Client, SetTopicAttributesCommand } from "@aws-sdk/client-sns";
