import type { Collector } from "../collector.ts";
import type { AwsSession } from "./client.ts";
import { coreCollectors } from "./collectors-core.ts";
import { otherCollectors } from "./collectors-others.ts";

export const collectors: readonly Collector<AwsSession>[] = [...coreCollectors, ...otherCollectors];
