import type { Gap, Report, SeqRange } from "#proto/messages/report.ts";
import type { Dictionary } from "#proto/messages/series.ts";
import type { DictionaryDigest } from "#proto/vocabulary/ids.ts";
import { type MonotonicMs, monotonicMs, type UnixMs } from "#proto/vocabulary/units.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { type ReportBody, toReport } from "./build-report.ts";
import { addGap, type PendingGap, toGap } from "./pending-gap.ts";

/**
 * Reports that the manager has not acknowledged, numbered and encoded, oldest first. Bounded in
 * bytes: when it is full the oldest goes, and the next report to be sent says which. A report that
 * was sent once says the same ever after, byte for byte and with the times that it had: the manager
 * may have it, and takes no second version of a number. Gaps told in one that is dropped are told
 * again.
 */
export interface ReportRing {
  /** Numbers, completes and keeps a report; answers its number. */
  push(body: ReportBody): number;
  /** Told with the next report that is sent for the first time. */
  addGap(gap: PendingGap): void;
  /** The number that the next report gets. */
  nextSeq(): number;
  /** Lowest number held, or the next one. */
  oldestSeq(): number;
  find(seq: number): KeptReport | undefined;
  /** Of any report held, or of the newest. */
  dictionary(digest: DictionaryDigest): Dictionary | undefined;
  /** Forgets what is on the manager's disk. Numbers that were never sent stay: nobody can have them. */
  acknowledge(ranges: readonly SeqRange[]): Acknowledged;
  /** Lets one go that no message can carry; the next report tells of the gap. */
  discard(seq: number): void;
  stats(): RingStats;
}

export interface KeptReport {
  readonly seq: number;
  readonly dictionary: DictionaryDigest;
  readonly byteLength: number;
  /** The frame, with times as they are known when it is first asked for. Counts as sent from then on. */
  frame(): Uint8Array;
}

export interface Acknowledged {
  readonly reports: number;
  /** End of the newest of them; null where there was none. */
  readonly toMonotonicMs: MonotonicMs | null;
  /** Reports claimed that were never sent: a defect of the manager. */
  readonly neverSent: number;
}

export interface RingStats {
  readonly reports: number;
  readonly bytes: number;
  readonly bytesMax: number;
  readonly droppedReports: number;
}

export interface RingParts {
  readonly bytesMax: number;
  readonly encode: (report: Report) => Uint8Array;
  /** Reads back what `encode` made. */
  readonly decode: (frame: Uint8Array) => Report;
  readonly unixOf: (at: MonotonicMs) => UnixMs;
}

/** Times that nobody was told are corrected when time of day moved by more than this; see `step-clock.ts`. */
export const restampMsMin = 30_000;
/** What one entry costs beside its bytes. */
const entryOverheadBytes = 256;

interface Entry {
  readonly seq: number;
  readonly dictionary: Dictionary;
  readonly startMonotonicMs: MonotonicMs;
  readonly endMonotonicMs: MonotonicMs;
  gaps: readonly PendingGap[];
  bytes: Uint8Array;
  startMs: UnixMs;
  wasSent: boolean;
}

export function createReportRing(parts: RingParts): ReportRing {
  const entries = new Map<number, Entry>();
  let gaps: readonly PendingGap[] = [];
  let nextSeq = 1;
  let bytes = 0;
  let droppedReports = 0;
  let newest: Dictionary | undefined;

  const toGaps = (pending: readonly PendingGap[]): readonly Gap[] =>
    pending.map((gap) => toGap(gap, parts.unixOf)).filter((gap) => gap !== null);

  const remove = (entry: Entry): void => {
    entries.delete(entry.seq);
    bytes -= entry.bytes.byteLength + entryOverheadBytes;
  };

  const drop = (entry: Entry | undefined, reason: "ring-full" | "too-large"): void => {
    if (entry === undefined) return;
    remove(entry);
    droppedReports += 1;
    for (const gap of entry.gaps) gaps = addGap(gaps, gap);
    gaps = addGap(gaps, {
      from: { monotonicMs: entry.startMonotonicMs },
      toMonotonicMs: entry.endMonotonicMs,
      reason,
      seqs: { first: entry.seq, last: entry.seq },
    });
  };

  /**
   * Gives a report that nobody was told the gaps that wait and, where time of day was corrected by
   * much, its right time.
   */
  const complete = (entry: Entry): void => {
    if (entry.wasSent) return;
    const startMs = parts.unixOf(entry.startMonotonicMs);
    const isMoved = Math.abs(startMs - entry.startMs) > restampMsMin;
    const takesGaps = gaps.length > 0;
    if (!isMoved && !takesGaps) return;
    if (takesGaps) {
      entry.gaps = gaps.slice(0, wireLimits.gapsPerReportMax);
      gaps = gaps.slice(entry.gaps.length);
    }
    if (isMoved) entry.startMs = startMs;
    const report = parts.decode(entry.bytes);
    bytes -= entry.bytes.byteLength;
    entry.bytes = parts.encode({ ...report, startMs: entry.startMs, gaps: toGaps(entry.gaps) });
    bytes += entry.bytes.byteLength;
  };

  return {
    push(body) {
      const seq = nextSeq;
      nextSeq += 1;
      const startMs = parts.unixOf(body.startMonotonicMs);
      const entry: Entry = {
        seq,
        dictionary: body.dictionary,
        startMonotonicMs: body.startMonotonicMs,
        endMonotonicMs: monotonicMs(body.startMonotonicMs + body.steps * body.stepMs),
        gaps: [],
        bytes: parts.encode(toReport(body, { seq, startMs, gaps: [] })),
        startMs,
        wasSent: false,
      };
      newest = body.dictionary;
      entries.set(seq, entry);
      bytes += entry.bytes.byteLength + entryOverheadBytes;
      while (bytes > parts.bytesMax && entries.size > 1) {
        drop(entries.values().next().value, "ring-full");
      }
      return seq;
    },
    addGap(gap) {
      gaps = addGap(gaps, gap);
    },
    nextSeq: () => nextSeq,
    oldestSeq: () => entries.keys().next().value ?? nextSeq,
    find(seq) {
      const entry = entries.get(seq);
      if (entry === undefined) return undefined;
      return {
        seq,
        dictionary: entry.dictionary.digest,
        byteLength: entry.bytes.byteLength,
        frame() {
          complete(entry);
          entry.wasSent = true;
          return entry.bytes;
        },
      };
    },
    dictionary(digest) {
      if (newest?.digest === digest) return newest;
      for (const { dictionary } of entries.values()) {
        if (dictionary.digest === digest) return dictionary;
      }
      return undefined;
    },
    acknowledge(ranges) {
      const sorted = [...ranges].sort((left, right) => left.first - right.first);
      let at = 0;
      let reports = 0;
      let neverSent = 0;
      let to: MonotonicMs | null = null;
      for (const entry of [...entries.values()]) {
        while (at < sorted.length && (sorted[at]?.last ?? 0) < entry.seq) at += 1;
        const range = sorted[at];
        if (range === undefined) break;
        if (range.first > entry.seq) continue;
        if (!entry.wasSent) {
          neverSent += 1;
          continue;
        }
        remove(entry);
        reports += 1;
        to = to === null || entry.endMonotonicMs > to ? entry.endMonotonicMs : to;
      }
      return { reports, toMonotonicMs: to, neverSent };
    },
    discard: (seq) => drop(entries.get(seq), "too-large"),
    stats: () => ({ reports: entries.size, bytes, bytesMax: parts.bytesMax, droppedReports }),
  };
}
