import { type Clock, sleep } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { classifyEngineError } from "./engine-error.ts";
import { StoreError } from "./store-error.ts";

/** An operation on the store gives up after this long, ms (SAFETY F14). */
export const retryMsMax = 30_000;
const backoffMsMin = 20;
const backoffMsMax = 2_000;

export interface RetryEffects {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export type RunStoreWork = <Value>(what: string, work: () => Promise<Value>) => Promise<Value>;

/**
 * Runs work that may meet a lock, a serialization conflict or a lost connection, again and again
 * with full jitter for at most 30 s. `work` must be whole: one statement or one transaction that
 * may run twice and do no more than once, as the answer to a commit can be lost.
 * Throws StoreError: `STORE_UNREACHABLE` when the time is over (whether the last try was written is
 * not known then), `STORE_FULL`, `STORE_DAMAGED`, `STORE_FAILED` at once.
 * `mayHang`: an engine behind a network may never answer at all; one in this process always does,
 * and then no timer is set.
 */
export function createRetry(
  { clock, random, log }: RetryEffects,
  engine: { readonly mayHang: boolean },
): RunStoreWork {
  return async (what, work) => {
    const startedMs = clock.nowMonotonicMs();
    for (let attempt = 0; ; attempt += 1) {
      try {
        if (!engine.mayHang) return await work();
        const leftMs = retryMsMax - (clock.nowMonotonicMs() - startedMs);
        return await answerWithin(work(), leftMs, clock);
      } catch (cause) {
        if (cause instanceof StoreError) throw cause;
        const nature = classifyEngineError(cause);
        const spentMs = clock.nowMonotonicMs() - startedMs;
        if (nature !== "passing") throw asStoreError(what, nature, cause);
        if (spentMs >= retryMsMax) throw unreachable(what, spentMs, cause);
        const ceiling = Math.min(backoffMsMax, backoffMsMin * 2 ** attempt);
        const delayMs = Math.min(random.next() * ceiling + 1, retryMsMax - spentMs);
        if (attempt === 0)
          log.warn({ what, err: cause }, "store did not take the work, trying again");
        await sleep(clock, delayMs);
      }
    }
  };
}

/** Gives up waiting, not the work: a connection that is cut without a word hangs for minutes. */
async function answerWithin<Value>(
  work: Promise<Value>,
  leftMs: number,
  clock: Clock,
): Promise<Value> {
  const over = new AbortController();
  const silence = sleep(clock, Math.max(0, leftMs), over.signal).then(() => {
    throw new Error("timeout exceeded when trying to connect or to get an answer");
  });
  // Whoever comes second is not waited for, and must not be an unhandled rejection.
  silence.catch(() => {});
  work.catch(() => {});
  try {
    return await Promise.race([work, silence]);
  } finally {
    over.abort();
  }
}

function unreachable(what: string, spentMs: number, cause: unknown): StoreError {
  return new StoreError(
    "STORE_UNREACHABLE",
    `${what}: the control store did not answer for ${Math.round(spentMs / 1000)} s; ` +
      "see that the database runs, that it can be reached, and that nothing else holds its lock",
    { cause },
  );
}

function asStoreError(
  what: string,
  nature: "full" | "damaged" | "conflict" | "other",
  cause: unknown,
): StoreError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  switch (nature) {
    case "full":
      return new StoreError(
        "STORE_FULL",
        `${what}: the disk of the control store is full (${detail}); make room, it goes on by itself`,
        { cause },
      );
    case "damaged":
      return new StoreError(
        "STORE_DAMAGED",
        `${what}: the control store is damaged (${detail}); stop the manager and restore a backup: docs/operating/store.md`,
        { cause },
      );
    case "conflict":
    case "other":
      return new StoreError("STORE_FAILED", `${what}: ${detail}`, { cause });
  }
}
