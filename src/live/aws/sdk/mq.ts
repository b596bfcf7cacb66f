export { MqClient as Client, ListBrokersCommand, DescribeBrokerCommand } from "@aws-sdk/client-mq";
