/*
 * Loaded into a server before its own code (`node --import`): writes how long the turns of its event loop were to the file that
 * PLUMBLINE_TURNS names, when it ends. A turn is what the main thread computed between two beats of a timer of one millisecond,
 * without the pauses of the garbage collector: CPU of the thread, which a busy machine does not stretch.
 */
import { writeFileSync } from "node:fs";
import { PerformanceObserver } from "node:perf_hooks";

export interface Turn {
  /** Milliseconds since 1970 at which it ended. */
  readonly end: number;
  readonly milliseconds: number;
}

const file = process.env["PLUMBLINE_TURNS"];
if (file !== undefined) {
  const pauses: { readonly start: number; readonly end: number }[] = [];
  const beats: { readonly at: number; readonly cpu: number }[] = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) pauses.push({ start: startTime, end: startTime + duration });
  }).observe({ entryTypes: ["gc"] });
  const cpu = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  setInterval(() => beats.push({ at: performance.now(), cpu: cpu() }), 1).unref();
  process.on("exit", () => {
    const turns: Turn[] = [];
    let next = 0;
    for (const [index, beat] of beats.entries()) {
      const before = beats[index - 1];
      if (before === undefined) continue;
      while ((pauses[next]?.end ?? Infinity) <= before.at) next++;
      let paused = 0;
      for (let at = next; (pauses[at]?.start ?? Infinity) < beat.at; at++) {
        const { start, end } = pauses[at] ?? { start: 0, end: 0 };
        paused += Math.max(0, Math.min(end, beat.at) - Math.max(start, before.at));
      }
      turns.push({ end: performance.timeOrigin + beat.at, milliseconds: Math.max(0, beat.cpu - before.cpu - paused) });
    }
    writeFileSync(file, JSON.stringify(turns));
  });
}
