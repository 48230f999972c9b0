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

/**
 * Adds a gap. Gaps of numbered reports that touch, whatever the order in which they were dropped,
 * become one: an outage of a day is one gap, not thousands.
 */
export function addGap(gaps: readonly PendingGap[], added: PendingGap): PendingGap[] {
  const { seqs, reason } = added;
  if (seqs === null) return [...gaps, added];
  const apart: PendingGap[] = [];
  let joined: NumberedGap = { ...added, seqs };
  // Ascending, so that one pass is enough: whatever is joined reaches the next or never will.
  for (const gap of gaps) {
    const isNeighbour =
      gap.reason === reason &&
      gap.seqs !== null &&
      gap.seqs.first <= joined.seqs.last + 1 &&
      joined.seqs.first <= gap.seqs.last + 1;
    if (isNeighbour && gap.seqs !== null) joined = join({ ...gap, seqs: gap.seqs }, joined);
    else apart.push(gap);
  }
  return [...apart, joined].sort((left, right) => firstSeq(left) - firstSeq(right));
}

type NumberedGap = PendingGap & { readonly seqs: SeqRange };

function join(left: NumberedGap, right: NumberedGap): NumberedGap {
  const [earlier, later] = left.seqs.first <= right.seqs.first ? [left, right] : [right, left];
  return {
    from: earlier.from,
    toMonotonicMs:
      earlier.toMonotonicMs > later.toMonotonicMs ? earlier.toMonotonicMs : later.toMonotonicMs,
    reason: earlier.reason,
    seqs: { first: earlier.seqs.first, last: Math.max(earlier.seqs.last, later.seqs.last) },
  };
}

function firstSeq({ seqs }: PendingGap): number {
  return seqs?.first ?? 0;
}
