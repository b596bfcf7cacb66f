import { absent } from "../failure.ts";
import { applicationCollectors } from "./applications.ts";
import { camCollectors } from "./cam.ts";
import { cbsCollectors } from "./cbs.ts";
import { clbCollectors } from "./clb.ts";
import { containerCollectors } from "./containers.ts";
import { cosCollectors } from "./cos.ts";
import { cvmCollectors } from "./cvm.ts";
import { databaseCollectors } from "./databases.ts";
import { monitoringCollectors } from "./monitoring.ts";
import { mysqlCollectors } from "./mysql.ts";
import { securityCollectors } from "./security.ts";
import type { TencentCollector } from "./things.ts";
import { vpcCollectors } from "./vpc.ts";

/** Many services are not in every region: where one is not offered, there is nothing of it. */
function whereOffered(collector: TencentCollector): TencentCollector {
  if (collector.scope === "account") return collector;
  const { list } = collector;
  return { ...collector, list: (session, region) => list(session, region).catch(absent(["UnsupportedRegion"], [])) };
}

/** Everything of an account that can be read. */
export const collectors: readonly TencentCollector[] = [
  ...camCollectors,
  ...cvmCollectors,
  ...cbsCollectors,
  ...vpcCollectors,
  ...clbCollectors,
  ...cosCollectors,
  ...mysqlCollectors,
  ...databaseCollectors,
  ...containerCollectors,
  ...securityCollectors,
  ...monitoringCollectors,
  ...applicationCollectors,
].map(whereOffered);
