import type { SeqRange } from "#proto/messages/report.ts";
import type { MonotonicMs } from "#proto/vocabulary/units.ts";
import { linkLimits } from "./link-limits.ts";

/** Reports that this session has sent and that are not acknowledged: a bounded window. */
export interface InFlight {
  add(seq: number, bytes: number, now: MonotonicMs): void;
  has(seq: number): boolean;
  acknowledge(ranges: readonly SeqRange[]): void;
  isFull(): boolean;
  size(): number;
  /** When the oldest was sent; null when nothing is under way. */
  oldestMs(): MonotonicMs | null;
}

export function createInFlight(): InFlight {
  const sent = new Map<number, { readonly bytes: number; readonly sentMs: MonotonicMs }>();
  let bytesUnderWay = 0;
  return {
    add(seq, bytes, now) {
      sent.set(seq, { bytes, sentMs: now });
      bytesUnderWay += bytes;
    },
    has: (seq) => sent.has(seq),
    acknowledge(ranges) {
      for (const [seq, { bytes }] of [...sent]) {
        if (!ranges.some(({ first, last }) => first <= seq && seq <= last)) continue;
        sent.delete(seq);
        bytesUnderWay -= bytes;
      }
    },
    isFull: () =>
      sent.size >= linkLimits.inFlightReportsMax || bytesUnderWay >= linkLimits.inFlightBytesMax,
    size: () => sent.size,
    oldestMs: () => sent.values().next().value?.sentMs ?? null,
  };
}
