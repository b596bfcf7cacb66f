import type { AccountData } from "../../src/core/accounts/model.ts";
import { readNeeds } from "../../src/core/checks/permissions.ts";
import { alibaba } from "../../src/live/alibaba/access.ts";
import { aws } from "../../src/live/aws/access.ts";
import { collect } from "../../src/live/collect.ts";
import { Database } from "../../src/live/database.ts";
import { LiveService } from "../../src/live/live-service.ts";
import { Refusal } from "../../src/live/refusal.ts";
import { samplesBeside } from "../../src/live/samples.ts";
import type { CloudAccess } from "../../src/live/session.ts";
import { tencent } from "../../src/live/tencent/access.ts";
import { bundled } from "./check-world.ts";

const accesses = { aws, alibaba, tencent } as const;

/** An instance of a sample account as Terraform. */
export interface Exported {
  /** Key of the instance. */
  readonly instance: string;
  readonly text: string;
}

const never = new AbortController().signal;

/** A service with the sample account of a cloud connected, by its key. */
export async function sampleService(
  cloud: keyof typeof accesses,
  database = new Database(":memory:"),
): Promise<{ live: LiveService; account: string }> {
  const live = new LiveService({
    database,
    catalogue: await bundled(),
    clouds: { [cloud]: () => Promise.resolve(accesses[cloud] as unknown as CloudAccess<unknown>) },
    samples: samplesBeside(undefined),
    environment: {},
    now: () => "2026-11-26T12:00:00.000Z",
    holder: "test",
    person: "tester",
  });
  const { key } = await live.connect({ cloud, source: "sample" }, never);
  return { live, account: key };
}

/** Every instance of a sample account that Terraform has a resource for. */
export async function exportsOf(cloud: keyof typeof accesses): Promise<readonly Exported[]> {
  const { live, account } = await sampleService(cloud);
  await live.refreshInventory(live.account(account), never);
  const found: Exported[] = [];
  for (const { key } of live.inventories.instances(account)) {
    try {
      const { text } = await live.asTerraform(account, key, never);
      found.push({ instance: key, text });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return found;
}

/** Everything that check items read of a sample account. */
export async function sampleData(cloud: keyof typeof accesses): Promise<AccountData> {
  const { checks, types } = await bundled();
  const sample = await samplesBeside(undefined)[cloud].start();
  const access = accesses[cloud] as unknown as CloudAccess<unknown>;
  const signal = new AbortController().signal;
  const source = { id: "sample", cloud, title: "sample account", from: "here", problem: undefined };
  const session = await access.open({ source, keys: sample.keys, endpoint: sample.endpoint, signal });
  try {
    const needs = { types: new Set<string>(), actions: new Set<string>() };
    for (const check of checks.filter((each) => each.cloud === cloud)) {
      const its = readNeeds(check, types);
      for (const type of its.types) needs.types.add(type);
      for (const action of its.actions) needs.actions.add(action);
    }
    const { account } = await access.identify(session);
    const regions = await access.regions(session);
    const collectors = await access.collectors();
    return await collect({ cloud, account, session, collectors, homeRegion: access.homeRegion(session), regions, needs, signal });
  } finally {
    access.close(session);
  }
}
