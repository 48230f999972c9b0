import type { MonotonicMs } from "#proto/vocabulary/units.ts";

/** So many at once, so many a second after that. */
export interface TokenBucket {
  /** Takes one; false: none is left. */
  take(now: MonotonicMs): boolean;
  /** Time until there is one, ms; 0: now. */
  waitMs(now: MonotonicMs): number;
}

export function createTokenBucket(
  settings: { readonly perSecond: number; readonly burst: number },
  now: MonotonicMs,
): TokenBucket {
  const { perSecond, burst } = settings;
  let tokens = burst;
  let filledAt: number = now;
  const fill = (at: number): void => {
    tokens = Math.min(burst, tokens + (Math.max(0, at - filledAt) / 1_000) * perSecond);
    filledAt = Math.max(filledAt, at);
  };
  return {
    take(at) {
      fill(at);
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    waitMs(at) {
      fill(at);
      // A little more than the rest, or rounding would wake the caller just too early.
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1_000) + 1;
    },
  };
}
