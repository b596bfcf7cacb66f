import { sampleAccountId, type Clock } from "./account-basics.ts";
import type { Recorded } from "./state.ts";

/** Trails and the Security Center of the sample account. */
export function auditState(ago: Clock): readonly Recorded[] {
  const trail = {
    Name: "harbour",
    HomeRegion: "cn-hangzhou",
    TrailRegion: "All",
    EventRW: "Write",
    Status: "Enable",
    OssBucketName: "harbour-books-trail",
    OssKeyPrefix: "",
    OssWriteRoleArn: `acs:ram::${sampleAccountId}:role/aliyunserviceroleforactiontrail`,
    SlsProjectArn: "",
    SlsWriteRoleArn: "",
    IsOrganizationTrail: false,
    CreateTime: ago(450),
  };
  const notice = (Project: string, Route: number): Record<string, string | number> => ({
    Project,
    Route,
    TimeLimit: 0,
    CurrentPage: 1,
  });
  const log = (LogStore: string, Category: string, Status: string): Record<string, string> => ({
    LogStore,
    Category,
    Status,
    LogDesc: LogStore,
    Project: "sas-log",
  });
  const fingerprints = ["port", "process", "account", "software", "cron", "sca", "autorun", "lkm", "sca_proxy"];
  return [
    { operation: "actiontrail:DescribeTrails", region: "cn-hangzhou", items: [trail] },
    {
      operation: "sas:DescribeVersionConfig",
      body: { InstanceId: "sas-harbour00000000", Version: 1, HighestVersion: 1, IsPostpay: false, SasLog: 0 },
    },
    {
      operation: "sas:GetCheckSale",
      of: { RegionId: "cn-hangzhou" },
      body: { CheckSale: { PurchaseCount: 3000, ConsumeCount: 1180, LoyalUser: false, SaleUserType: 1 } },
    },
    {
      operation: "sas:GetCheckSale",
      of: { RegionId: "ap-southeast-1" },
      body: { CheckSale: { PurchaseCount: 0, ConsumeCount: 0, LoyalUser: false, SaleUserType: 3 } },
    },
    {
      operation: "sas:GetCheckConfig",
      body: { EnableAutoCheck: true, EnableAddCheck: false, StartTime: 0, EndTime: 6, CycleDays: [1, 3] },
    },
    {
      operation: "sas:DescribeNoticeConfig",
      items: [notice("sas_suspicious", 2), notice("sas_vulnerability", 0), notice("weeklyreport", 0)],
    },
    {
      operation: "sas:DescribeVulConfig",
      items: [
        { Type: "cve", Config: "on", OverAllConfig: "on" },
        { Type: "sys", Config: "on", OverAllConfig: "on" },
        { Type: "cms", Config: "off", OverAllConfig: "off" },
        { Type: "scanMode", Config: "real" },
      ],
    },
    // Nothing was bought.
    { operation: "cloudfw:DescribeUserBuyVersion", body: { InstanceStatus: "free", UserStatus: false, LogStatus: false } },
    { operation: "waf:DescribeInstance", body: {} },
    { operation: "sas:DescribeAccesskeyLeakList", items: [] },
    { operation: "sas:DescribeSuspiciousUUIDConfig", of: { Type: "auto_breaking" }, body: { Count: 0, UUIDList: [] } },
    { operation: "sas:DescribeWebPath", items: [{ WebPath: "/srv/shop", WebPathType: "def", TargetList: [] }] },
    ...fingerprints.map((kind): Recorded => {
      const Type = `scheduler_${kind}_period`;
      return {
        operation: "sas:GetPropertyScheduleConfig",
        of: { Type },
        body: { PropertyScheduleConfig: { Type, ScheduleTime: "24" } },
      };
    }),
    {
      operation: "sas:DescribeLogMeta",
      items: [log("aegis-log-login", "host", "enabled"), log("sas-security-log", "security", "disabled")],
    },
  ];
}
