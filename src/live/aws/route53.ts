import { isIP } from "node:net";
import type { HostedZone, ResourceRecordSet } from "@aws-sdk/client-route-53";
import type { Collector, Facts, Found } from "../collector.ts";
import { ownAddresses } from "./addresses.ts";
import { bucketNames, bucketOf } from "./buckets.ts";
import { each, pages, service, type AwsSession } from "./client.ts";
import { always, block, list, must, optional, thing } from "./shape.ts";

const route53 = service("route53", () => import("./sdk/route53.ts"));
const action = "route53:ListResourceRecordSets";

export const records: Collector<AwsSession> = {
  types: ["aws_route53_record"],
  scope: "account",
  actions: ["route53:ListHostedZones", action],
  list: async (session, region) => {
    const zones = await pages(
      session,
      route53,
      region,
      "route53:ListHostedZones",
      (sdk, Marker) => new sdk.ListHostedZonesCommand({ Marker, MaxItems: 100 }),
      ({ HostedZones }) => HostedZones,
      ({ IsTruncated, NextMarker }) => (IsTruncated === true ? NextMarker : undefined),
    );
    // The API takes five calls a second of an account, so zones go one after the other.
    return (await each(zones, (zone) => recordsOf(session, region, zone), 2)).flat();
  },
  details: [
    {
      of: "aws_route53_record",
      actions: ["s3:ListAllMyBuckets"],
      readAll: async (session, found) => {
        const ours = await bucketNames(session);
        return new Map(found.map((record) => [record.id, bucketOwned(record, ours)]));
      },
    },
    {
      of: "aws_route53_record",
      actions: ["ec2:DescribeAddresses"],
      readAll: async (session, found) => {
        const addressed = found.some((record) => addresses(record).length > 0);
        const ours = addressed ? await ownAddresses(session) : new Set<string>();
        return new Map(found.map((record) => [record.id, addressOwned(record, ours)]));
      },
    },
  ],
};

/** Where a page goes on: three fields that together name a record. */
type From = Pick<ResourceRecordSet, "Name" | "Type" | "SetIdentifier">;

async function recordsOf(session: AwsSession, region: string, { Id }: HostedZone): Promise<readonly Found[]> {
  const zone = must(Id, "route53:ListHostedZones").replace(/^\/hostedzone\//, "");
  const all = await pages(
    session,
    route53,
    region,
    action,
    (sdk, token) => {
      const from = (token === undefined ? {} : JSON.parse(token)) as Partial<From>;
      return new sdk.ListResourceRecordSetsCommand({
        HostedZoneId: zone,
        MaxItems: 300,
        StartRecordName: from.Name,
        StartRecordType: from.Type,
        StartRecordIdentifier: from.SetIdentifier,
      });
    },
    ({ ResourceRecordSets }) => ResourceRecordSets,
    ({ IsTruncated, NextRecordName, NextRecordType, NextRecordIdentifier }) =>
      IsTruncated === true
        ? JSON.stringify({ Name: NextRecordName, Type: NextRecordType, SetIdentifier: NextRecordIdentifier })
        : undefined,
  );
  return all.map((of) => record(of, zone));
}

/** Names are as in the DNS: a dot at the end, and odd characters as octal numbers. */
function plainName(name: string): string {
  return name.replace(/\.$/, "").replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function record(of: ResourceRecordSet, zone: string): Found {
  const name = plainName(must(of.Name, action));
  const type = must(of.Type, action);
  const id = [zone, name, type, ...(of.SetIdentifier === undefined ? [] : [of.SetIdentifier])].join("_");
  return thing(
    "aws_route53_record",
    id,
    { name: `${name} ${type}` },
    {
      zone_id: zone,
      name,
      fqdn: name,
      type,
      ...optional({
        health_check_id: of.HealthCheckId,
        multivalue_answer_routing_policy: of.MultiValueAnswer,
        set_identifier: of.SetIdentifier,
        ttl: of.TTL,
        records: list(of.ResourceRecords?.flatMap(({ Value }) => Value ?? [])),
      }),
      alias: block(of.AliasTarget, ({ DNSName, HostedZoneId, EvaluateTargetHealth }) =>
        always({
          name: DNSName === undefined ? undefined : plainName(DNSName),
          zone_id: HostedZoneId,
          evaluate_target_health: EvaluateTargetHealth,
        }),
      ),
      failover_routing_policy: block(of.Failover, (failover) => ({ type: failover })),
      latency_routing_policy: block(of.Region, (region) => ({ region })),
      weighted_routing_policy: block(of.Weight, (weight) => ({ weight })),
      geolocation_routing_policy: block(of.GeoLocation, ({ ContinentCode, CountryCode, SubdivisionCode }) =>
        optional({ continent: ContinentCode, country: CountryCode, subdivision: SubdivisionCode }),
      ),
    },
  );
}

function values({ attributes }: Found): readonly string[] {
  const { records: all } = attributes;
  return Array.isArray(all) ? all.filter((value) => typeof value === "string") : [];
}

/** What a record of an address points at. */
function addresses(record: Found): readonly string[] {
  const { type } = record.attributes;
  return type === "A" || type === "AAAA" ? values(record).filter((value) => isIP(value) !== 0) : [];
}

/** The bucket that a record points at: a web site's by the record's own name, else by the target's. */
function bucketTarget(record: Found): string | undefined {
  const { alias, name, type } = record.attributes;
  if (typeof alias === "object" && alias !== null && "name" in alias && typeof alias.name === "string") {
    return /^s3-website[.-][a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/i.test(alias.name) && typeof name === "string" ? name : undefined;
  }
  const [target] = values(record);
  return type === "CNAME" && target !== undefined ? bucketOf(target) : undefined;
}

function bucketOwned(record: Found, ours: ReadonlySet<string>): Facts {
  const bucket = bucketTarget(record);
  if (bucket !== undefined) return { attributes: { target_owned: ours.has(bucket) } };
  // Of addresses the other call tells.
  return addresses(record).length > 0 ? {} : { attributes: { target_owned: null } };
}

/**
 * An address that is the account's is owned. Whether one that is not belongs to AWS at all, its APIs don't tell: it may be a server
 * elsewhere, so nothing is said.
 */
function addressOwned(record: Found, ours: ReadonlySet<string>): Facts {
  const all = addresses(record);
  if (all.length === 0) return {};
  if (all.every((address) => ours.has(address) || isPrivate(address))) {
    return { attributes: { target_owned: all.some((address) => ours.has(address)) ? true : null } };
  }
  return {};
}

/** Addresses of private networks can't be taken by a stranger. */
function isPrivate(address: string): boolean {
  return /^(?:10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)|^f[cde]/i.test(
    address,
  );
}
