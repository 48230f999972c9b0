import type { SampleSink, SeriesHandle, SeriesRequest } from "#agent/collectors/collector.ts";
import type { MetricKind } from "#proto/vocabulary/metric-definition.ts";
import { metrics } from "#proto/vocabulary/metrics.ts";
import { stepCounter } from "./counter.ts";

/**
 * Points of the batch that is being filled: one row a series, one slot a step, NaN where nothing was
 * seen. Counters are kept as increments. What a collector sets after a batch was taken counts for
 * the step that begins next.
 */
export interface SampleTable extends SampleSink {
  /** Opens a step. `index` counts steps since some start and only grows; left-out ones stay unseen. */
  begin(index: number): void;
  /** Steps from the first to the open one; 0 when none was begun since the last `take`. */
  steps(): number;
  /** Hands out what was taken in and starts afresh. The rows are valid until the next `take`. */
  take(): SampleBatch | null;
  /** Counters start anew: after a sleep, their next increment would cover time nobody watched. */
  forgetCounters(): void;
  series(handle: SeriesHandle): SeriesRequest;
  /** Index of the last step at which the series was declared or gave a point. */
  lastHeardStep(handle: SeriesHandle): number;
  seriesCount(): number;
}

export interface SampleBatch {
  readonly firstStep: number;
  readonly steps: number;
  readonly rows: readonly SampleRow[];
}

/** A series with at least one point. */
export interface SampleRow {
  readonly handle: SeriesHandle;
  readonly kind: MetricKind;
  /** One number a step; NaN: not seen. */
  readonly values: Float64Array;
}

/** More than any server has; what is declared beyond it is not kept. */
export const seriesMax = 65_536;
/** The handle of a series for which there was no room. */
export const noSeries: SeriesHandle = -1;

interface SeriesFacts {
  readonly request: SeriesRequest;
  readonly kind: MetricKind;
}

/** `nowStep`: the step that would be open now; what is declared before the first counts as heard then. */
export function createSampleTable(nowStep = 0): SampleTable {
  const handles = new Map<string, SeriesHandle>();
  const facts: SeriesFacts[] = [];
  let seriesRoom = 64;
  let stepRoom = 16;
  /** Step by step, `seriesRoom` points each: what one step sets lies together, in few cache lines. */
  let values = new Float64Array(seriesRoom * stepRoom).fill(Number.NaN);
  /** What was handed out last: row by row, `stepRoom` slots each. */
  let rowValues = new Float64Array(values.length);
  let bases = new Float64Array(seriesRoom).fill(Number.NaN);
  let heard = new Float64Array(seriesRoom);
  let touched = new Uint8Array(seriesRoom);
  let counters = new Uint8Array(seriesRoom);
  let firstStep = 0;
  let openStep = nowStep;
  let slot = 0;
  let isOpen = false;

  const resize = (nextSeriesRoom: number, nextStepRoom: number): void => {
    const next = new Float64Array(nextSeriesRoom * nextStepRoom).fill(Number.NaN);
    for (let step = 0; step < stepRoom; step += 1) {
      next.set(values.subarray(step * seriesRoom, (step + 1) * seriesRoom), step * nextSeriesRoom);
    }
    values = next;
    rowValues = new Float64Array(next.length);
    if (nextSeriesRoom !== seriesRoom) {
      bases = extended(bases, nextSeriesRoom, Number.NaN);
      heard = extended(heard, nextSeriesRoom, 0);
      touched = extendedFlags(touched, nextSeriesRoom);
      counters = extendedFlags(counters, nextSeriesRoom);
    }
    seriesRoom = nextSeriesRoom;
    stepRoom = nextStepRoom;
  };

  const requireFacts = (handle: SeriesHandle): SeriesFacts => {
    const found = facts[handle];
    if (found === undefined) throw unknownHandle(handle);
    return found;
  };

  return {
    declare(request) {
      const key = keyOf(request);
      const known = handles.get(key);
      if (known !== undefined) {
        heard[known] = openStep;
        return known;
      }
      if (facts.length >= seriesMax) return noSeries;
      if (facts.length === seriesRoom) resize(seriesRoom * 2, stepRoom);
      const handle = facts.length;
      const { kind } = metrics[request.metric];
      facts.push({ request, kind });
      counters[handle] = kind === "counter" ? 1 : 0;
      handles.set(key, handle);
      heard[handle] = openStep;
      return handle;
    },
    set(handle, integer) {
      if (handle === noSeries) return;
      if (handle < 0 || handle >= facts.length) throw unknownHandle(handle);
      if (!Number.isSafeInteger(integer)) return;
      const place = slot * seriesRoom + handle;
      let point = integer;
      if (counters[handle] === 1) {
        const base = bases[handle] ?? Number.NaN;
        if (integer >= base) {
          // Nearly always; `stepCounter` says the same of it and of all that is rare.
          point = integer - base;
          bases[handle] = integer;
        } else {
          const { wrapsAfter = null } = requireFacts(handle).request;
          const step = stepCounter(base, integer, wrapsAfter);
          bases[handle] = step.base;
          if (Number.isNaN(step.increment)) return;
          point = step.increment;
        }
        const before = values[place] ?? Number.NaN;
        // Twice in one step: both increments belong to it.
        if (!Number.isNaN(before)) point += before;
      }
      values[place] = point;
      touched[handle] = 1;
      heard[handle] = openStep;
    },
    begin(index) {
      if (!isOpen) {
        isOpen = true;
        firstStep = index;
      } else {
        slot = index - firstStep;
        if (slot >= stepRoom) resize(seriesRoom, Math.max(stepRoom * 2, slot + 1));
      }
      openStep = index;
    },
    steps: () => (isOpen ? slot + 1 : 0),
    take() {
      if (!isOpen) return null;
      const steps = slot + 1;
      const rows: SampleRow[] = [];
      for (let handle = 0; handle < facts.length; handle += 1) {
        if (touched[handle] === 0) continue;
        touched[handle] = 0;
        const start = handle * stepRoom;
        for (let step = 0; step < steps; step += 1) {
          rowValues[start + step] = values[step * seriesRoom + handle] ?? Number.NaN;
        }
        const row = rowValues.subarray(start, start + steps);
        rows.push({ handle, kind: requireFacts(handle).kind, values: row });
      }
      values.fill(Number.NaN);
      isOpen = false;
      slot = 0;
      return { firstStep, steps, rows };
    },
    forgetCounters: () => {
      bases.fill(Number.NaN);
    },
    series: (handle) => requireFacts(handle).request,
    lastHeardStep: (handle) => heard[handle] ?? 0,
    seriesCount: () => facts.length,
  };
}

function extended(array: Float64Array, length: number, filler: number): Float64Array<ArrayBuffer> {
  const next = new Float64Array(length).fill(filler);
  next.set(array);
  return next;
}

function extendedFlags(flags: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(length);
  next.set(flags);
  return next;
}

function unknownHandle(handle: SeriesHandle): RangeError {
  return new RangeError(`no series has the handle ${handle}`);
}

/** Attributes in whatever order, one key. */
function keyOf(request: SeriesRequest): string {
  const attributes = Object.entries(request.attributes).sort(([left], [right]) =>
    left < right ? -1 : 1,
  );
  return JSON.stringify([request.metric, request.exponent, request.quantum ?? 1, attributes]);
}
