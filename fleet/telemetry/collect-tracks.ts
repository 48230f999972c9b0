import { unpackColumn } from "#proto/codec/columns.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { metrics } from "#proto/vocabulary/metrics.ts";
import type { BlockFolder } from "./block-folder.ts";
import type { Dictionaries, KnownDictionary } from "./dictionaries.ts";
import { inUnit } from "./in-unit.ts";
import { tooMany } from "./range-query.ts";
import { type WantedColumn, wantedColumns } from "./range-groups.ts";
import { readRecords } from "./read-records.ts";
import { takeReportHead, visitColumns } from "./report-record.ts";
import type { IndexEntry } from "./segment-index.ts";
import type { Segment } from "./segments.ts";
import { createSeriesTracks, type SeriesTrack } from "./series-tracks.ts";
import type { QueryProblem, RangeQuery } from "./telemetry.ts";
import type { TimeSlices } from "./time-slices.ts";

export interface TrackParts {
  readonly folder: BlockFolder;
  readonly log: Log;
  readonly dictionaries: Dictionaries;
  readonly slices: TimeSlices;
  readonly pointsMax: number;
}

/** Reads and decodes what one question needs of one host, from the oldest file to the newest. */
export async function collectTracks(
  parts: TrackParts,
  query: RangeQuery,
  host: number,
  segments: readonly Segment[],
): Promise<Result<readonly SeriesTrack[], QueryProblem>> {
  const { dictionaries, pointsMax } = parts;
  const { fromMs, toMs, metric, by } = query;
  const wantedOf = rememberWanted((dictionary) =>
    wantedColumns(dictionaries.view(dictionary), metric, by),
  );
  const tracks = createSeriesTracks(fromMs, toMs);
  const found = segments.map((segment) => ({
    segment,
    entries: segment.index
      .ofHost(host)
      .filter((entry) => entry.startMs < toMs && entry.endMs > fromMs && entry.steps > 0),
  }));

  let points = 0;
  for (const { segment, entries } of found) {
    for (const entry of entries) {
      const wanted = wantedOf(dictionaryOf(segment, entry));
      const reportMs = entry.endMs - entry.startMs;
      tracks.list({ startMs: entry.startMs, endMs: entry.endMs, reportMs }, wanted);
      points += entry.steps * wanted.length;
    }
  }
  if (points > pointsMax) return fail(tooMany(points, pointsMax));

  for (const { segment, entries } of found) {
    for await (const [entry, payload] of readRecords(parts.folder, segment, entries)) {
      if (query.signal?.aborted) return fail({ kind: "cancelled" });
      await parts.slices.pause();
      if (payload === null) {
        const { offset, length } = entry;
        parts.log.error({ file: segment.name, offset, length }, "a telemetry record is damaged");
        continue;
      }
      addRecord(payload, wantedOf(dictionaryOf(segment, entry)), (wanted, column) =>
        tracks.collector(wanted).add(column),
      );
    }
  }
  return ok(tracks.tracks());
}

type AddColumn = (
  wanted: WantedColumn,
  column: Parameters<SeriesTrack["collector"]["add"]>[0],
) => void;

function addRecord(payload: Uint8Array, wanted: readonly WantedColumn[], add: AddColumn): void {
  const byColumn = new Map(wanted.map((one) => [one.column, one]));
  const cursor = { bytes: payload, at: 0 };
  const { startMs, stepMs, steps } = takeReportHead(cursor);
  visitColumns(cursor, steps, (column) => {
    const one = byColumn.get(column.series);
    if (one === undefined) return;
    const { series } = one;
    const { kind } = metrics[series.metric];
    add(one, {
      kind,
      startMs,
      stepMs,
      steps,
      integers: unpackColumn(column, steps, kind),
      inUnit: (integer) => inUnit(integer, series),
      cadenceMs: series.cadenceMs,
      reportStarts: null,
    });
  });
}

function rememberWanted(
  find: (dictionary: KnownDictionary) => readonly WantedColumn[],
): (dictionary: KnownDictionary | undefined) => readonly WantedColumn[] {
  const found = new Map<KnownDictionary, readonly WantedColumn[]>();
  return (dictionary) => {
    if (dictionary === undefined) return [];
    const before = found.get(dictionary);
    if (before !== undefined) return before;
    const wanted = find(dictionary);
    found.set(dictionary, wanted);
    return wanted;
  };
}

function dictionaryOf(segment: Segment, entry: IndexEntry): KnownDictionary | undefined {
  return segment.dictionaries[entry.dictionary];
}
