import type { Attribute, Series } from "#proto/messages/series.ts";
import { type MetricName, metrics } from "#proto/vocabulary/metrics.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { DictionaryView, KnownDictionary } from "./dictionaries.ts";
import { combine, isHostWide, mayAdd, seriesKey } from "./host-wide.ts";
import { inUnit } from "./in-unit.ts";
import type { LatestPage, LatestValues } from "./latest-values.ts";
import type { LatestValue, LatestView } from "./telemetry.ts";
import { watchLatest } from "./watch-latest.ts";

/** What callers see of a host's latest values; undefined before the first point. */
export function viewLatest(
  latest: LatestValues,
  viewOf: (dictionary: KnownDictionary) => DictionaryView,
): LatestView | undefined {
  if (latest.pages.length === 0) return undefined;
  const { observedMs, receivedMs, pages } = latest;

  return {
    observedMs: unixMs(observedMs),
    receivedMs: unixMs(receivedMs),
    values() {
      const newest = new Map<string, LatestValue>();
      for (const page of pages) {
        for (const [column, series] of viewOf(page.dictionary).series.entries()) {
          if (series !== null) keepNewest(newest, toValue(page, column, series));
        }
      }
      return [...newest.values()];
    },
    watch: (before, metrics, onChange) =>
      watchLatest(latest, before, { metrics, viewOf, onChange }),
    valuesOf(metric) {
      if (pages.length === 1) {
        const found: LatestValue[] = [];
        for (const { page, column, series } of columnsOf(pages, metric, viewOf)) {
          const value = toValue(page, column, series);
          if (value !== null) found.push(value);
        }
        return found;
      }
      const newest = new Map<string, LatestValue>();
      for (const { page, column, series } of columnsOf(pages, metric, viewOf))
        keepNewest(newest, toValue(page, column, series));
      return [...newest.values()];
    },
    newestOf(metric) {
      let best: LatestValue | null = null;
      for (const { page, column, series } of columnsOf(pages, metric, viewOf)) {
        const value = toValue(page, column, series);
        if (value === null || !isCurrent(value, page, observedMs)) continue;
        if (best === null || best.observedMs <= value.observedMs) best = value;
      }
      return best;
    },
    hostWide(metric, only) {
      const rule = metrics[metric].hostWide;
      if (rule === "newest" && only === undefined) return this.newestOf(metric)?.value ?? null;
      const newest = new Map<string, LatestValue>();
      let expected = new Set<string>();
      const added: Series[] = [];
      for (const { page, column, series } of columnsOf(pages, metric, viewOf)) {
        if (only === undefined ? !isHostWide(rule, series) : !hasAttribute(series, only)) continue;
        const key = pages.length === 1 ? String(column) : seriesKey(series);
        expected = expected.add(key);
        if (rule === "one-source") added.push(series);
        const value = toValue(page, column, series);
        if (value !== null && isCurrent(value, page, observedMs)) keepNewest(newest, value, key);
      }
      if (!mayAdd(added)) return null;
      return combine(
        rule,
        [...newest.values()].map(({ value }) => value),
        expected.size,
      );
    },
  };
}

function hasAttribute({ attributes }: Series, { key, value }: Attribute): boolean {
  return attributes.some((attribute) => attribute.key === key && attribute.value === value);
}

/** Not older than the newest report, or than two of its own points where it comes more rarely. */
function isCurrent(
  { series, observedMs }: LatestValue,
  page: LatestPage,
  newestMs: number,
): boolean {
  return observedMs >= newestMs - Math.max(page.spanMs, 2 * series.cadenceMs);
}

function toValue(page: LatestPage, column: number, series: Series): LatestValue | null {
  const integer = page.values[column] ?? Number.NaN;
  if (Number.isNaN(integer)) return null;
  const observedMs = unixMs(page.timesMs[column] ?? 0);
  return { series, value: inUnit(integer, series), observedMs };
}

function keepNewest(
  newest: Map<string, LatestValue>,
  value: LatestValue | null,
  key: string = value === null ? "" : seriesKey(value.series),
): void {
  if (value === null) return;
  const before = newest.get(key);
  if (before === undefined || before.observedMs <= value.observedMs) newest.set(key, value);
}

function* columnsOf(
  pages: readonly LatestPage[],
  metric: MetricName,
  viewOf: (dictionary: KnownDictionary) => DictionaryView,
): Generator<{ readonly page: LatestPage; readonly column: number; readonly series: Series }> {
  for (const page of pages) {
    const view = viewOf(page.dictionary);
    for (const column of view.byMetric.get(metric) ?? []) {
      const series = view.series[column];
      if (series) yield { page, column, series };
    }
  }
}
