import type { SeriesHandle, SeriesRequest } from "#agent/collectors/collector.ts";
import type { Attribute, Dictionary, Series } from "#proto/messages/series.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { toAttributeText } from "./attribute-text.ts";

/** A dictionary and where each series stands in it. */
export interface DictionaryPage {
  readonly dictionary: Dictionary;
  readonly columnOf: ReadonlyMap<SeriesHandle, number>;
}

/**
 * The dictionaries that reports now use. A dictionary never changes: when a series appears that none
 * holds, all are made anew, without the series nobody has heard of for a while. Where one message
 * cannot hold all series there are several, and a batch becomes one report for each.
 */
export interface DictionaryBook {
  /**
   * Pages that hold the handles of `needed`. A host whose series come and go faster than new
   * dictionaries may be made has its newest series left out until one may.
   */
  covering(needed: readonly SeriesHandle[], nowStep: number): readonly DictionaryPage[];
  /** The page that the next report is likely to use; undefined before the first. */
  firstPage(): DictionaryPage | undefined;
  /** What a series means has changed (its cadence): the next report has a new dictionary. */
  forget(): void;
}

export interface DictionaryBookParts {
  readonly makeDictionary: (series: readonly Series[]) => Dictionary;
  readonly series: (handle: SeriesHandle) => SeriesRequest;
  readonly lastHeardStep: (handle: SeriesHandle) => number;
  readonly seriesCount: () => number;
  /** Steps of silence after which a series is left out of the next dictionary. */
  readonly keepSteps: number;
  readonly stepMs: () => number;
}

/** Bytes of entries on one page: leaves room in a message for framing. */
const pageBytesMax = wireLimits.messageBytesMax - 16 * 1024;
const pageSeriesMax = wireLimits.seriesPerMessageMax;
/** The gateway takes 64 new dictionaries of a host at once, then one a minute. */
const rebuilds = { burst: 32, everyMs: 120_000 };

export function createDictionaryBook(parts: DictionaryBookParts): DictionaryBook {
  let pages: readonly DictionaryPage[] = [];
  let held = new Set<SeriesHandle>();
  /** The same, in ascending order. */
  let listed: readonly SeriesHandle[] = [];
  let rebuildsLeft = rebuilds.burst;
  let countedStep: number | null = null;

  const mayRebuild = (nowStep: number): boolean => {
    const sinceMs = (nowStep - (countedStep ?? nowStep)) * parts.stepMs();
    rebuildsLeft = Math.min(rebuilds.burst, rebuildsLeft + Math.max(0, sinceMs) / rebuilds.everyMs);
    countedStep = nowStep;
    // More pages, more messages.
    const cost = Math.max(1, pages.length);
    if (rebuildsLeft < cost) return false;
    rebuildsLeft -= cost;
    return true;
  };

  /** A disk that was pulled must go: the fleet gives no sum over series of which one is missing. */
  const hasLapsed = (nowStep: number): boolean => {
    for (let index = 0; index < listed.length; index += 1) {
      if (nowStep - parts.lastHeardStep(listed[index] ?? 0) > parts.keepSteps) return true;
    }
    return false;
  };

  /** Mostly what is needed is what was needed the last time. */
  const isShortOf = (needed: readonly SeriesHandle[]): boolean => {
    for (let index = 0; index < needed.length; index += 1) {
      const handle = needed[index] ?? -1;
      if (handle !== listed[index] && !held.has(handle)) return true;
    }
    return false;
  };

  const rebuild = (needed: readonly SeriesHandle[], nowStep: number): void => {
    const wanted = new Set(needed);
    for (let handle = 0; handle < parts.seriesCount(); handle += 1) {
      if (nowStep - parts.lastHeardStep(handle) <= parts.keepSteps) wanted.add(handle);
    }
    const sorted = [...wanted].sort((left, right) => left - right);
    pages = splitPages(sorted, parts).map((page) => ({
      dictionary: parts.makeDictionary(page.map((handle) => toSeries(handle, parts))),
      columnOf: new Map(page.map((handle, column) => [handle, column])),
    }));
    held = wanted;
    listed = sorted;
  };

  return {
    covering(needed, nowStep) {
      if ((isShortOf(needed) || hasLapsed(nowStep)) && mayRebuild(nowStep))
        rebuild(needed, nowStep);
      return pages;
    },
    firstPage: () => pages[0],
    forget() {
      held = new Set();
      listed = [];
    },
  };
}

function splitPages(
  handles: readonly SeriesHandle[],
  parts: DictionaryBookParts,
): readonly (readonly SeriesHandle[])[] {
  const pages: SeriesHandle[][] = [];
  let page: SeriesHandle[] = [];
  let bytes = 0;
  for (const handle of handles) {
    const size = entryBytesMax(toSeries(handle, parts));
    if (page.length > 0 && (page.length >= pageSeriesMax || bytes + size > pageBytesMax)) {
      pages.push(page);
      page = [];
      bytes = 0;
    }
    page.push(handle);
    bytes += size;
  }
  if (page.length > 0) pages.push(page);
  return pages;
}

function toSeries(handle: SeriesHandle, parts: DictionaryBookParts): Series {
  const request = parts.series(handle);
  return {
    metric: request.metric,
    attributes: toAttributes(request.attributes),
    exponent: request.exponent,
    quantum: request.quantum ?? 1,
    cadenceMs: request.cadenceMs ?? parts.stepMs(),
  };
}

function toAttributes(attributes: Readonly<Record<string, string>>): readonly Attribute[] {
  return Object.entries(attributes)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .slice(0, wireLimits.attributesPerSeriesMax)
    .map(([key, value]) => ({ key, value: toAttributeText(value) }));
}

/** Upper bound of an entry's bytes: texts as UTF-8, and tag, length or number around each. */
function entryBytesMax(series: Series): number {
  let bytes = 40 + 32 + series.metric.length;
  for (const { key, value } of series.attributes) bytes += 12 + 3 * (key.length + value.length);
  return bytes;
}
