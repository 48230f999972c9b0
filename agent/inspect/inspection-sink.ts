import type { SampleSink, SeriesHandle, SeriesRequest } from "#agent/collectors/collector.ts";
import { type MetricName, metrics } from "#proto/vocabulary/metrics.ts";

/** One series with what was seen of it, in the metric's unit. */
export interface InspectedSeries {
  readonly metric: MetricName;
  readonly unit: string;
  readonly kind: "counter" | "gauge";
  readonly attributes: Readonly<Record<string, string>>;
  /** Gauges: the last value. Counters: the mean rate a second between first and last reading. */
  readonly value: number | null;
  /** Counters: the last absolute reading. */
  readonly reading: number | null;
}

/** A sink that keeps first and last readings, for showing a host to a person. */
export interface InspectionSink extends SampleSink {
  /** Values set from now on were read at this time. */
  at(monotonicMs: number): void;
  /** In the order of declaration. */
  series(): readonly InspectedSeries[];
}

export function createInspectionSink(): InspectionSink {
  const handles = new Map<string, SeriesHandle>();
  const kept: KeptSeries[] = [];
  let nowMs = 0;
  return {
    at(monotonicMs) {
      nowMs = monotonicMs;
    },
    declare(request) {
      const key = JSON.stringify([request.metric, Object.entries(request.attributes).sort()]);
      const known = handles.get(key);
      if (known !== undefined) return known;
      const handle = kept.length;
      kept.push({ request, firstMs: 0, first: null, lastMs: 0, last: null });
      handles.set(key, handle);
      return handle;
    },
    set(handle, integer) {
      const series = kept[handle];
      if (series === undefined) return;
      if (series.first === null) {
        series.first = integer;
        series.firstMs = nowMs;
      }
      series.last = integer;
      series.lastMs = nowMs;
    },
    series: () => kept.map(inspected),
  };
}

interface KeptSeries {
  readonly request: SeriesRequest;
  firstMs: number;
  first: number | null;
  lastMs: number;
  last: number | null;
}

function inspected({ request, firstMs, first, lastMs, last }: KeptSeries): InspectedSeries {
  const { metric, attributes, exponent, quantum = 1 } = request;
  const { kind, unit } = metrics[metric];
  const inUnit = (integer: number): number => rounded(integer * quantum * 10 ** exponent);
  if (kind === "gauge")
    return {
      metric,
      unit,
      kind,
      attributes,
      value: last === null ? null : inUnit(last),
      reading: null,
    };
  const grown = first === null || last === null || lastMs <= firstMs ? null : last - first;
  const rate =
    grown === null || grown < 0 ? null : rounded((inUnit(grown) * 1000) / (lastMs - firstMs));
  return {
    metric,
    unit: `${unit}/s`,
    kind,
    attributes,
    value: rate,
    reading: last === null ? null : inUnit(last),
  };
}

/** Without the dust of binary fractions. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
