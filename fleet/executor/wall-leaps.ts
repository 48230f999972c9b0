import type { OperationId } from "#proto/vocabulary/ids.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";

/**
 * How far the wall clock has leapt since a moment of an operation (its deadline, its step) was first
 * looked at here. What was written by the clock before the leap is judged by the time that has
 * really passed; what is written after it is judged by the clock as it is.
 */
export interface WallLeaps {
  /** ms, forward positive; 0 below what is a leap. `atMs` names the moment. */
  since(id: OperationId, what: "deadline" | "step", atMs: number): number;
  forget(id: OperationId): void;
}

/** Less than this between two clocks is no leap, ms. */
const leapMinMs = 5_000;

export function createWallLeaps(clock: Clock): WallLeaps {
  const seen = new Map<
    OperationId,
    Map<string, { readonly atMs: number; readonly offset: number }>
  >();
  return {
    since(id, what, atMs) {
      const offset = clock.nowUnixMs() - clock.nowMonotonicMs();
      const ofOperation = seen.get(id) ?? new Map();
      seen.set(id, ofOperation);
      const known = ofOperation.get(what);
      if (known === undefined || known.atMs !== atMs) {
        ofOperation.set(what, { atMs, offset });
        return 0;
      }
      const leapt = offset - known.offset;
      return Math.abs(leapt) < leapMinMs ? 0 : leapt;
    },
    forget: (id) => void seen.delete(id),
  };
}
