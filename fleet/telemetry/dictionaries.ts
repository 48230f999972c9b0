import type { Dictionary, Series } from "#proto/messages/series.ts";
import type { DictionaryDigest } from "#proto/vocabulary/ids.ts";
import { type MetricName, metrics } from "#proto/vocabulary/metrics.ts";
import { createByteWriter, writtenBytes } from "./byte-writer.ts";
import { putDictionary, takeDictionary } from "./dictionary-record.ts";

/** What appending needs of a dictionary; the words in it are read from `bytes` when asked for. */
export interface KnownDictionary {
  readonly digest: DictionaryDigest;
  readonly bytes: Uint8Array;
  readonly seriesCount: number;
  /** 1 where the series is a counter. */
  readonly isCounter: Uint8Array;
  readonly cadencesMs: Uint32Array;
  /** Segments of the log that hold it; without any it may be forgotten. */
  segments: number;
}

export interface DictionaryView {
  /** null: a metric of a newer release. */
  readonly series: readonly (Series | null)[];
  /** Which columns stand for a metric. */
  readonly byMetric: ReadonlyMap<MetricName, readonly number[]>;
}

export interface Dictionaries {
  find(digest: DictionaryDigest): KnownDictionary | undefined;
  add(dictionary: Dictionary): KnownDictionary;
  /** The same from a file's bytes; throws CorruptBytes. */
  addStored(bytes: Uint8Array): KnownDictionary;
  /** For a block's dictionary: the known one, or one that is only read with. Throws CorruptBytes. */
  borrow(bytes: Uint8Array): KnownDictionary;
  /** One that was borrowed before and is still at hand. */
  findBorrowed(digest: DictionaryDigest): KnownDictionary | undefined;
  view(dictionary: KnownDictionary): DictionaryView;
  retain(dictionary: KnownDictionary): void;
  release(dictionary: KnownDictionary): void;
}

/** Dictionaries that were told and not yet used by a durable report. */
export const unusedDictionariesMax = 1_024;
/** Dictionaries of old files that are kept at hand. */
export const borrowedDictionariesMax = 256;
/** Series whose words are kept decoded. */
export const viewedSeriesMax = 200_000;

export function createDictionaries(): Dictionaries {
  const known = new Map<DictionaryDigest, KnownDictionary>();
  const unused = new Set<KnownDictionary>();
  const borrowed = new Map<DictionaryDigest, KnownDictionary>();
  const views = new Map<KnownDictionary, DictionaryView>();
  let viewedSeries = 0;

  const keep = (dictionary: KnownDictionary): KnownDictionary => {
    known.set(dictionary.digest, dictionary);
    unused.add(dictionary);
    for (const oldest of unused) {
      if (unused.size <= unusedDictionariesMax) break;
      forget(oldest);
    }
    return dictionary;
  };

  const forget = (dictionary: KnownDictionary): void => {
    known.delete(dictionary.digest);
    unused.delete(dictionary);
    if (views.delete(dictionary)) viewedSeries -= dictionary.seriesCount;
  };

  return {
    find: (digest) => known.get(digest),
    add(dictionary) {
      const before = known.get(dictionary.digest);
      if (before !== undefined) return before;
      const writer = createByteWriter(dictionary.series.length * 48 + 64);
      putDictionary(writer, dictionary);
      return keep(toKnown(dictionary, writtenBytes(writer).slice()));
    },
    addStored(bytes) {
      const stored = takeDictionary({ bytes, at: 0 });
      return known.get(stored.digest) ?? keep(toKnown(stored, bytes.slice()));
    },
    borrow(bytes) {
      const stored = takeDictionary({ bytes, at: 0 });
      const before = known.get(stored.digest) ?? borrowed.get(stored.digest);
      if (before !== undefined) return before;
      const dictionary = toKnown(stored, bytes.slice());
      borrowed.set(stored.digest, dictionary);
      for (const oldest of borrowed.keys()) {
        if (borrowed.size <= borrowedDictionariesMax) break;
        borrowed.delete(oldest);
      }
      return dictionary;
    },
    findBorrowed: (digest) => known.get(digest) ?? borrowed.get(digest),
    view(dictionary) {
      const before = views.get(dictionary);
      if (before !== undefined) {
        // The one used last moves to the end: the first is the one to forget.
        views.delete(dictionary);
        views.set(dictionary, before);
        return before;
      }
      const view = toView(takeDictionary({ bytes: dictionary.bytes, at: 0 }));
      views.set(dictionary, view);
      viewedSeries += dictionary.seriesCount;
      for (const oldest of views.keys()) {
        if (viewedSeries <= viewedSeriesMax || oldest === dictionary) break;
        views.delete(oldest);
        viewedSeries -= oldest.seriesCount;
      }
      return view;
    },
    retain(dictionary) {
      dictionary.segments += 1;
      unused.delete(dictionary);
      known.set(dictionary.digest, dictionary);
    },
    release(dictionary) {
      dictionary.segments -= 1;
      if (dictionary.segments === 0) forget(dictionary);
    },
  };
}

function toKnown(stored: Dictionary, bytes: Uint8Array): KnownDictionary {
  const { digest, series } = stored;
  const isCounter = new Uint8Array(series.length);
  const cadencesMs = new Uint32Array(series.length);
  for (const [index, one] of series.entries()) {
    if (one === null) continue;
    isCounter[index] = metrics[one.metric].kind === "counter" ? 1 : 0;
    cadencesMs[index] = one.cadenceMs;
  }
  return { digest, bytes, seriesCount: series.length, isCounter, cadencesMs, segments: 0 };
}

function toView(stored: Dictionary): DictionaryView {
  const byMetric = new Map<MetricName, number[]>();
  for (const [index, series] of stored.series.entries()) {
    if (series === null) continue;
    const columns = byMetric.get(series.metric);
    if (columns === undefined) byMetric.set(series.metric, [index]);
    else columns.push(index);
  }
  return { series: stored.series, byMetric };
}
