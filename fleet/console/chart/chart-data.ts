import type { TelemetryAnswer } from "#fleet/api/telemetry-schemas.ts";

/** One line of a chart: its values stand beside the chart's times, null where nothing was seen. */
export interface ChartSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** Lowest and highest within each step; null where a step is one second and hides nothing. */
  readonly band: {
    readonly min: readonly (number | null)[];
    readonly max: readonly (number | null)[];
  } | null;
}

export interface ChartData {
  readonly unit: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  /** Every step from `fromMs` on, ascending, without holes. */
  readonly timesMs: readonly number[];
  readonly series: readonly ChartSeries[];
  /** Share of the expected points that were seen. */
  readonly coverage: number;
  readonly gaps: TelemetryAnswer["gaps"];
  /** Where the figures are from one source at a time: which, and from when on; else empty. */
  readonly sources: readonly { readonly fromMs: number; readonly source: string }[];
}

/** The same question asked for the mean and, where a step hides points, for the extremes. */
export interface RangeAnswers {
  readonly mean: TelemetryAnswer;
  readonly min: TelemetryAnswer | null;
  readonly max: TelemetryAnswer | null;
}

/** How a chart names a series by its attributes, and which it leaves out (undefined). */
export type SeriesName = (attributes: Readonly<Record<string, string>>) => string | undefined;

/** Puts the answers on one row of times. Series keep the manager's order. */
export function shapeChart(answers: RangeAnswers, nameOf: SeriesName): ChartData {
  const { mean, min, max } = answers;
  const timesMs = stepsOf(mean);
  const rowOf = new Map(timesMs.map((timeMs, row) => [timeMs, row]));
  const series: ChartSeries[] = [];
  for (const one of mean.series) {
    const name = nameOf(one.attributes);
    if (name === undefined) continue;
    const values = onRow(one.points, rowOf);
    const lowest = min && findSeries(min, one.attributes);
    const highest = max && findSeries(max, one.attributes);
    const band =
      lowest && highest
        ? { min: onRow(lowest.points, rowOf), max: onRow(highest.points, rowOf) }
        : null;
    series.push({ name, values, band });
  }
  const { unit, from, to, step, coverage, gaps } = mean;
  const sources = sourcesOf(mean);
  return { unit, fromMs: from, toMs: to, stepMs: step, timesMs, series, coverage, gaps, sources };
}

function sourcesOf({ series }: TelemetryAnswer): ChartData["sources"] {
  return series.flatMap(({ parts = [] }) =>
    parts.flatMap(({ from, attributes }) => {
      const source = attributes["wws.power.source"];
      return source === undefined ? [] : [{ fromMs: from, source }];
    }),
  );
}

/** True where no series has a single value: then there is nothing to draw, and a reason to give. */
export function isEmptyChart(data: ChartData): boolean {
  return data.series.every(({ values }) => values.every((value) => value === null));
}

/** The highest value that the chart must have room for, bands included; null where there is none. */
export function highestOf(data: ChartData): number | null {
  let highest: number | null = null;
  for (const { values, band } of data.series) {
    for (const list of band === null ? [values] : [values, band.max]) {
      for (const value of list) {
        if (value !== null && (highest === null || value > highest)) highest = value;
      }
    }
  }
  return highest;
}

export function sameAttributes(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

export function findSeries(
  answer: TelemetryAnswer,
  attributes: Readonly<Record<string, string>>,
): TelemetryAnswer["series"][number] | undefined {
  return answer.series.find((one) => sameAttributes(one.attributes, attributes));
}

function stepsOf({ from, to, step }: TelemetryAnswer): number[] {
  const times: number[] = [];
  for (let timeMs = from; timeMs < to; timeMs += step) times.push(timeMs);
  return times;
}

function onRow(
  points: TelemetryAnswer["series"][number]["points"],
  rowOf: ReadonlyMap<number, number>,
): (number | null)[] {
  const values: (number | null)[] = Array.from({ length: rowOf.size }, () => null);
  for (const [timeMs, value] of points) {
    const row = rowOf.get(timeMs);
    if (row !== undefined) values[row] = value;
  }
  return values;
}
