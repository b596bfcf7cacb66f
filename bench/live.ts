/*
 * Scans an account of ten thousand instances: `node bench/live.ts LATENCY [PROJECT]`. The double answers after so many milliseconds,
 * and the published rates hold. Prints `scanning` when the scan begins, and a line of JSON in the end. Memory is that of a bundle: `npm run bench` makes one.
 */
import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { costOf, switchedOff } from "../src/core/billing/cost-table.ts";
import { loadCatalogue } from "../src/core/checks/catalogue.ts";
import { saveMemory } from "../src/host/v8-settings.ts";
import { readProduct } from "../src/host/product.ts";
import { Database } from "../src/live/database.ts";
import { awsAccess } from "../src/live/aws/access.ts";
import { LiveService } from "../src/live/live-service.ts";
import { sampleKeys } from "../src/live/sample/aws/account.ts";
import { previewView } from "../src/live/views.ts";
import type { CloudAccess } from "../src/live/session.ts";

/** What `npm run bench` prints of it. */
export interface LiveFigures {
  readonly instances: number;
  readonly items: number;
  readonly pairs: number;
  /** Milliseconds from the inventory to the numbers, and for a switch (median of 50). */
  readonly preview: number;
  readonly toggle: number;
  /** Of the scan: seconds, and what latency and published rates alone would take. */
  readonly scan: number;
  readonly bound: number;
  readonly requests: number;
  readonly least: number;
  /** Megabytes, at the highest. */
  readonly memory: number;
}

// As the live process does.
saveMemory();
setPriority(constants.priority.PRIORITY_LOW);
const latency = Number(process.argv[2] ?? 50);
const root = process.argv[3] ?? join(import.meta.dirname, "..");
const cloud = spawn(process.execPath, [join(root, "bench/live-account.ts"), String(latency)], {
  stdio: ["ignore", "pipe", "inherit"],
});
// A cloud takes none of this machine's time.
setPriority(cloud.pid ?? 0, constants.priority.PRIORITY_LOW);
try {
  const url = await new Promise<string>((resolve) => cloud.stdout.once("data", (data: Buffer) => resolve(data.toString().trim())));
  console.log(JSON.stringify(await measured(url)));
} finally {
  cloud.kill();
}

async function measured(url: string): Promise<LiveFigures> {
  const never = new AbortController().signal;
  // The program that was started is not a bundle: what ships with it is in dist/.
  process.argv[1] = join(root, "dist/cli.js");
  const product = readProduct();
  const catalogue = loadCatalogue(product.catalogue, product.schemas, product.texts("en"));
  const access = awsAccess({}) as unknown as CloudAccess<unknown>;
  const live = new LiveService({
    database: new Database(":memory:"),
    catalogue,
    clouds: { aws: () => Promise.resolve(access) },
    samples: {},
    environment: {},
    now: () => new Date().toISOString(),
    holder: "bench",
    person: "bench",
  });
  const { key } = await live.connect({ cloud: "aws", source: "kept", keys: sampleKeys, endpoint: url }, never);
  live.accounts.authorize(key, (await live.authorization("aws", { selection: {} })).actions);
  live.changePlan(key, { kind: "activate", termsAccepted: true });
  await live.preview({ account: key, selection: {} }, never);
  const before = performance.now();
  const preview = await live.preview({ account: key, selection: {} }, never);
  const view = previewView("bench", preview);
  const previewed = performance.now() - before;
  const services = [...new Set(view.table.items.map(({ service }) => service))];
  const toggles = Array.from({ length: 50 }, (_, index) => {
    const start = performance.now();
    costOf(view.table, switchedOff({ items: [], services: [services[index % services.length] ?? ""], regions: [] }));
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const effort = await live.effort(preview, undefined, switchedOff({ items: [], services: [], regions: [] }), latency / 1000);
  const started = performance.now();
  console.log("scanning");
  const scanned = await live.scan({ account: key, selection: {} }, preview, never);
  if (scanned.state !== "done") throw new Error(`The scan ended with ${scanned.state}: ${scanned.why ?? ""}`);
  return {
    instances: view.instances,
    items: view.items.length,
    pairs: view.exact,
    preview: previewed,
    toggle: toggles[25] ?? 0,
    scan: (performance.now() - started) / 1000,
    bound: effort.seconds,
    requests: scanned.requests,
    least: effort.requests,
    memory: process.resourceUsage().maxRSS / 1024,
  };
}
