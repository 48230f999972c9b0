import { randomBytes } from "node:crypto";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";

export const systemClock: Clock = {
  nowUnixMs: () => unixMs(Date.now()),
  nowMonotonicMs: () => monotonicMs(performance.now()),
  after(delayMs, callback) {
    const timer = setTimeout(callback, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = {
  next: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
  bytes: (count) => new Uint8Array(randomBytes(count)),
};
