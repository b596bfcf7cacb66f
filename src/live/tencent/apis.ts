import type { Rate } from "../limits.ts";

/** API versions that are called; the host is `<product>.tencentcloudapi.com`. */
const versions: Readonly<Record<string, string>> = {
  apigateway: "2018-08-08",
  as: "2018-04-19",
  cam: "2019-01-16",
  cbs: "2017-03-12",
  cdb: "2017-03-20",
  cdn: "2018-06-06",
  cfs: "2019-07-19",
  cfw: "2019-09-04",
  ckafka: "2019-08-19",
  clb: "2018-03-17",
  cloudaudit: "2019-03-19",
  cls: "2020-10-16",
  config: "2022-08-02",
  csip: "2022-11-21",
  cvm: "2017-03-12",
  cwp: "2018-02-28",
  cynosdb: "2019-01-07",
  es: "2018-04-16",
  kms: "2019-01-18",
  lighthouse: "2020-03-24",
  mongodb: "2019-07-25",
  monitor: "2018-07-24",
  organization: "2021-03-31",
  postgres: "2017-03-12",
  redis: "2018-04-12",
  scf: "2018-04-16",
  sqlserver: "2018-03-28",
  ssl: "2019-12-05",
  ssm: "2019-09-23",
  sts: "2018-08-13",
  tcr: "2019-09-24",
  tdmq: "2020-02-17",
  tke: "2018-05-25",
  vpc: "2017-03-12",
  waf: "2018-01-25",
};

export interface Api {
  readonly product: string;
  readonly action: string;
  readonly version: string;
  readonly host: string;
}

/** `cvm:DescribeInstances`: the permission's name is the product and the call's. */
export function apiOf(permission: string): Api {
  const [product = "", action = ""] = permission.split(":");
  const version = versions[product];
  if (version === undefined) throw new Error(`No API version is known for ${permission}.`);
  return { product, action, version, host: `${product}.tencentcloudapi.com` };
}

/**
 * Calls a second that the API documentation of an action states where that is not the usual 20. A higher limit than this file knows
 * only costs time, so what is not listed has the usual one.
 */
const published: Readonly<Record<string, number>> = {
  "cvm:DescribeInstances": 40,
  "cvm:DescribeImages": 40,
  "vpc:DescribeSecurityGroups": 100,
  "vpc:DescribeSecurityGroupPolicies": 100,
  "vpc:DescribeVpcs": 100,
  "vpc:DescribeSubnets": 100,
  "vpc:DescribeFlowLogs": 100,
  "vpc:DescribeAddresses": 100,
};

/** COS counts requests by bucket, in thousands; asking for settings is far from it. */
const cosRate = 100;

export function rateOf(permission: string): Rate {
  const perSecond = permission.startsWith("cos:") ? cosRate : (published[permission] ?? 20);
  return { perSecond, burst: perSecond, per: "action" };
}
