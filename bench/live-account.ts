/* A double of AWS with an account of ten thousand instances, in a process of its own: `node bench/live-account.ts LATENCY`. Prints its address. */
import { isJsonObject, type Json, type JsonObject } from "../src/core/snapshots/model.ts";
import { sampleAccount } from "../src/live/sample/aws/account.ts";
import { startDouble } from "../src/live/sample/aws/server.ts";
import type { AccountState, Recorded } from "../src/live/sample/aws/state.ts";

const volumes = 6200;
const groups = 3300;
const buckets = 450;

/** The sample account, with many more of three things: two that are listed with all their details, and one that is asked about each. */
function large(state: AccountState): AccountState {
  const recorded = state.recorded.flatMap((each): readonly Recorded[] => {
    switch (each.operation) {
      case "ec2:DescribeVolumes":
        return [multiplied(each, ["volumeSet", "item"], volumes, ["volumeId"])];
      case "ec2:DescribeSecurityGroups":
        return [multiplied(each, ["securityGroupInfo", "item"], groups, ["groupId", "securityGroupArn"])];
      case "s3:ListBuckets":
        return [multiplied(each, ["ListAllMyBucketsResult", "Buckets", "Bucket"], buckets, ["Name", "BucketArn"])];
      default: {
        const { of } = each;
        const [parameter, value] = Object.entries(of ?? {}).find(([, text]) => text === "pinewood-backups") ?? [];
        if (of === undefined || parameter === undefined || value === undefined) return [each];
        const copies = Array.from({ length: buckets }, (_, index) => ({
          ...each,
          of: { ...of, [parameter]: `${value}-${index}` },
        }));
        return [each, ...copies];
      }
    }
  });
  return { ...state, recorded };
}

/** Copies of a list's first element, told apart by the members that name it. */
function multiplied(recorded: Recorded, path: readonly string[], count: number, names: readonly string[]): Recorded {
  const grow = (value: Json, [step, ...rest]: readonly string[]): Json => {
    if (step !== undefined && isJsonObject(value)) return { ...value, [step]: grow(value[step] ?? null, rest) };
    const list = value as readonly JsonObject[];
    const [first = {}] = list;
    const copies = Array.from({ length: count }, (_, index) => ({
      ...first,
      ...Object.fromEntries(names.map((name) => [name, `${JSON.stringify(first[name] ?? "").replaceAll('"', "")}-${index}`])),
    }));
    return [...list, ...copies];
  };
  return { ...recorded, answer: grow(recorded.answer, path) };
}

const double = await startDouble(large(sampleAccount(new Date())));
double.delay(Number(process.argv[2] ?? 50));
process.stdout.write(`${double.url}\n`);
