import { KinesisClient, type KinesisClientConfig } from "@aws-sdk/client-kinesis";
import { STSClient, type STSClientConfig } from "@aws-sdk/client-sts";

export { DescribeStreamSummaryCommand, ListStreamsCommand } from "@aws-sdk/client-kinesis";

/** Speaks HTTP/1.1 as every other client does: HTTP/2, its default, is for reading records, and no server on the loopback has it. */
export class Client extends KinesisClient {
  constructor(configuration: KinesisClientConfig) {
    const options = configuration.requestHandler as NonNullable<STSClientConfig["requestHandler"]>;
    super({
      ...configuration,
      requestHandler: new STSClient({ region: "us-east-1", requestHandler: options }).config.requestHandler,
    });
  }
}
