import { randomBytes } from "node:crypto";
import { uptime } from "node:os";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";

/** A wall clock that runs off the monotonic one by so much may have slept. */
const sleepMsMin = 500;

/** CLOCK_MONOTONIC, without the half dozen modules behind `performance`, which would stay in memory. */
function sinceBootMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1e6;
}

/**
 * The system's clocks. Monotonic time counts from the host's boot, so that it orders two runs of the
 * agent too, and goes on while the host sleeps: CLOCK_MONOTONIC, set forward by what the kernel's
 * uptime says was slept. Only a step of the wall clock makes it look.
 */
export function createSystemClock(): Clock {
  let baseMs = uptime() * 1_000 - sinceBootMs();
  let wallAheadMs = Date.now() - (sinceBootMs() + baseMs);
  const nowMs = (): number => {
    const now = sinceBootMs() + baseMs;
    const aheadMs = Date.now() - now;
    const stepMs = aheadMs - wallAheadMs;
    if (Math.abs(stepMs) < sleepMsMin) return now;
    wallAheadMs = aheadMs;
    const sleptMs = uptime() * 1_000 - now;
    if (sleptMs < sleepMsMin) return now;
    baseMs += sleptMs;
    wallAheadMs -= sleptMs;
    return now + sleptMs;
  };
  return {
    nowUnixMs: () => unixMs(Date.now()),
    nowMonotonicMs: () => monotonicMs(nowMs()),
    after(delayMs, callback) {
      // Node cuts fractions off and counts from a whole millisecond, so it comes early by up to two:
      // whoever waits for a mark would have to wait, and wake this process, once more.
      const timer = setTimeout(callback, delayMs > 0 ? Math.ceil(delayMs) + 1 : 0);
      return () => clearTimeout(timer);
    },
  };
}

export const systemRandom: Random = {
  next: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
  bytes: (count) => new Uint8Array(randomBytes(count)),
};
