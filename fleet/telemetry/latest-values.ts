import type { Column } from "#proto/messages/report.ts";
import type { KnownDictionary } from "./dictionaries.ts";
import { firstSeenStep, lastSeenStep } from "./seen-steps.ts";

/**
 * The newest value of each series of one host, as two numbers a series. A host whose series do not
 * fit one dictionary uses several at a time, so there is one page for each that is in use.
 */
export interface LatestValues {
  pages: LatestPage[];
  /** Time of the newest point. */
  observedMs: number;
  /** When the report with the newest point came. */
  receivedMs: number;
}

export interface LatestPage {
  readonly dictionary: KnownDictionary;
  /** In the series' scale; counters per second. NaN: never seen. */
  readonly values: Float64Array;
  readonly timesMs: Float64Array;
  /** End of the newest report, and how long it was: what lies before it is old. */
  endMs: number;
  spanMs: number;
}

/** What of a column is needed here. */
export interface LatestColumn {
  readonly series: number;
  readonly present: Uint8Array;
  readonly summary: Pick<Column["summary"], "last" | "sum">;
}

export interface LatestReport {
  readonly startMs: number;
  readonly stepMs: number;
  readonly steps: number;
  readonly receivedMs: number;
}

/** A host clock that ran ahead and was set right must not keep its future values for ever. */
export const futureMsMax = 60_000;

export function createLatestValues(): LatestValues {
  return { pages: [], observedMs: Number.NEGATIVE_INFINITY, receivedMs: 0 };
}

/** Takes in a report that is on disk. Older points than those held (backfill) change nothing. */
export function applyReport(
  latest: LatestValues,
  dictionary: KnownDictionary,
  report: LatestReport,
  columns: readonly LatestColumn[],
): void {
  if (columns.length === 0) return;
  const { startMs, stepMs, steps, receivedMs } = report;
  const spanMs = steps * stepMs;
  const isAhead = latest.observedMs > receivedMs + futureMsMax;
  if (isAhead && startMs < latest.observedMs) {
    latest.pages = [];
    latest.observedMs = Number.NEGATIVE_INFINITY;
  }
  const page = findPage(latest, dictionary, startMs + spanMs);
  if (page === undefined) return;
  if (startMs + spanMs > page.endMs) {
    page.endMs = startMs + spanMs;
    page.spanMs = spanMs;
  }
  const { values, timesMs } = page;
  for (const { series, present, summary } of columns) {
    const lastStep = lastSeenStep(present, steps);
    const observedMs = startMs + lastStep * stepMs;
    if (observedMs < (timesMs[series] ?? Number.NaN)) continue;
    timesMs[series] = observedMs;
    if (observedMs >= latest.observedMs) {
      latest.observedMs = observedMs;
      latest.receivedMs = receivedMs;
    }
    if (dictionary.isCounter[series] === 1) {
      const coveredMs =
        (lastStep - firstSeenStep(present)) * stepMs + (dictionary.cadencesMs[series] ?? stepMs);
      values[series] = (summary.sum * 1_000) / coveredMs;
    } else {
      values[series] = summary.last;
    }
  }
}

/** The page of a dictionary, made when it is the newest; undefined for one that has gone out of use. */
function findPage(
  latest: LatestValues,
  dictionary: KnownDictionary,
  endMs: number,
): LatestPage | undefined {
  let newestMs = Number.NEGATIVE_INFINITY;
  let found: LatestPage | undefined;
  for (const page of latest.pages) {
    if (page.dictionary.digest === dictionary.digest) found = page;
    if (page.endMs > newestMs) newestMs = page.endMs;
  }
  if (found === undefined) {
    // Backfill by a dictionary of the past: nothing in it is newer than what is held.
    if (endMs < newestMs) return undefined;
    found = {
      dictionary,
      values: new Float64Array(dictionary.seriesCount).fill(Number.NaN),
      timesMs: new Float64Array(dictionary.seriesCount).fill(Number.NEGATIVE_INFINITY),
      endMs: Number.NEGATIVE_INFINITY,
      spanMs: 0,
    };
    latest.pages.push(found);
  }
  if (latest.pages.length > 1) {
    // One that is not used along with the newest any more was replaced by it.
    latest.pages = latest.pages.filter(
      (page) => page === found || page.endMs + 2 * page.spanMs >= Math.max(newestMs, endMs),
    );
  }
  return found;
}
