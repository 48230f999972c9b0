import type { Clock } from "#proto/vocabulary/clock.ts";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";

/** Real time, for the tests that need real sockets and processes. */
export const systemClock: Clock = {
  nowUnixMs: () => unixMs(Date.now()),
  nowMonotonicMs: () => monotonicMs(performance.now()),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
