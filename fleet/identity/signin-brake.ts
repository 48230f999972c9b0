import type { Clock } from "#proto/vocabulary/clock.ts";

/** So many wrong passwords are a slip of the fingers. */
export const freeTries = 5;
/** The longest wait: nobody is locked out for ever. */
export const waitMsMax = 60_000;
/** Wrong ones are forgotten after this long without another. */
const forgetMs = 15 * 60_000;
const keptMax = 10_000;

/**
 * Slows down whoever guesses one person's password from one address: each wrong one beyond five
 * doubles the wait, a minute at most. The person at another address does not wait with them.
 */
export interface SigninBrake {
  /** Milliseconds that are left; 0: go on. */
  waitMs(key: string): number;
  failed(key: string): void;
  succeeded(key: string): void;
}

export function createSigninBrake(clock: Pick<Clock, "nowMonotonicMs">): SigninBrake {
  const tries = new Map<string, { count: number; untilMs: number; lastMs: number }>();
  const known = (key: string) => {
    const entry = tries.get(key);
    if (entry === undefined || clock.nowMonotonicMs() - entry.lastMs <= forgetMs) return entry;
    tries.delete(key);
    return undefined;
  };
  return {
    waitMs: (key) => Math.max(0, (known(key)?.untilMs ?? 0) - clock.nowMonotonicMs()),
    failed(key) {
      const nowMs = clock.nowMonotonicMs();
      const count = (known(key)?.count ?? 0) + 1;
      const over = count - freeTries;
      const untilMs = over <= 0 ? 0 : nowMs + Math.min(waitMsMax, 1_000 * 2 ** Math.min(over, 10));
      tries.delete(key);
      tries.set(key, { count, untilMs, lastMs: nowMs });
      if (tries.size <= keptMax) return;
      const oldest = tries.keys().next();
      if (!oldest.done) tries.delete(oldest.value);
    },
    succeeded: (key) => void tries.delete(key),
  };
}
