import type { Gap, GapReason, SeqRange } from "#proto/messages/report.ts";
import type { MonotonicMs, UnixMs } from "#proto/vocabulary/units.ts";

/**
 * A gap that is still to be told. Kept by the monotonic clock, as points are, for the time of day
 * may yet be corrected; only what an earlier run of the agent left behind has none of ours.
 */
export interface PendingGap {
  readonly from: { readonly monotonicMs: MonotonicMs } | { readonly unixMs: UnixMs };
  readonly toMonotonicMs: MonotonicMs;
  readonly reason: GapReason;
  readonly seqs: SeqRange | null;
}

/** The gap in time of day; null where it turned out to be empty. */
export function toGap(pending: PendingGap, unixOf: (at: MonotonicMs) => UnixMs): Gap | null {
  const { from, reason, seqs } = pending;
  const fromMs = "unixMs" in from ? from.unixMs : unixOf(from.monotonicMs);
  const toMs = unixOf(pending.toMonotonicMs);
  return fromMs < toMs ? { fromMs, toMs, reason, seqs } : null;
}

/** Adds a gap of dropped reports to a list; one that follows the last becomes part of it. */
export function addDropped(gaps: PendingGap[], dropped: PendingGap): void {
  const last = gaps.at(-1);
  const follows =
    last?.reason === "ring-full" &&
    dropped.reason === "ring-full" &&
    last.seqs !== null &&
    dropped.seqs !== null &&
    last.seqs.last + 1 === dropped.seqs.first;
  if (!follows || !last.seqs || !dropped.seqs) {
    gaps.push(dropped);
    return;
  }
  gaps[gaps.length - 1] = {
    from: last.from,
    toMonotonicMs:
      dropped.toMonotonicMs > last.toMonotonicMs ? dropped.toMonotonicMs : last.toMonotonicMs,
    reason: "ring-full",
    seqs: { first: last.seqs.first, last: dropped.seqs.last },
  };
}
