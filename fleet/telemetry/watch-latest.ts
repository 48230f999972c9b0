import type { Series } from "#proto/messages/series.ts";
import type { MetricName } from "#proto/vocabulary/metrics.ts";
import type { DictionaryView, KnownDictionary } from "./dictionaries.ts";
import { inUnit } from "./in-unit.ts";
import type { LatestValues } from "./latest-values.ts";

/** Some columns of a host's latest values as they were when last looked at; made by `watchLatest`. */
export interface WatchedLatest {
  readonly pages: readonly WatchedPage[];
}

interface WatchedPage {
  readonly dictionary: KnownDictionary;
  readonly columns: Uint32Array;
  /** Index into the metrics that are watched. */
  readonly metrics: Uint16Array;
  /** From the integer to the metric's unit. */
  readonly units: Float64Array;
  readonly values: Float64Array;
}

/**
 * Tells which values of some metrics are others than at the last look, for a few numbers a host: the
 * dictionary is not opened again while it is the same. A first look, and one after the host's series
 * have changed, answers `isOther` and tells nothing.
 */
export function watchLatest(
  latest: LatestValues,
  before: WatchedLatest | null,
  watch: {
    readonly metrics: readonly MetricName[];
    readonly viewOf: (dictionary: KnownDictionary) => DictionaryView;
    readonly onChange: (metric: number, value: number) => void;
  },
): { readonly seen: WatchedLatest; readonly isOther: boolean } {
  const isSame =
    before !== null &&
    before.pages.length === latest.pages.length &&
    before.pages.every(({ dictionary }, at) => latest.pages[at]?.dictionary === dictionary);
  if (!isSame) return { seen: lookAt(latest, watch), isOther: true };
  for (const [at, page] of before.pages.entries()) {
    const now = latest.pages[at]?.values;
    if (now === undefined) continue;
    const { columns, metrics, units, values } = page;
    for (let index = 0; index < columns.length; index += 1) {
      const value = now[columns[index] ?? 0] ?? Number.NaN;
      if (Object.is(value, values[index])) continue;
      values[index] = value;
      watch.onChange(metrics[index] ?? 0, value * (units[index] ?? Number.NaN));
    }
  }
  return { seen: before, isOther: false };
}

function lookAt(
  latest: LatestValues,
  watch: {
    readonly metrics: readonly MetricName[];
    readonly viewOf: (dictionary: KnownDictionary) => DictionaryView;
  },
): WatchedLatest {
  return {
    pages: latest.pages.map(({ dictionary, values }) => {
      const view = watch.viewOf(dictionary);
      const found: { column: number; metric: number; series: Series }[] = [];
      for (const [metric, name] of watch.metrics.entries())
        for (const column of view.byMetric.get(name) ?? []) {
          const series = view.series[column];
          if (series) found.push({ column, metric, series });
        }
      return {
        dictionary,
        columns: Uint32Array.from(found, ({ column }) => column),
        metrics: Uint16Array.from(found, ({ metric }) => metric),
        units: Float64Array.from(found, ({ series }) => inUnit(1, series)),
        values: Float64Array.from(found, ({ column }) => values[column] ?? Number.NaN),
      };
    }),
  };
}
