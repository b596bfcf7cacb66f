import type { Collector } from "../collector.ts";
import { accountCollector, sasCollectors } from "./account.ts";
import { analyticsCollectors } from "./analytics.ts";
import { trailCollector } from "./audit.ts";
import { balancerCollectors } from "./balancers.ts";
import type { AlibabaSession } from "./client.ts";
import { containerCollectors } from "./containers.ts";
import { databaseCollectors } from "./databases.ts";
import { ecsCollectors } from "./ecs.ts";
import { functionCollectors } from "./functions.ts";
import { keyCollector } from "./kms.ts";
import { ossCollectors } from "./oss.ts";
import { protectionCollectors } from "./protection.ts";
import { ramCollectors } from "./ram.ts";
import { logCollectors } from "./sls.ts";
import { vpcCollectors } from "./vpc.ts";

export const collectors: readonly Collector<AlibabaSession>[] = [
  accountCollector,
  trailCollector,
  keyCollector,
  ...analyticsCollectors,
  ...balancerCollectors,
  ...containerCollectors,
  ...databaseCollectors,
  ...ecsCollectors,
  ...functionCollectors,
  ...logCollectors,
  ...ossCollectors,
  ...protectionCollectors,
  ...ramCollectors,
  ...sasCollectors,
  ...vpcCollectors,
];
