import type { Series } from "#proto/messages/series.ts";
import { seriesKey } from "./host-wide.ts";
import { createPointCollector, type PointCollector } from "./point-list.ts";
import type { WantedColumn } from "./range-groups.ts";

/** One series of a host over the span of a question, across dictionaries and files. */
export interface SeriesTrack {
  readonly series: Series;
  readonly group: string;
  readonly collector: PointCollector;
  /** The finest that it was taken at in the span: whoever sets another step takes no point away. */
  readonly cadenceMs: number;
  /** What its reports say of how far its points are from one another, over all of them. */
  readonly meanCadenceMs: number;
  /**
   * From when to when it was there to be seen: a report's dictionary lists it. −∞ or ∞ where it was
   * there as early or as late as anything is known of the host in the span.
   */
  readonly aliveFromMs: number;
  readonly aliveToMs: number;
}

export interface SeriesTracks {
  /** Notes that reports were made with a dictionary that has these columns. */
  list(reports: ListedReports, columns: readonly WantedColumn[]): void;
  collector(wanted: WantedColumn): PointCollector;
  tracks(): readonly SeriesTrack[];
}

export interface ListedReports {
  readonly startMs: number;
  readonly endMs: number;
  /** Length of one of them. */
  readonly reportMs: number;
}

interface OpenTrack {
  readonly series: Series;
  readonly group: string;
  readonly collector: PointCollector;
  firstMs: number;
  lastMs: number;
  finestMs: number;
  coarsestMs: number;
  /** Of all reports that list it, and how many points they would have if none was missing. */
  listedMs: number;
  listedPoints: number;
}

export function createSeriesTracks(fromMs: number, toMs: number): SeriesTracks {
  const byKey = new Map<string, OpenTrack>();
  const byColumn = new Map<WantedColumn, OpenTrack>();
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  let longestMs = 0;

  const trackOf = (wanted: WantedColumn): OpenTrack => {
    const before = byColumn.get(wanted);
    if (before !== undefined) return before;
    const key = seriesKey(wanted.series);
    const track = byKey.get(key) ?? {
      series: wanted.series,
      group: wanted.group,
      collector: createPointCollector(fromMs, toMs),
      firstMs: Number.POSITIVE_INFINITY,
      lastMs: Number.NEGATIVE_INFINITY,
      finestMs: Number.POSITIVE_INFINITY,
      coarsestMs: 0,
      listedMs: 0,
      listedPoints: 0,
    };
    byKey.set(key, track);
    byColumn.set(wanted, track);
    return track;
  };

  return {
    list({ startMs, endMs, reportMs }, columns) {
      firstMs = Math.min(firstMs, startMs);
      lastMs = Math.max(lastMs, endMs);
      longestMs = Math.max(longestMs, reportMs);
      for (const wanted of columns) {
        const track = trackOf(wanted);
        track.firstMs = Math.min(track.firstMs, startMs);
        track.lastMs = Math.max(track.lastMs, endMs);
        const cadenceMs = Math.max(1, wanted.series.cadenceMs);
        track.finestMs = Math.min(track.finestMs, cadenceMs);
        track.coarsestMs = Math.max(track.coarsestMs, cadenceMs);
        track.listedMs += reportMs;
        track.listedPoints += reportMs / cadenceMs;
      }
    },
    collector: (wanted) => trackOf(wanted).collector,
    tracks() {
      // Where one dictionary cannot hold all series, a batch is several reports, one after the
      // other: a series is gone only when it is missing in more than the batch under way.
      const goneMs = lastMs - 2 * longestMs;
      return [...byKey.values()].map((track) => ({
        series: track.series,
        group: track.group,
        collector: track.collector,
        cadenceMs: track.finestMs,
        // One cadence is itself, to the last bit.
        meanCadenceMs:
          track.finestMs === track.coarsestMs
            ? track.finestMs
            : track.listedMs / track.listedPoints,
        aliveFromMs: track.firstMs <= firstMs ? Number.NEGATIVE_INFINITY : track.firstMs,
        aliveToMs: track.lastMs >= goneMs ? Number.POSITIVE_INFINITY : track.lastMs,
      }));
    },
  };
}
