import type { Collector } from "../collector.ts";
import { accountCollector, sasCollectors } from "./account.ts";
import { trailCollector } from "./audit.ts";
import type { AlibabaSession } from "./client.ts";
import { ecsCollectors } from "./ecs.ts";
import { ossCollectors } from "./oss.ts";
import { ramCollectors } from "./ram.ts";
import { vpcCollectors } from "./vpc.ts";

export const collectors: readonly Collector<AlibabaSession>[] = [
  accountCollector,
  trailCollector,
  ...ecsCollectors,
  ...ossCollectors,
  ...ramCollectors,
  ...sasCollectors,
  ...vpcCollectors,
];
