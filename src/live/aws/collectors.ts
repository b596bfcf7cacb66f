import type { Collector } from "../collector.ts";
import type { AwsSession } from "./client.ts";
import { coreCollectors } from "./collectors-core.ts";

export const collectors: readonly Collector<AwsSession>[] = [...coreCollectors];
