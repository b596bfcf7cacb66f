import { hostname } from "node:os";

/** Who holds a lease: `process 4711 on desk`. */
export function thisProcess(): string {
  return `process ${process.pid} on ${hostname()}`;
}

/** Whether a holder is a process of this machine that has ended. What can't be known is not gone. */
export function isGone(holder: string): boolean {
  const found = /^process (\d+) on (.*)$/.exec(holder);
  if (found === null || found[2] !== hostname()) return false;
  try {
    process.kill(Number(found[1]), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
