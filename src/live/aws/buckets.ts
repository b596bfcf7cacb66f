import { pages, service, type AwsSession } from "./client.ts";

const s3 = service("s3", () => import("./sdk/s3-names.ts"));

/** Names of all buckets of the account. */
export async function bucketNames(session: AwsSession): Promise<ReadonlySet<string>> {
  const buckets = await pages(
    session,
    s3,
    session.home,
    "s3:ListAllMyBuckets",
    (sdk, ContinuationToken) => new sdk.ListBucketsCommand({ ContinuationToken, MaxBuckets: 1000 }),
    ({ Buckets }) => Buckets,
    ({ ContinuationToken }) => ContinuationToken,
  );
  return new Set(buckets.flatMap(({ Name }) => Name ?? []));
}

const places = "(?:website[.-]|dualstack\\.|fips\\.dualstack\\.|fips\\.|accelerate\\.)?";
const bucketHost = new RegExp(`^(.+?)\\.s3(?:[.-]${places}[a-z0-9-]+|-accelerate(?:\\.dualstack)?)?\\.amazonaws\\.com(?:\\.cn)?$`);

/** The bucket that a name in the DNS stands for, as an address of its own or of its web site. */
export function bucketOf(host: string): string | undefined {
  return bucketHost.exec(host.toLowerCase().replace(/\.$/, ""))?.[1];
}
