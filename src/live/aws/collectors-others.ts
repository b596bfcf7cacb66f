import type { Collector } from "../collector.ts";
import * as acm from "./acm.ts";
import * as apigateway from "./apigateway.ts";
import * as apigatewayStages from "./apigateway-stages.ts";
import * as athena from "./athena.ts";
import * as autoscaling from "./autoscaling.ts";
import type { AwsSession } from "./client.ts";
import * as cloudfront from "./cloudfront.ts";
import * as codebuild from "./codebuild.ts";
import * as cognito from "./cognito.ts";
import * as dms from "./dms.ts";
import * as dynamodb from "./dynamodb.ts";
import * as ecr from "./ecr.ts";
import * as ecs from "./ecs.ts";
import * as efs from "./efs.ts";
import * as eks from "./eks.ts";
import * as elasticache from "./elasticache.ts";
import * as elbv2 from "./elbv2.ts";
import * as kinesis from "./kinesis.ts";
import * as lambda from "./lambda.ts";
import * as mq from "./mq.ts";
import * as msk from "./msk.ts";
import * as opensearch from "./opensearch.ts";
import * as rds from "./rds.ts";
import * as rdsSnapshots from "./rds-snapshots.ts";
import * as redshift from "./redshift.ts";
import * as route53 from "./route53.ts";
import * as sagemaker from "./sagemaker.ts";
import * as secretsmanager from "./secretsmanager.ts";
import * as sns from "./sns.ts";
import * as sqs from "./sqs.ts";
import * as ssm from "./ssm.ts";
import * as ssoadmin from "./ssoadmin.ts";
import * as transfer from "./transfer.ts";

/** Databases, containers, functions, messages, edges and the rest: what stands on the core. */
export const otherCollectors: readonly Collector<AwsSession>[] = [
  acm.certificates,
  apigateway.restApis,
  apigateway.httpApis,
  apigatewayStages.restStages,
  apigatewayStages.httpStages,
  apigatewayStages.domainNames,
  athena.workgroups,
  autoscaling.launchConfigurations,
  cloudfront.distributions,
  codebuild.projects,
  cognito.identityPools,
  cognito.userPools,
  dms.replicationInstances,
  dynamodb.tables,
  ecr.repositories,
  ecr.registryScanning,
  ecs.clusters,
  ecs.services,
  efs.fileSystems,
  eks.clusters,
  eks.nodeGroups,
  elasticache.replicationGroups,
  elbv2.loadBalancers,
  elbv2.listeners,
  kinesis.streams,
  lambda.functions,
  lambda.functionUrls,
  mq.brokers,
  msk.clusters,
  opensearch.domains,
  rds.instances,
  rds.clusters,
  rdsSnapshots.snapshots,
  rdsSnapshots.clusterSnapshots,
  redshift.clusters,
  route53.records,
  sagemaker.notebooks,
  secretsmanager.secrets,
  sns.topics,
  sqs.queues,
  ssm.documents,
  ssm.parameters,
  ssoadmin.permissionSets,
  transfer.servers,
];
