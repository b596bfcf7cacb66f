import { each, send, service, type AwsSession } from "./client.ts";

const ec2 = service("ec2", () => import("./sdk/ec2-addresses.ts"));

/** Public addresses that the account holds, in every region that it may use. */
export async function ownAddresses(session: AwsSession): Promise<ReadonlySet<string>> {
  const { Regions } = await send(session, ec2, session.home, "ec2:DescribeRegions", (sdk) => new sdk.DescribeRegionsCommand({}));
  const regions = (Regions ?? []).flatMap(({ RegionName }) => RegionName ?? []);
  const held = await each(regions, async (region) => {
    const { Addresses } = await send(session, ec2, region, "ec2:DescribeAddresses", (sdk) => new sdk.DescribeAddressesCommand({}));
    return (Addresses ?? []).flatMap(({ PublicIp }) => PublicIp ?? []);
  });
  return new Set(held.flat());
}
