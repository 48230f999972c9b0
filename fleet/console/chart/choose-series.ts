import type { ChartData, ChartSeries } from "./chart-data.ts";

/**
 * At most `max` series, those that reach highest, in the manager's order: more lines than colours
 * cannot be told apart. The table has them all.
 */
export function chooseSeries(
  data: ChartData,
  max: number,
): { readonly drawn: ChartData; readonly left: number } {
  if (data.series.length <= max) return { drawn: data, left: 0 };
  const highest = new Set(data.series.toSorted((a, b) => peakOf(b) - peakOf(a)).slice(0, max));
  const series = data.series.filter((one) => highest.has(one));
  return { drawn: { ...data, series }, left: data.series.length - series.length };
}

function peakOf({ values, band }: ChartSeries): number {
  let peak = Number.NEGATIVE_INFINITY;
  for (const value of band?.max ?? values) {
    if (value !== null && value > peak) peak = value;
  }
  return peak;
}
