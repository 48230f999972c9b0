import type { MonotonicMs, UnixMs } from "./units.ts";

/** Ends a timer. Calling it twice, or after the timer fired, does nothing. */
export type CancelTimer = () => void;

/** The only door to time. Production hands in the system's, tests one that they move. */
export interface Clock {
  /** Wall clock; may jump in either direction. */
  nowUnixMs(): UnixMs;
  /** Never goes back; orders events within one boot. */
  nowMonotonicMs(): MonotonicMs;
  /** Calls back once, `delayMs` from now by the monotonic clock. */
  after(delayMs: number, callback: () => void): CancelTimer;
}

/** Waits on the given clock. Rejects with the signal's reason when it is aborted first. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
