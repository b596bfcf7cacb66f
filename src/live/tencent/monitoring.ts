import type { Paging } from "./client.ts";
import { attributes, each, list, tags } from "./shape.ts";
import { pages, thing, type TencentCollector } from "./things.ts";

const topicCollector: TencentCollector = {
  types: ["tencentcloud_cls_topic"],
  scope: "region",
  actions: ["cls:DescribeTopics"],
  list: async (session, region) =>
    (await session.list("cls:DescribeTopics", pages("Topics"), {}, region)).map((topic) =>
      thing(
        "tencentcloud_cls_topic",
        topic,
        { id: "TopicId", name: "TopicName", tags: tags(topic, "Tags") },
        {
          topic_name: "TopicName",
          logset_id: "LogsetId",
          storage_type: "StorageType",
          partition_count: "PartitionCount",
          auto_split: "AutoSplit",
          max_split_partitions: "MaxSplitPartitions",
          period: "Period",
          hot_period: "HotPeriod",
          is_web_tracking: "IsWebTracking",
          describes: "Describes",
        },
      ),
    ),
};

const logAlarmCollector: TencentCollector = {
  types: ["tencentcloud_cls_alarm"],
  scope: "region",
  actions: ["cls:DescribeAlarms"],
  list: async (session, region) =>
    (await session.list("cls:DescribeAlarms", pages("Alarms"), {}, region)).map((alarm) =>
      thing(
        "tencentcloud_cls_alarm",
        alarm,
        { id: "AlarmId", name: "Name", tags: tags(alarm, "Tags") },
        {
          name: "Name",
          status: "Status",
          condition: "Condition",
          trigger_count: "TriggerCount",
          alarm_period: "AlarmPeriod",
          alarm_notice_ids: list("AlarmNoticeIds"),
          alarm_level: "AlarmLevel",
        },
      ),
    ),
};

/** Monitor counts pages from 1, and wants to be told its own name. */
const monitorPages = (items: string, size: number): Paging => ({
  items,
  total: "TotalCount",
  by: "page",
  offset: "PageNumber",
  limit: "PageSize",
  size,
});

const alarmPolicyCollector: TencentCollector = {
  types: ["tencentcloud_monitor_alarm_policy"],
  scope: "account",
  actions: ["monitor:DescribeAlarmPolicies"],
  list: async (session) =>
    (await session.list("monitor:DescribeAlarmPolicies", monitorPages("Policies", 100), { Module: "monitor" })).map((policy) =>
      thing(
        "tencentcloud_monitor_alarm_policy",
        policy,
        { id: "PolicyId", name: "PolicyName", labels: tags(policy, "Tags") },
        {
          policy_name: "PolicyName",
          remark: "Remark",
          monitor_type: "MonitorType",
          namespace: "Namespace",
          project_id: "ProjectId",
          enable: "Enable",
          notice_ids: list("NoticeIds"),
          hierarchical_notices: each("HierarchicalNotices", (notice) =>
            attributes(notice, { notice_id: "NoticeId", classification: list("Classification") }),
          ),
        },
      ),
    ),
};

const noticeCollector: TencentCollector = {
  types: ["tencentcloud_monitor_alarm_notice"],
  scope: "account",
  actions: ["monitor:DescribeAlarmNotices"],
  list: async (session) => {
    const parameters = { Module: "monitor", Order: "ASC" };
    const notices = await session.list("monitor:DescribeAlarmNotices", monitorPages("Notices", 100), parameters);
    return notices.map((notice) =>
      thing(
        "tencentcloud_monitor_alarm_notice",
        notice,
        { id: "Id", name: "Name", labels: tags(notice, "Tags") },
        {
          name: "Name",
          notice_type: "NoticeType",
          notice_language: "NoticeLanguage",
          is_preset: "IsPreset",
          policy_ids: list("PolicyIds"),
          // An address may hold a token: that there is one is enough.
          url_notices: each("URLNotices", (url) => attributes(url, { is_valid: "IsValid" })),
          user_notices: each("UserNotices", (user) =>
            attributes(user, {
              receiver_type: "ReceiverType",
              user_ids: list("UserIds"),
              group_ids: list("GroupIds"),
              notice_way: list("NoticeWay"),
            }),
          ),
        },
      ),
    );
  },
};

export const monitoringCollectors: readonly TencentCollector[] = [
  topicCollector,
  logAlarmCollector,
  alarmPolicyCollector,
  noticeCollector,
];
