import type { MonotonicMs } from "#proto/vocabulary/units.ts";

/** Lets through `perSecond` messages on average and `burst` at once. Fractions are kept. */
export interface TokenBucket {
  /** false: one more is too many now. */
  take(now: MonotonicMs): boolean;
  /** Full again at `now`: nothing would be lost by forgetting this bucket. */
  isFull(now: MonotonicMs): boolean;
}

export function createTokenBucket(limits: {
  readonly perSecond: number;
  readonly burst: number;
}): TokenBucket {
  let tokens = limits.burst;
  let filledAt: number | null = null;
  const fill = (now: MonotonicMs): void => {
    const elapsedMs = filledAt === null ? 0 : Math.max(0, now - filledAt);
    tokens = Math.min(limits.burst, tokens + (elapsedMs * limits.perSecond) / 1000);
    filledAt = now;
  };
  return {
    take: (now) => {
      fill(now);
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    isFull: (now) => {
      fill(now);
      return tokens >= limits.burst;
    },
  };
}
