import type { Call, Policy, Rate } from "../limits.ts";
import { exponential, systemClock } from "../limits.ts";

/*
 * What AWS publishes about how often its APIs may be called, for one account in one region. Most have published nothing: they get a
 * rate that their consoles go beyond, and what AWS throttles all the same is tried again.
 */

const action = (perSecond: number, burst = perSecond): Rate => ({ perSecond, burst, per: "action" });
const service = (perSecond: number, burst = perSecond): Rate => ({ perSecond, burst, per: "service" });

/** By service prefix of the permission. */
const services: Readonly<Record<string, Rate>> = {
  // Describe*, List*, Search*, Get* with paging or filters: a bucket of 100, 20 a second each.
  // https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
  ec2: action(20, 100),
  // "Get, describe, and list APIs: 10 TPS". https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
  cloudtrail: service(10),
  // Nothing is published for these three; IAM is one endpoint for all regions of a partition.
  iam: service(20, 40),
  s3: service(100),
  organizations: service(5),
};

const actions: Readonly<Record<string, Rate>> = {
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
  "cloudwatch:DescribeAlarms": action(9),
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
  "logs:DescribeLogGroups": action(10),
  "logs:DescribeMetricFilters": action(5),
  // A report is made at most every four hours; asking for it is cheap but not meant to be done often.
  "iam:GenerateCredentialReport": action(1, 2),
};

const usual = service(10, 20);

export const awsPolicy: Policy = {
  rate: (call: Call) => actions[call.action] ?? services[call.service] ?? usual,
  inFlight: 10,
  tries: 7,
  wait: (_call, failure, retry) => exponential(failure, retry, systemClock.random()),
};
