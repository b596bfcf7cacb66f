import type { Collector } from "../collector.ts";
import { accountCollector, sasCollectors } from "./account.ts";
import { trailCollector } from "./audit.ts";
import { balancerCollectors } from "./balancers.ts";
import type { AlibabaSession } from "./client.ts";
import { databaseCollectors } from "./databases.ts";
import { ecsCollectors } from "./ecs.ts";
import { keyCollector } from "./kms.ts";
import { ossCollectors } from "./oss.ts";
import { ramCollectors } from "./ram.ts";
import { logCollectors } from "./sls.ts";
import { vpcCollectors } from "./vpc.ts";

export const collectors: readonly Collector<AlibabaSession>[] = [
  accountCollector,
  trailCollector,
  keyCollector,
  ...balancerCollectors,
  ...databaseCollectors,
  ...ecsCollectors,
  ...logCollectors,
  ...ossCollectors,
  ...ramCollectors,
  ...sasCollectors,
  ...vpcCollectors,
];
