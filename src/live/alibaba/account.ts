import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Found } from "../collector.ts";
import { CallFailure } from "../failure.ts";
import { entries, flag, known, listed, number, required, text, unreadable } from "./answers.ts";
import type { AlibabaSession } from "./client.ts";

/** What is asked of the account itself. */
export const accountCollector: Collector<AlibabaSession> = {
  types: ["alicloud_account"],
  scope: "account",
  // Who we are is known already.
  actions: ["sts:GetCallerIdentity"],
  list: (session): Promise<readonly Found[]> =>
    Promise.resolve([{ type: "alicloud_account", id: session.account, name: session.account, attributes: {} }]),
  details: [
    {
      of: "alicloud_account",
      actions: ["ram:GetAccountMFAInfo"],
      read: async (session, _, region) => {
        const answer = await session.rpc("ims", "GetAccountMFAInfo", region);
        return { attributes: known({ root_mfa: flag(answer, "IsMFAEnable") }) };
      },
    },
    {
      of: "alicloud_account",
      actions: ["ram:GenerateCredentialReport", "ram:GetCredentialReport"],
      read: async (session, _, region) => ({ attributes: rootOf(await credentialReport(session, region)) }),
    },
    {
      of: "alicloud_account",
      actions: ["yundun-sas:DescribeNoticeConfig"],
      read: async (session) => {
        const answer = await session.rpc("sas", "DescribeNoticeConfig", session.home);
        const notices = listed("yundun-sas:DescribeNoticeConfig", answer, "NoticeConfigList");
        const routes = notices.filter((one) => highRisk.has(text(one, "Project") ?? "")).map((one) => number(one, "Route"));
        return {
          attributes: known({ security_notices: every(routes.map((route) => (route === undefined ? undefined : route > 0))) }),
        };
      },
    },
    {
      of: "alicloud_account",
      actions: ["yundun-sas:DescribeVulConfig"],
      read: async (session) => {
        const answer = await session.rpc("sas", "DescribeVulConfig", session.home);
        const kinds = listed("yundun-sas:DescribeVulConfig", answer, "TargetConfigs").filter((one) =>
          ["cve", "sys", "cms", "app", "emg"].includes(text(one, "Type") ?? ""),
        );
        return { attributes: known({ vulnerability_scan: every(kinds.map((one) => onOrOff(text(one, "Config")))) }) };
      },
    },
    {
      of: "alicloud_account",
      actions: ["yundun-sas:DescribeAccesskeyLeakList"],
      read: async (session) => {
        const parameters = { CurrentPage: 1, PageSize: 20, Status: "pending" };
        const answer = await session.rpc("sas", "DescribeAccesskeyLeakList", session.home, parameters);
        return { attributes: known({ access_key_leaks: number(answer, "TotalCount") }) };
      },
    },
    {
      of: "alicloud_account",
      actions: ["yundun-sas:DescribeSuspiciousUUIDConfig", "yundun-sas:DescribeCloudCenterInstances"],
      read: async (session) => {
        const answer = await session.rpc("sas", "DescribeSuspiciousUUIDConfig", session.home, { Type: "auto_breaking" });
        const covered = number(answer, "Count");
        if (covered === 0) return { attributes: { auto_quarantine: false } };
        const parameters = { MachineTypes: "ecs", CurrentPage: 1, PageSize: 1 };
        const machines = number(
          await session.rpc("sas", "DescribeCloudCenterInstances", session.home, parameters),
          "PageInfo.TotalCount",
        );
        // Of some servers only: neither on nor off.
        if (covered === undefined || machines === undefined || covered < machines) return {};
        return { attributes: { auto_quarantine: true } };
      },
    },
    {
      of: "alicloud_account",
      actions: ["yundun-sas:DescribeWebPath"],
      read: async (session) => {
        const answer = await session.rpc("sas", "DescribeWebPath", session.home, { CurrentPage: 1, PageSize: 20 });
        const paths = number(answer, "TotalCount");
        return { attributes: known({ webshell_detection: paths === undefined ? undefined : paths > 0 }) };
      },
    },
    {
      of: "alicloud_account",
      actions: ["yundun-sas:GetPropertyScheduleConfig"],
      read: async (session) => {
        const schedules = await Promise.all(
          fingerprints.map(async (kind) => {
            const answer = await session.rpc("sas", "GetPropertyScheduleConfig", session.home, {
              Type: `scheduler_${kind}_period`,
            });
            const hours = number(answer, "PropertyScheduleConfig.ScheduleTime");
            return hours === undefined ? undefined : hours > 0;
          }),
        );
        return { attributes: known({ asset_fingerprints: every(schedules) }) };
      },
    },
    {
      of: "alicloud_account",
      actions: ["yundun-sas:DescribeLogMeta"],
      gives: ["alicloud_threat_detection_log_meta"],
      read: async (session) => {
        const action = "yundun-sas:DescribeLogMeta";
        const logs = listed(action, await session.rpc("sas", "DescribeLogMeta", session.home), "LogMetaList");
        return {
          satellites: logs.map((log) => {
            const name = required(action, log, "LogStore");
            const attributes = known({ id: name, log_meta_name: name, status: text(log, "Status") });
            return { type: "alicloud_threat_detection_log_meta", id: name, name, attributes };
          }),
        };
      },
    },
  ],
};

/** Notices of attacks, leaks and flaws; the rest are reports and news. */
const highRisk: ReadonlySet<string> = new Set([
  "sas_suspicious",
  "suspicious",
  "sas_vulnerability",
  "yundun_sas_vul_Emergency",
  "yundun_sas_ak_leakage",
  "yundun_aegis_AV_true",
  "sas_healthcheck",
  "yundun_sas_config_alert",
]);

const fingerprints = ["port", "process", "account", "software", "cron", "sca", "autorun", "lkm", "sca_proxy"] as const;

/** False where one is, unknown where none is false and one is not known or there is none. */
function every(states: readonly (boolean | undefined)[]): boolean | undefined {
  if (states.includes(false)) return false;
  return states.length === 0 || states.includes(undefined) ? undefined : true;
}

function onOrOff(word: string | undefined): boolean | undefined {
  return word === "on" ? true : word === "off" ? false : undefined;
}

/** Rows of the report by column. The cloud makes a new one every four hours at most, and takes a moment for it. */
async function credentialReport(session: AlibabaSession, region: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const action = "ram:GetCredentialReport";
  for (let tries = 0; tries < 15; tries++) {
    const made = await session.rpc("ims", "GenerateCredentialReport", region, {}, "ram:GenerateCredentialReport");
    if (text(made, "State") === "COMPLETE") {
      const answer = await session.rpc("ims", "GetCredentialReport", region, {}, action);
      return rows(Buffer.from(required(action, answer, "Content"), "base64").toString("utf8"));
    }
    await session.pause(2000);
  }
  throw new CallFailure({ kind: "fault", action, code: "NotReady", message: "The credential report was not ready in time." });
}

/** The account's own row comes first in the first part: nobody needs the rest. */
function rootOf(report: readonly Readonly<Record<string, string>>[]): JsonObject {
  const root = report.find(({ user }) => user === "<root>");
  if (root === undefined) throw unreadable("ram:GetCredentialReport", "<root>");
  const keys = Object.keys(root).filter((column) => /^(?:additional_)?access_key_\d+_exist$/.test(column));
  const there = keys.map((column) => flag(root, column));
  const last = root["user_last_logon"];
  return known({
    root_access_keys: there.length === 0 || there.includes(undefined) ? undefined : there.filter((one) => one === true).length,
    // A hyphen: never.
    root_last_login: last === "-" ? null : last === "" || last === "N/A" ? undefined : last,
  });
}

/** CSV without line breaks in fields, as the report is. */
function rows(csv: string): readonly Readonly<Record<string, string>>[] {
  const [head = [], ...lines] = csv
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .map((line) => line.split(",").map((field) => field.replace(/^"(.*)"$/, "$1").trim()));
  return lines.map((fields) => Object.fromEntries(head.map((column, index) => [column, fields[index] ?? ""])));
}

export const sasCollectors: readonly Collector<AlibabaSession>[] = [
  {
    types: ["alicloud_threat_detection_instance"],
    scope: "account",
    actions: ["yundun-sas:DescribeVersionConfig"],
    list: async (session) => {
      const answer = await session.rpc("sas", "DescribeVersionConfig", session.home);
      const bought = number(answer, "Version");
      // Of several editions the highest counts.
      const edition = bought === 8 ? number(answer, "HighestVersion") : bought;
      const codes: Readonly<Record<number, string | null>> = {
        1: null,
        3: "level2",
        5: "level3",
        6: "level7",
        7: "level8",
        10: "level10",
      };
      const attributes = known({
        id: text(answer, "InstanceId"),
        version_code: edition === undefined ? undefined : codes[edition],
        post_pay_module_switch_obj: payAsYouGo(answer),
      });
      return [{ type: "alicloud_threat_detection_instance", id: session.account, name: "Security Center", attributes }];
    },
  },
  {
    types: ["alicloud_threat_detection_check_config"],
    scope: "account",
    actions: ["yundun-sas:GetCheckConfig"],
    list: async (session) => {
      const answer = await session.rpc("sas", "GetCheckConfig", session.home);
      const attributes = known({
        enable_auto_check: flag(answer, "EnableAutoCheck"),
        enable_add_check: flag(answer, "EnableAddCheck"),
        start_time: number(answer, "StartTime"),
        end_time: number(answer, "EndTime"),
        selected_checks: entries(answer, "SelectedChecks")?.map((check) =>
          known({ check_id: number(check, "CheckId"), section_id: number(check, "SectionId") }),
        ),
      });
      return [{ type: "alicloud_threat_detection_check_config", id: session.account, name: "check policy", attributes }];
    },
  },
];

/** Switches of the modules that are paid as they are used: JSON inside the JSON. Null: nothing is paid so. */
function payAsYouGo(answer: JsonObject): JsonObject | null | undefined {
  const used = flag(answer, "IsPostpay");
  if (used !== true) return used === false ? null : undefined;
  try {
    const switches = JSON.parse(text(answer, "PostPayModuleSwitch") ?? "") as JsonObject;
    return known({
      post_host: number(switches, "POST_HOST"),
      vul: number(switches, "VUL"),
      cspm: number(switches, "CSPM"),
      agentless: number(switches, "AGENTLESS"),
      ctdr: number(switches, "CTDR"),
      rasp: number(switches, "RASP"),
    });
  } catch {
    return undefined;
  }
}
