import type { SeqRange } from "#proto/messages/report.ts";

/**
 * Sequence numbers of one spool that are on disk, merged and ascending, each run with the time that
 * its first and its last report stand for: the time of a hole is that of its neighbours.
 */
export interface SeqSpan {
  first: number;
  last: number;
  fromMs: number;
  toMs: number;
}

export function hasSeq(spans: readonly SeqSpan[], seq: number): boolean {
  const span = spans[findSpan(spans, seq)];
  return span !== undefined && span.first <= seq;
}

/** Adds a run; overlaps and neighbours become one. */
export function addSeqs(spans: SeqSpan[], added: SeqSpan): void {
  const newest = spans.at(-1);
  if (newest !== undefined && newest.last + 1 === added.first) {
    newest.last = added.last;
    newest.toMs = added.toMs;
    return;
  }
  // Everything from `at` up to `end` touches what is added.
  const at = findSpan(spans, added.first - 1);
  let end = at;
  const merged = { ...added };
  for (let span = spans[end]; span && span.first <= added.last + 1; span = spans[end]) {
    if (span.first < merged.first) {
      merged.first = span.first;
      merged.fromMs = span.fromMs;
    }
    if (span.last > merged.last) {
      merged.last = span.last;
      merged.toMs = span.toMs;
    }
    end += 1;
  }
  spans.splice(at, end - at, merged);
}

/** Whether numbers would become a run of their own, with holes on both sides. */
export function opensRun(spans: readonly SeqSpan[], { first, last }: SeqRange): boolean {
  const span = spans[findSpan(spans, first - 1)];
  return span === undefined || span.first > last + 1;
}

/** Index of the first span that ends at or after `seq`. */
function findSpan(spans: readonly SeqSpan[], seq: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.last ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
