import type { MetricKind } from "#proto/vocabulary/metric-definition.ts";
import type { UnitScale } from "./in-unit.ts";

/**
 * Points of one series, in the metric's unit. A counter's value is what it grew by over `coversMs`
 * up to the point's time.
 */
export interface PointList {
  readonly count: number;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  readonly coversMs: Float64Array;
}

export interface PointCollector {
  /** Adds the seen points of one column that lie within the span asked for. */
  add(column: UnpackedColumn): void;
  /** Ascending; of several points at the very same time the one that was added last. */
  points(): PointList;
}

export interface UnpackedColumn {
  readonly kind: MetricKind;
  readonly startMs: number;
  readonly stepMs: number;
  readonly steps: number;
  /** One a step, NaN where not seen. */
  readonly integers: Float64Array;
  readonly scale: UnitScale;
  readonly cadenceMs: number;
  /** First step of each report that the column was made of; null: it is one report. */
  readonly reportStarts: Int32Array | null;
}

export function createPointCollector(fromMs: number, toMs: number): PointCollector {
  let room = 256;
  let count = 0;
  let timesMs = new Float64Array(room);
  let values = new Float64Array(room);
  let coversMs = new Float64Array(room);
  let isAscending = true;

  const put = (timeMs: number, value: number, coverMs: number): void => {
    if (count === room) {
      room *= 2;
      timesMs = doubled(timesMs);
      values = doubled(values);
      coversMs = doubled(coversMs);
    }
    if (count > 0 && timeMs <= (timesMs[count - 1] ?? 0)) isAscending = false;
    timesMs[count] = timeMs;
    values[count] = value;
    coversMs[count] = coverMs;
    count += 1;
  };

  return {
    add({ kind, startMs, stepMs, steps, integers, scale, cadenceMs, reportStarts }) {
      const { multiplier, divisor } = scale;
      const isCounter = kind === "counter";
      let report = 0;
      let seenBefore = -1;
      for (let step = 0; step < steps; step += 1) {
        if (reportStarts !== null && step === reportStarts[report]) {
          seenBefore = -1;
          report += 1;
        }
        const integer = integers[step] ?? Number.NaN;
        if (Number.isNaN(integer)) continue;
        const timeMs = startMs + step * stepMs;
        if (timeMs >= fromMs && timeMs < toMs) {
          // An increment reaches back to the point before it, over steps that were not seen. The
          // first of a report is taken to cover one cadence.
          const coverMs = seenBefore < 0 ? cadenceMs : (step - seenBefore) * stepMs;
          put(timeMs, (integer * multiplier) / divisor, isCounter ? coverMs : 1);
        }
        seenBefore = step;
      }
    },
    points() {
      if (isAscending) return { count, timesMs, values, coversMs };
      const order = Array.from({ length: count }, (_, index) => index);
      order.sort((left, right) => (timesMs[left] ?? 0) - (timesMs[right] ?? 0) || left - right);
      const kept = order.filter((at, index) => timesMs[at] !== timesMs[order[index + 1] ?? -1]);
      const pick = (from: Float64Array) => Float64Array.from(kept, (at) => from[at] ?? 0);
      return {
        count: kept.length,
        timesMs: pick(timesMs),
        values: pick(values),
        coversMs: pick(coversMs),
      };
    },
  };
}

function doubled(array: Float64Array): Float64Array<ArrayBuffer> {
  const next = new Float64Array(array.length * 2);
  next.set(array);
  return next;
}
