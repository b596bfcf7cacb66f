import type { Collector } from "../collector.ts";
import { accountRegions, accounts, alternateContacts, primaryContact } from "./account.ts";
import type { AwsSession } from "./client.ts";
import { trails } from "./cloudtrail.ts";
import { logGroups, metricAlarms, metricFilters } from "./cloudwatch.ts";
import { clientVpnEndpoints, endpointServices, transitGateways, vpcEndpoints } from "./connectivity.ts";
import { encryptionByDefault, snapshotBlock, snapshots, volumes } from "./ebs.ts";
import { addresses, images, instances, launchTemplates, metadataDefaults } from "./ec2.ts";
import { accessKeys, instanceProfiles, organizationsFeatures, passwordPolicy, serverCertificates } from "./iam-keys.ts";
import { principals } from "./iam.ts";
import { keys } from "./kms.ts";
import { delegatedAdministrators, organization, policies } from "./organizations.ts";
import { analyzers, detectors, hubs, macieSessions, recorders, recorderStatus, standards } from "./posture.ts";
import { accessPoints, accountAccessBlock } from "./s3-control.ts";
import { buckets } from "./s3.ts";
import { securityGroups } from "./security-groups.ts";
import { flowLogs, networkAcls, routeTables, subnets, vpcs } from "./vpc.ts";

/** The account itself, identities, storage, network, machines, records of what happened and what watches over all of it. */
export const coreCollectors: readonly Collector<AwsSession>[] = [
  accounts,
  accountRegions,
  alternateContacts,
  primaryContact,
  principals,
  accessKeys,
  passwordPolicy,
  serverCertificates,
  instanceProfiles,
  organizationsFeatures,
  organization,
  policies,
  delegatedAdministrators,
  buckets,
  accountAccessBlock,
  accessPoints,
  trails,
  logGroups,
  metricFilters,
  metricAlarms,
  keys,
  recorders,
  recorderStatus,
  detectors,
  hubs,
  standards,
  macieSessions,
  analyzers,
  vpcs,
  subnets,
  networkAcls,
  routeTables,
  flowLogs,
  vpcEndpoints,
  endpointServices,
  transitGateways,
  clientVpnEndpoints,
  securityGroups,
  instances,
  addresses,
  images,
  launchTemplates,
  metadataDefaults,
  volumes,
  snapshots,
  encryptionByDefault,
  snapshotBlock,
];
