import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import type { FineFigures } from "./fine-figures.ts";
import type { RangeQuery } from "./telemetry.ts";

export interface StepGrid {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/** One point a step, at multiples of the step; the first holds `fromMs`, the last ends at `toMs` or after. */
export function stepFigures(
  figures: FineFigures,
  { fromMs, toMs, stepMs }: StepGrid,
  stat: RangeQuery["stat"],
): readonly (readonly [UnixMs, number | null])[] {
  const points: (readonly [UnixMs, number | null])[] = [];
  const { timesMs, count } = figures;
  let at = 0;
  for (let startMs = Math.floor(fromMs / stepMs) * stepMs; startMs < toMs; startMs += stepMs) {
    const from = at;
    while (at < count && (timesMs[at] ?? 0) < startMs + stepMs) at += 1;
    const value = from === at ? null : statOf(figures, from, at, stat);
    points.push([unixMs(startMs), value]);
  }
  return points;
}

export function stepCount({ fromMs, toMs, stepMs }: StepGrid): number {
  return Math.ceil((toMs - Math.floor(fromMs / stepMs) * stepMs) / stepMs);
}

const quantiles = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;

function statOf(
  { values, weights }: FineFigures,
  from: number,
  to: number,
  stat: RangeQuery["stat"],
): number {
  if (stat === "count") return to - from;
  if (stat === "last") return values[to - 1] ?? 0;
  if (stat === "p50" || stat === "p95" || stat === "p99") {
    // Nearest rank: always a figure that was there.
    const sorted = values.slice(from, to).sort();
    return sorted[Math.ceil(quantiles[stat] * sorted.length) - 1] ?? 0;
  }
  let sum = 0;
  let weight = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let at = from; at < to; at += 1) {
    const value = values[at] ?? 0;
    sum += value * (weights[at] ?? 1);
    weight += weights[at] ?? 1;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (stat === "min") return min;
  if (stat === "max") return max;
  // What a counter grew by is its rate times the seconds it covers; a gauge's weights are 1.
  if (stat === "sum") return sum;
  return sum / weight;
}
