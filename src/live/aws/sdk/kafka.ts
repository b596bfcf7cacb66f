export { KafkaClient as Client, ListClustersV2Command } from "@aws-sdk/client-kafka";
