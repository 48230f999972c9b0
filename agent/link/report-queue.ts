import type { MonotonicMs } from "#proto/vocabulary/units.ts";
import { linkLimits } from "./link-limits.ts";
import type { Outbox, OutgoingReport } from "./outbox.ts";
import { createTokenBucket } from "./token-bucket.ts";

/**
 * In which order a session sends reports: what was made since it began goes at once, in order; what
 * was there before (an outage's, or sent and never acknowledged) fills in behind, oldest first, at a
 * fifth of the messages a host may send. So a host that was away shows its present at once.
 */
export interface ReportQueue {
  /** The report that may go now. It stays the next one until it is `taken`. */
  next(now: MonotonicMs): OutgoingReport | undefined;
  taken(report: OutgoingReport, now: MonotonicMs): void;
  /** Time until `next` has one; null: nothing waits. */
  waitMs(now: MonotonicMs): number | null;
}

export function createReportQueue(outbox: Outbox, now: MonotonicMs): ReportQueue {
  const backfill = createTokenBucket(linkLimits.backfill, now);
  const liveFrom = outbox.nextSeq();
  let live = liveFrom;
  let old = outbox.oldestSeq();

  const findLive = (): OutgoingReport | undefined => {
    for (live = Math.max(live, outbox.oldestSeq()); live < outbox.nextSeq(); live += 1) {
      const report = outbox.find(live);
      if (report !== undefined) return report;
    }
    return undefined;
  };
  const findOld = (): OutgoingReport | undefined => {
    for (old = Math.max(old, outbox.oldestSeq()); old < liveFrom; old += 1) {
      const report = outbox.find(old);
      if (report !== undefined) return report;
    }
    return undefined;
  };

  return {
    next(at) {
      const report = findLive();
      if (report !== undefined) return report;
      return backfill.waitMs(at) === 0 ? findOld() : undefined;
    },
    taken({ seq }, at) {
      if (seq >= liveFrom) live = seq + 1;
      else {
        backfill.take(at);
        old = seq + 1;
      }
    },
    waitMs(at) {
      if (findLive() !== undefined) return 0;
      return findOld() === undefined ? null : backfill.waitMs(at);
    },
  };
}
