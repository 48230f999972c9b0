import type { Clock } from "#proto/vocabulary/clock.ts";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";

/** For the programs of this folder that are run directly: start.ts and demo.ts. */
export const systemClock: Clock = {
  nowUnixMs: () => unixMs(Date.now()),
  nowMonotonicMs: () => monotonicMs(performance.now()),
  after(delayMs, callback) {
    const timer = setTimeout(callback, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
};
