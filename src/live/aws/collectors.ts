import type { Collector } from "../collector.ts";
import type { AwsSession } from "./client.ts";

export const collectors: readonly Collector<AwsSession>[] = [];
