import type { SeqRange } from "#proto/messages/report.ts";

/** Sequence numbers → ranges, ascending, neighbours merged, each number once. */
export function mergeSequence(numbers: readonly number[]): readonly SeqRange[] {
  const ranges: { first: number; last: number }[] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const open = ranges.at(-1);
    if (open !== undefined && number <= open.last + 1) open.last = number;
    else ranges.push({ first: number, last: number });
  }
  return ranges;
}
