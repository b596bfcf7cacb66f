import { camCollectors } from "./cam.ts";
import { cbsCollectors } from "./cbs.ts";
import { clbCollectors } from "./clb.ts";
import { cvmCollectors } from "./cvm.ts";
import type { TencentCollector } from "./things.ts";
import { vpcCollectors } from "./vpc.ts";

/** Everything of an account that can be read. */
export const collectors: readonly TencentCollector[] = [
  ...camCollectors,
  ...cvmCollectors,
  ...cbsCollectors,
  ...vpcCollectors,
  ...clbCollectors,
];
