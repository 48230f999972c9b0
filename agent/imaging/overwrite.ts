import type { Clock } from "#proto/vocabulary/clock.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { Fraction } from "#proto/vocabulary/units.ts";
import { cleanText } from "#proto/vocabulary/wire-text.ts";
import { DiskError, type DiskHandle } from "./disk-port.ts";
import { beatMs, type EraseProblem, noProgressMs } from "./erase-problem.ts";

export interface OverwriteAsk {
  readonly sizeBytes: number;
  /** Where an earlier run got to and saw lying on the medium. */
  readonly fromBytes: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onBeat: (done: Fraction) => void;
  /** All below lies on the medium: from here a later run may go on. */
  readonly onSettled: (doneBytes: number) => Promise<void>;
}

const chunkBytes = 4 * 1024 * 1024;
/** How much a power cut may cost. */
const settleEveryBytes = 1024 * 1024 * 1024;

/**
 * One pass of zeros over all that can be addressed. A write that does not come back within the time
 * is reported as stalled, and left behind: nothing can call it off. Rejects when aborted.
 */
export async function overwriteDisk(
  handle: DiskHandle,
  ask: OverwriteAsk,
): Promise<Result<void, EraseProblem>> {
  const { sizeBytes, fromBytes, clock, signal, onBeat, onSettled } = ask;
  const zeros = new Uint8Array(Math.min(chunkBytes, sizeBytes));
  let beatDueMs = clock.nowMonotonicMs() as number;
  let settledBytes = fromBytes;
  try {
    for (let at = fromBytes; at < sizeBytes; ) {
      signal.throwIfAborted();
      const length = Math.min(zeros.length, sizeBytes - at);
      const written = await withinTime(clock, handle.write(at, zeros.subarray(0, length)));
      if (!written) return stalled(at, sizeBytes);
      at += length;
      if (clock.nowMonotonicMs() >= beatDueMs) {
        beatDueMs = clock.nowMonotonicMs() + beatMs;
        onBeat((at / sizeBytes) as Fraction);
      }
      if (at - settledBytes < settleEveryBytes && at < sizeBytes) continue;
      if (!(await withinTime(clock, handle.settle()))) return stalled(at, sizeBytes);
      settledBytes = at;
      await onSettled(at);
    }
    onBeat(1 as Fraction);
    return ok(undefined);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    const kind = error.code === "DISK_GONE" ? "dead" : "failed";
    return fail({ kind, words: cleanText(`overwrite: ${error.message}`) });
  }
}

/** Whether it came back in time. */
function withinTime(clock: Clock, work: Promise<void>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(noProgressMs, () => resolve(false));
    work
      .then(() => resolve(true))
      .catch(reject)
      .finally(cancel);
  });
}

function stalled(at: number, sizeBytes: number): Result<void, EraseProblem> {
  const words = `overwrite: no progress for ${noProgressMs / 60_000} min at byte ${at} of ${sizeBytes}`;
  return fail({ kind: "stalled", words });
}
