import type { HostWide, MetricKind } from "#proto/vocabulary/metric-definition.ts";
import type { PointList } from "./point-list.ts";

/** One series of a group that is to become one figure. */
export interface Member {
  readonly points: PointList;
  /** The finest that it had in the span. */
  readonly cadenceMs: number;
  /** While it was there to be seen: a sum without it then is no sum. */
  readonly aliveFromMs: number;
  readonly aliveToMs: number;
}

/**
 * Figures of a group, ascending, only where there is one: of one series every point, of several one a
 * cell of the coarsest cadence in it.
 */
export interface FineFigures {
  readonly count: number;
  readonly timesMs: Float64Array;
  /** In the metric's unit; counters per second. */
  readonly values: Float64Array;
  /** How much a figure counts in a mean: 1, or the seconds that a counter's increments cover. */
  readonly weights: Float64Array;
}

/**
 * Several series → one, instant by instant, before any figure over time is taken: the mean of a
 * maximum is not the maximum of means. Series with different cadences meet in cells of the longest.
 * One alone meets nobody: each of its points is a figure, however far they are from one another.
 */
export function combineMembers(
  members: readonly Member[],
  rule: HostWide,
  kind: MetricKind,
): FineFigures {
  const [first] = members;
  if (first !== undefined && members.length === 1) return figuresOf(first.points, kind);
  const cellMs = cellMsOf(members);
  const [base, cells] = cellsOf(members, cellMs);
  const sums = new Float64Array(cells);
  const maxima = new Float64Array(cells).fill(Number.NEGATIVE_INFINITY);
  const minima = new Float64Array(cells).fill(Number.POSITIVE_INFINITY);
  const weights = new Float64Array(cells);
  const timesMs = new Float64Array(cells);
  const seen = new Uint16Array(cells);
  /** Changes of how many are expected, at the cell where it changes. */
  const changes = new Int32Array(cells + 1);

  for (const { points, aliveFromMs, aliveToMs } of members) {
    const from = Math.min(cells, Math.max(0, Math.floor(aliveFromMs / cellMs) - base));
    const to = Math.min(cells, Math.max(0, Math.ceil(aliveToMs / cellMs) - base));
    changes[from] = (changes[from] ?? 0) + 1;
    changes[to] = (changes[to] ?? 0) - 1;
    let at = 0;
    while (at < points.count) {
      const cell = Math.floor((points.timesMs[at] ?? 0) / cellMs) - base;
      const endMs = (cell + base + 1) * cellMs;
      let sum = 0;
      let covers = 0;
      let timeMs = 0;
      for (; at < points.count && (points.timesMs[at] ?? 0) < endMs; at += 1) {
        sum += points.values[at] ?? 0;
        covers += points.coversMs[at] ?? 0;
        timeMs = points.timesMs[at] ?? 0;
      }
      const seconds = kind === "counter" ? covers / 1_000 : covers;
      const value = sum / seconds;
      sums[cell] = (sums[cell] ?? 0) + value;
      maxima[cell] = Math.max(maxima[cell] ?? value, value);
      minima[cell] = Math.min(minima[cell] ?? value, value);
      weights[cell] = Math.max(weights[cell] ?? 0, kind === "counter" ? seconds : 1);
      timesMs[cell] = Math.max(timesMs[cell] ?? timeMs, timeMs);
      seen[cell] = (seen[cell] ?? 0) + 1;
    }
  }
  return toFigures({ rule, sums, maxima, minima, weights, timesMs, seen, changes });
}

function figuresOf({ count, timesMs, values, coversMs }: PointList, kind: MetricKind): FineFigures {
  if (kind !== "counter") return { count, timesMs, values, weights: coversMs };
  const weights = coversMs.map((covers) => covers / 1_000);
  return { count, timesMs, values: values.map((value, at) => value / (weights[at] ?? 1)), weights };
}

/** How many cells `combineMembers` would make: a host with a wild clock has few points and many cells. */
export function cellCount(members: readonly Member[]): number {
  if (members.length === 1) return 0;
  return cellsOf(members, cellMsOf(members))[1];
}

interface Cells {
  readonly rule: HostWide;
  readonly sums: Float64Array;
  readonly maxima: Float64Array;
  readonly minima: Float64Array;
  readonly weights: Float64Array;
  readonly timesMs: Float64Array;
  readonly seen: Uint16Array;
  readonly changes: Int32Array;
}

/** The rule of `combine` (host-wide.ts), cell by cell, packed to the front of the same arrays. */
function toFigures(cells: Cells): FineFigures {
  const { rule, sums, maxima, minima, weights, timesMs, seen, changes } = cells;
  let count = 0;
  let expected = 0;
  for (let cell = 0; cell < seen.length; cell += 1) {
    expected += changes[cell] ?? 0;
    const here = seen[cell] ?? 0;
    if (here === 0 || (rule === "sum" && here < expected)) continue;
    const sum = sums[cell] ?? 0;
    sums[count] =
      rule === "sum"
        ? sum
        : rule === "max"
          ? (maxima[cell] ?? sum)
          : rule === "min"
            ? (minima[cell] ?? sum)
            : sum / here;
    weights[count] = weights[cell] ?? 1;
    timesMs[count] = timesMs[cell] ?? 0;
    count += 1;
  }
  return { count, timesMs, values: sums, weights };
}

function cellMsOf(members: readonly Member[]): number {
  return members.reduce((longest, { cadenceMs }) => Math.max(longest, cadenceMs), 1);
}

/** First cell that has a point, and how many cells there are up to the last one. */
function cellsOf(members: readonly Member[], cellMs: number): readonly [number, number] {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { points } of members) {
    if (points.count === 0) continue;
    first = Math.min(first, Math.floor((points.timesMs[0] ?? 0) / cellMs));
    last = Math.max(last, Math.floor((points.timesMs[points.count - 1] ?? 0) / cellMs));
  }
  return first <= last ? [first, last - first + 1] : [0, 0];
}
