import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { Collector, Found } from "../collector.ts";
import { pages, service, type AwsSession } from "./client.ts";
import { always, block, blocks, must, optional, thing } from "./shape.ts";

const logs = service("logs", () => import("./sdk/logs.ts"));
const cloudwatch = service("cloudwatch", () => import("./sdk/cloudwatch.ts"));

export const logGroups: Collector<AwsSession> = {
  types: ["aws_cloudwatch_log_group"],
  scope: "region",
  actions: ["logs:DescribeLogGroups"],
  list: async (session, region) => {
    const action = "logs:DescribeLogGroups";
    const all = await pages(
      session,
      logs,
      region,
      action,
      (sdk, nextToken) => new sdk.DescribeLogGroupsCommand({ limit: 50, nextToken }),
      ({ logGroups: groups }) => groups,
      ({ nextToken }) => nextToken,
    );
    return all.map((of) => {
      const name = must(of.logGroupName, action);
      // The provider's ARN has no ":*", which stands for the streams.
      const arn = of.logGroupArn ?? of.arn?.replace(/:\*$/, "");
      return thing(
        "aws_cloudwatch_log_group",
        name,
        { name },
        {
          name,
          ...always({ arn, log_group_class: of.logGroupClass }),
          ...optional({ kms_key_id: of.kmsKeyId }),
          // Left out where events are kept for ever.
          retention_in_days: of.retentionInDays ?? 0,
        },
      );
    });
  },
};

export const metricFilters: Collector<AwsSession> = {
  types: ["aws_cloudwatch_log_metric_filter"],
  scope: "region",
  actions: ["logs:DescribeMetricFilters"],
  list: async (session, region) => {
    const action = "logs:DescribeMetricFilters";
    const all = await pages(
      session,
      logs,
      region,
      action,
      (sdk, nextToken) => new sdk.DescribeMetricFiltersCommand({ limit: 50, nextToken }),
      ({ metricFilters: filters }) => filters,
      ({ nextToken }) => nextToken,
    );
    return all.map((of) => {
      const name = must(of.filterName, action);
      const group = must(of.logGroupName, action);
      return thing(
        "aws_cloudwatch_log_metric_filter",
        `${group}:${name}`,
        { name },
        {
          name,
          log_group_name: group,
          ...always({ pattern: of.filterPattern }),
          metric_transformation: blocks(of.metricTransformations, (metric) => ({
            ...always({ name: metric.metricName, namespace: metric.metricNamespace, value: metric.metricValue }),
            ...optional({
              default_value: metric.defaultValue === undefined ? undefined : String(metric.defaultValue),
              dimensions: metric.dimensions,
            }),
            unit: metric.unit ?? "None",
          })),
        },
      );
    });
  },
};

export const metricAlarms: Collector<AwsSession> = {
  types: ["aws_cloudwatch_metric_alarm"],
  scope: "region",
  actions: ["cloudwatch:DescribeAlarms"],
  list: async (session, region) => {
    const all = await pages(
      session,
      cloudwatch,
      region,
      "cloudwatch:DescribeAlarms",
      (sdk, NextToken) => new sdk.DescribeAlarmsCommand({ AlarmTypes: ["MetricAlarm"], MaxRecords: 100, NextToken }),
      ({ MetricAlarms }) => MetricAlarms,
      ({ NextToken }) => NextToken,
    );
    return all.map(alarm);
  },
};

function alarm(of: MetricAlarm): Found {
  const name = must(of.AlarmName, "cloudwatch:DescribeAlarms");
  const byName = (dimensions: MetricAlarm["Dimensions"]): Record<string, string> =>
    Object.fromEntries((dimensions ?? []).flatMap(({ Name, Value }) => (Name === undefined ? [] : [[Name, Value ?? ""]])));
  return thing(
    "aws_cloudwatch_metric_alarm",
    name,
    { name },
    {
      alarm_name: name,
      ...always({
        actions_enabled: of.ActionsEnabled,
        arn: of.AlarmArn,
        comparison_operator: of.ComparisonOperator,
        evaluation_periods: of.EvaluationPeriods,
      }),
      alarm_actions: of.AlarmActions ?? [],
      ok_actions: of.OKActions ?? [],
      insufficient_data_actions: of.InsufficientDataActions ?? [],
      dimensions: byName(of.Dimensions),
      // An alarm is on one metric, or on several by queries.
      ...optional({
        alarm_description: of.AlarmDescription,
        extended_statistic: of.ExtendedStatistic,
        metric_name: of.MetricName,
        namespace: of.Namespace,
        period: of.Period,
        statistic: of.Statistic,
        threshold: of.Threshold,
        threshold_metric_id: of.ThresholdMetricId,
        unit: of.Unit,
      }),
      treat_missing_data: of.TreatMissingData ?? "missing",
      metric_query: blocks(of.Metrics, (query) => ({
        ...always({ id: query.Id }),
        ...optional({ account_id: query.AccountId, expression: query.Expression, label: query.Label, period: query.Period }),
        return_data: query.ReturnData ?? true,
        metric: block(query.MetricStat, ({ Metric, Period, Stat, Unit }) => ({
          ...always({ metric_name: Metric?.MetricName, period: Period, stat: Stat }),
          ...optional({ namespace: Metric?.Namespace, unit: Unit }),
          dimensions: byName(Metric?.Dimensions),
        })),
      })),
    },
  );
}
