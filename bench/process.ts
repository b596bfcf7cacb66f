import { spawnSync } from "node:child_process";

export interface ProcessCost {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Largest single process. */
  readonly peakMegabytes: number;
  readonly status: number | null;
}

/** Whole-process cost by the operating system's own accounting (through Python's `resource`, which every Linux and macOS has). */
export function measureProcess(command: readonly string[], cwd: string): ProcessCost {
  const script = `
import json, os, resource, subprocess, sys, time
start = time.monotonic()
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
wall = time.monotonic() - start
use = resource.getrusage(resource.RUSAGE_CHILDREN)
unit = 1048576 if sys.platform == "darwin" else 1024
print(json.dumps({"cpuSeconds": use.ru_utime + use.ru_stime, "wallSeconds": wall, "peakMegabytes": use.ru_maxrss / unit, "status": status}))
`;
  const run = spawnSync("python3", ["-c", script, ...command], { cwd, encoding: "utf8", maxBuffer: 1 << 26 });
  if (run.status !== 0) throw new Error(`cannot measure ${command.join(" ")}: ${run.stderr}`);
  return JSON.parse(run.stdout) as ProcessCost;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
