/** How one API of the cloud is reached. */
export interface Product {
  readonly version: string;
  readonly style: "rpc" | "roa";
  /** First half of its permission names: `yundun-sas`. */
  readonly permissions: string;
  readonly host: (region: string) => string;
  /** Calls a second for one action in one region, where a lower number than usual is published. */
  readonly perSecond?: number;
}

/** Regions whose APIs of the older products share one host; the others have a host of their own. */
const shared: ReadonlySet<string> = new Set([
  "ap-southeast-1",
  "cn-beijing",
  "cn-hangzhou",
  "cn-hongkong",
  "cn-qingdao",
  "cn-shanghai",
  "cn-shenzhen",
  "us-east-1",
  "us-west-1",
]);

const regional =
  (name: string) =>
  (region: string): string =>
    `${name}.${region}.aliyuncs.com`;

const mostlyShared =
  (name: string) =>
  (region: string): string =>
    shared.has(region) ? `${name}.aliyuncs.com` : `${name}.${region}.aliyuncs.com`;

const central = (name: string) => (): string => `${name}.aliyuncs.com`;

export function isChina(region: string): boolean {
  return region.startsWith("cn-") && region !== "cn-hongkong";
}

/** Of the security products there is one for China and one for the rest of the world. */
const twoSites =
  (china: string, elsewhere: string) =>
  (region: string): string =>
    isChina(region) ? china : elsewhere;

const rpc = (version: string, permissions: string, host: Product["host"]): Product => ({
  version,
  style: "rpc",
  permissions,
  host,
});
const roa = (version: string, permissions: string, host: Product["host"]): Product => ({
  version,
  style: "roa",
  permissions,
  host,
});

/** Versions and hosts as the vendor's SDKs have them. */
export const products = {
  actiontrail: rpc("2020-07-06", "actiontrail", regional("actiontrail")),
  adb: rpc("2019-03-15", "adb", mostlyShared("adb")),
  adbLake: rpc("2021-12-01", "adb", mostlyShared("adb")),
  alb: rpc("2020-06-16", "alb", regional("alb")),
  cas: rpc("2020-04-07", "yundun-cert", twoSites("cas.aliyuncs.com", "cas.ap-southeast-1.aliyuncs.com")),
  clickhouse: rpc("2019-11-11", "clickhouse", regional("clickhouse")),
  clickhouseEnterprise: rpc("2023-05-22", "clickhouse", regional("clickhouse")),
  cloudapi: rpc("2016-07-14", "apigateway", regional("apigateway")),
  cloudfw: rpc("2017-12-07", "yundun-cloudfirewall", twoSites("cloudfw.aliyuncs.com", "cloudfw.ap-southeast-1.aliyuncs.com")),
  cloudsso: rpc("2021-05-15", "cloudsso", twoSites("cloudsso.cn-shanghai.aliyuncs.com", "cloudsso.us-west-1.aliyuncs.com")),
  cr: rpc("2018-12-01", "cr", regional("cr")),
  cs: roa("2015-12-15", "cs", regional("cs")),
  ddoscoo: rpc("2020-01-01", "yundun-ddoscoo", twoSites("ddoscoo.cn-hangzhou.aliyuncs.com", "ddoscoo.ap-southeast-1.aliyuncs.com")),
  dds: rpc("2015-12-01", "dds", mostlyShared("mongodb")),
  ecs: rpc("2014-05-26", "ecs", regional("ecs")),
  elasticsearch: roa("2017-06-13", "elasticsearch", regional("elasticsearch")),
  ess: rpc("2014-08-28", "ess", mostlyShared("ess")),
  fc: roa("2023-03-30", "fc", regional("fcv3")),
  gpdb: rpc("2016-05-03", "gpdb", mostlyShared("gpdb")),
  ims: rpc("2019-08-15", "ram", central("ims")),
  kms: rpc("2016-01-20", "kms", regional("kms")),
  kvstore: rpc("2015-01-01", "kvstore", mostlyShared("r-kvstore")),
  mse: rpc("2019-05-31", "mse", regional("mse")),
  nas: rpc("2017-06-26", "nas", regional("nas")),
  nlb: rpc("2022-04-30", "nlb", regional("nlb")),
  polardb: rpc("2017-08-01", "polardb", mostlyShared("polardb")),
  ram: rpc("2015-05-01", "ram", central("ram")),
  rds: rpc("2014-08-15", "rds", mostlyShared("rds")),
  sas: rpc("2018-12-03", "yundun-sas", twoSites("tds.aliyuncs.com", "tds.ap-southeast-1.aliyuncs.com")),
  slb: rpc("2014-05-15", "slb", mostlyShared("slb")),
  sts: rpc("2015-04-01", "sts", central("sts")),
  vpc: rpc("2016-04-28", "vpc", mostlyShared("vpc")),
  vpcpeer: rpc("2022-01-01", "vpc", central("vpcpeer")),
  waf: rpc("2021-10-01", "yundun-waf", twoSites("wafopenapi.cn-hangzhou.aliyuncs.com", "wafopenapi.ap-southeast-1.aliyuncs.com")),
} as const satisfies Readonly<Record<string, Product>>;

export type ProductName = keyof typeof products;
