import { setFlagsFromString } from "node:v8";

/**
 * V8 lets the space for new objects grow to 32 MB, threefold, when much of what is made is kept. Here most of it is, so that space
 * is never worth its memory: it stays as it begins. Measured on a busy machine: with 3,000 resources a check takes 190 MB instead of
 * 310 in the same time, with 10,000 it takes 470 instead of 600 for some 5 % more CPU. V8 reads this flag whenever it could let the space grow, so it counts from now on; call this first.
 */
export function saveMemory(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}
