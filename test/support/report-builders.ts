import { packColumn } from "#proto/codec/columns.ts";
import { dictionaryDigest } from "#proto/codec/dictionary-digest.ts";
import type { Column, Gap, Report } from "#proto/messages/report.ts";
import type { Dictionary, Series } from "#proto/messages/series.ts";
import type { BootId, HostId, SpoolId } from "#proto/vocabulary/ids.ts";
import { type MetricName, metrics } from "#proto/vocabulary/metrics.ts";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";

/** A whole second, and no multiple of a minute. */
export const reportsStartMs = 1_790_000_003_000;

export function uuidOf<Id extends string>(number: number): Id {
  return `01990000-0000-7000-8000-${number.toString(16).padStart(12, "0")}` as Id;
}

export const hostOf = (number: number): HostId => uuidOf<HostId>(number);
export const spoolOf = (number: number): SpoolId => uuidOf<SpoolId>(0x5_0000 + number);
export const bootOf = (number: number): BootId => uuidOf<BootId>(0xb_0000 + number);

/** `{ "system.device": "sda" }` → a series in whole units, one point a second. */
export function seriesOf(
  metric: MetricName,
  attributes: Readonly<Record<string, string>> = {},
  rest: Partial<Pick<Series, "exponent" | "quantum" | "cadenceMs">> = {},
): Series {
  const sorted = Object.entries(attributes).sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    metric,
    attributes: sorted.map(([key, value]) => ({ key, value })),
    exponent: 0,
    quantum: 1,
    cadenceMs: 1_000,
    ...rest,
  };
}

export function dictionaryOf(...series: readonly Series[]): Dictionary {
  return { digest: dictionaryDigest(series), series };
}

/** `null`: not seen. A column without any point is left out, as an agent does. */
export type Points = readonly (number | null)[];

export interface ReportFacts {
  readonly seq: number;
  readonly dictionary: Dictionary;
  /** One list a series of the dictionary; undefined: no column. */
  readonly points: readonly (Points | undefined)[];
  readonly startMs?: number;
  readonly stepMs?: number;
  readonly gaps?: readonly Gap[];
}

export function reportOf(facts: ReportFacts): Report {
  const { seq, dictionary, points, startMs = reportsStartMs, stepMs = 1_000, gaps = [] } = facts;
  const steps = Math.max(1, ...points.map((list) => list?.length ?? 0));
  const columns: Column[] = [];
  for (const [index, list] of points.entries()) {
    const series = dictionary.series[index];
    if (!list?.some((point) => point !== null) || !series) continue;
    columns.push({ series: index, ...packed(list, steps, series) });
  }
  return {
    seq,
    dictionary: dictionary.digest,
    startMs: unixMs(startMs),
    startMonotonicMs: monotonicMs(1_000_000 + seq * 10_000),
    stepMs,
    steps,
    columns,
    gaps,
  };
}

function packed(points: Points, steps: number, { metric }: Series): Omit<Column, "series"> {
  const present = new Uint8Array((steps + 7) >>> 3);
  const values = Array.from({ length: steps }, (_, step) => {
    const point = points[step] ?? null;
    if (point !== null) present[step >>> 3] = (present[step >>> 3] ?? 0) | (1 << (step & 7));
    return point ?? 0;
  });
  const column = packColumn({ values, present, kind: metrics[metric].kind });
  if (!column.ok) throw new Error(`points do not pack: ${column.problem.kind}`);
  return column.value;
}
