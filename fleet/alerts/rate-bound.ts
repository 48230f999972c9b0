import type { MonotonicMs } from "#proto/vocabulary/units.ts";

/** So many messages an hour, the first tenth of them (at least one) at once. */
export interface RateBound {
  /** True: one may be sent, and is counted. */
  take(now: MonotonicMs): boolean;
  /** How long until one may be, milliseconds; 0: now. */
  waitMs(now: MonotonicMs): number;
}

const hourMs = 3_600_000;

export function createRateBound(perHour: number): RateBound {
  const burst = Math.max(1, Math.ceil(perHour / 10));
  const everyMs = hourMs / perHour;
  let left = burst;
  let asOf: MonotonicMs | null = null;
  const fill = (now: MonotonicMs): void => {
    left = Math.min(burst, left + (asOf === null ? 0 : (now - asOf) / everyMs));
    asOf = now;
  };
  return {
    take(now) {
      fill(now);
      if (left < 1) return false;
      left -= 1;
      return true;
    },
    waitMs(now) {
      fill(now);
      return left >= 1 ? 0 : Math.ceil((1 - left) * everyMs);
    },
  };
}
