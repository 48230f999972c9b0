import { type Clock, sleep } from "#proto/vocabulary/clock.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { Fraction, Milliseconds } from "#proto/vocabulary/units.ts";
import { cleanText } from "#proto/vocabulary/wire-text.ts";
import { DiskError, type DiskHandle, type EraseStatus } from "./disk-port.ts";
import type { InDriveMethod } from "./erase-method.ts";
import { beatMs, type EraseProblem, noProgressMs } from "./erase-problem.ts";

export interface InDriveAsk {
  readonly method: InDriveMethod;
  /** It was begun before: the drive is asked first what became of that. */
  readonly isResumed: boolean;
  readonly estimateMs: Milliseconds | null;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onBeat: (done: Fraction | null, said: string) => void;
}

/**
 * Lets the drive erase itself and waits until its log says that it did. A sanitize that was under
 * way is read again and never begun anew; one whose log is of before our marks does not count. What
 * the log says is not believed yet: the verifier looks by itself. Rejects when aborted.
 */
export async function eraseInDrive(
  handle: DiskHandle,
  ask: InDriveAsk,
): Promise<Result<void, EraseProblem>> {
  if (ask.isResumed) {
    const before = await askStatus(handle, ask.method);
    if (before?.state === "running") return watch(handle, ask);
    if (before?.state === "done" && before.isGloballyErased === true) return ok(undefined);
  }
  try {
    const started = await handle.startErase(ask.method);
    if (!started.ok)
      return fail({ kind: "refused", words: cleanText(`${ask.method}: ${started.problem.said}`) });
  } catch (error) {
    return fail(deadBy(error));
  }
  return watch(handle, ask);
}

async function watch(handle: DiskHandle, ask: InDriveAsk): Promise<Result<void, EraseProblem>> {
  const { clock, method, estimateMs, signal, onBeat } = ask;
  let progressMs = clock.nowMonotonicMs() as number;
  let best: number | null = null;
  let silent = 0;
  for (;;) {
    const status = await askStatus(handle, method);
    silent = status === null ? silent + 1 : 0;
    if (silent >= silentMax)
      return fail({ kind: "dead", words: `${method}: the drive does not answer any more` });
    if (status !== null) {
      const { state, said } = status;
      if (state === "done") return ok(undefined);
      if (state === "failed") return fail({ kind: "failed", words: sayAll(method, said) });
      // Set going and yet nothing under way: it forgot, or never began.
      if (state === "never") return fail({ kind: "failed", words: sayAll(method, said) });
      if (status.done !== null && (best === null || status.done > best)) {
        best = status.done;
        progressMs = clock.nowMonotonicMs();
      }
      onBeat(status.done, cleanText(said));
    }
    // Without a figure to follow, the drive's own estimate counts, and half as much again.
    const patienceMs =
      best === null && estimateMs !== null
        ? Math.max(noProgressMs, estimateMs * 1.5)
        : noProgressMs;
    if (clock.nowMonotonicMs() - progressMs >= patienceMs) {
      const words = `${method}: no progress for ${Math.round(patienceMs / 60_000)} min${best === null ? "" : ` at ${(best * 100).toFixed(1)} %`}`;
      return fail({ kind: "sanitize-stuck", words });
    }
    await sleep(clock, beatMs, signal);
  }
}

/** null: it gave no answer this time, which a drive that is busy erasing may do. */
async function askStatus(handle: DiskHandle, method: InDriveMethod): Promise<EraseStatus | null> {
  try {
    return await handle.eraseStatus(method);
  } catch (error) {
    if (error instanceof DiskError) return null;
    throw error;
  }
}

function deadBy(error: unknown): EraseProblem {
  if (!(error instanceof DiskError)) throw error;
  return { kind: "dead", words: cleanText(error.message) };
}

function sayAll(method: InDriveMethod, said: string): string {
  return cleanText(`${method}: ${said}`);
}

/** A minute of silence, at one question every five seconds. */
const silentMax = 12;
