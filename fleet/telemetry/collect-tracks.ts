import { unpackColumn } from "#proto/codec/columns.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { metrics } from "#proto/vocabulary/metrics.ts";
import type { BlockFolder } from "./block-folder.ts";
import {
  listRun,
  placeRuns,
  readBlockDictionary,
  readRun,
  readSectionHead,
} from "./block-tracks.ts";
import type { Block } from "./blocks.ts";
import { CorruptBytes } from "./byte-reader.ts";
import type { Source } from "./catalog.ts";
import type { Dictionaries, KnownDictionary } from "./dictionaries.ts";
import { unitScale } from "./in-unit.ts";
import { type WantedColumn, wantedColumns } from "./range-groups.ts";
import { tooMany } from "./range-query.ts";
import { damageOf, readRecords } from "./read-records.ts";
import type { LogDamage } from "./read-segment.ts";
import { takeReportHead, visitColumns } from "./report-record.ts";
import type { IndexEntry } from "./segment-index.ts";
import type { Segment } from "./segments.ts";
import { createSeriesTracks, type SeriesTrack, type SeriesTracks } from "./series-tracks.ts";
import type { QueryProblem, RangeQuery } from "./telemetry.ts";
import type { TimeSlices } from "./time-slices.ts";

export interface TrackParts {
  readonly folder: BlockFolder;
  readonly dictionaries: Dictionaries;
  readonly slices: TimeSlices;
  readonly pointsMax: number;
  readonly onDamage: (damage: LogDamage) => void;
}

/** What one file adds to an answer: first how much that is, then the points themselves. */
interface Piece {
  readonly points: number;
  /** Stops early when the question was taken back. */
  read(): Promise<void>;
}

interface Question extends TrackParts {
  readonly query: RangeQuery;
  readonly host: number;
  readonly tracks: SeriesTracks;
  readonly wantedOf: (dictionary: KnownDictionary | undefined) => readonly WantedColumn[];
}

/** Reads and decodes what one question needs of one host, from the oldest file to the newest. */
export async function collectTracks(
  parts: TrackParts,
  query: RangeQuery,
  host: number,
  sources: readonly Source[],
): Promise<Result<readonly SeriesTrack[], QueryProblem>> {
  const { dictionaries, pointsMax, slices } = parts;
  const { metric, by, fromMs, toMs, signal } = query;
  const tracks = createSeriesTracks(fromMs, toMs);
  const wantedOf = rememberWanted((dictionary) =>
    wantedColumns(dictionaries.view(dictionary), metric, by),
  );
  const question = { ...parts, query, host, tracks, wantedOf };
  const pieces: Piece[] = [];
  let points = 0;
  for (const source of sources) {
    if (signal?.aborted) return fail({ kind: "cancelled" });
    const piece =
      source.kind === "segment"
        ? listSegment(question, source.segment)
        : await listBlock(question, source.block);
    points += piece.points;
    pieces.push(piece);
    await slices.pause();
  }
  if (points > pointsMax) return fail(tooMany(points, pointsMax));
  for (const piece of pieces) {
    if (signal?.aborted) break;
    await piece.read();
  }
  return signal?.aborted ? fail({ kind: "cancelled" }) : ok(tracks.tracks());
}

function listSegment(question: Question, segment: Segment): Piece {
  const { query, host, tracks, wantedOf } = question;
  const entries = segment.index
    .ofHost(host)
    .filter(({ startMs, endMs }) => startMs < query.toMs && endMs > query.fromMs);
  const wantedBy = (entry: IndexEntry) => wantedOf(segment.dictionaries[entry.dictionary]);
  let points = 0;
  for (const entry of entries) {
    const { startMs, endMs, steps } = entry;
    const wanted = wantedBy(entry);
    tracks.list({ startMs, endMs, reportMs: endMs - startMs }, wanted);
    points += steps * wanted.length;
  }
  return {
    points,
    async read() {
      for await (const [entry, payload] of readRecords(question.folder, segment, entries)) {
        if (query.signal?.aborted) return;
        if (payload === null) question.onDamage(damageOf(segment, entry));
        else addRecord(payload, wantedBy(entry), tracks);
        await question.slices.pause();
      }
    },
  };
}

function addRecord(
  payload: Uint8Array,
  wanted: readonly WantedColumn[],
  tracks: SeriesTracks,
): void {
  const byColumn = new Map(wanted.map((one) => [one.column, one]));
  const cursor = { bytes: payload, at: 0 };
  const { startMs, stepMs, steps } = takeReportHead(cursor);
  visitColumns(cursor, steps, (column) => {
    const one = byColumn.get(column.series);
    if (one === undefined) return;
    const { series } = one;
    const { kind } = metrics[series.metric];
    tracks.collector(one).add({
      kind,
      startMs,
      stepMs,
      steps,
      integers: unpackColumn(column, steps, kind),
      scale: unitScale(series),
      cadenceMs: series.cadenceMs,
      reportStarts: null,
    });
  });
}

const nothing: Piece = { points: 0, read: () => Promise.resolve() };

async function listBlock(question: Question, block: Block): Promise<Piece> {
  const { query, tracks } = question;
  const section = block.find(question.host);
  if (section === undefined || section.fromMs >= query.toMs || section.toMs <= query.fromMs) {
    return nothing;
  }
  const { fromMs, toMs, bytes } = section;
  const damaged = (): void => question.onDamage({ segment: block.number, bytes, fromMs, toMs });
  const reads: (() => Promise<void>)[] = [];
  let points = 0;
  const complete = await orDamaged(damaged, async () => {
    const head = await readSectionHead(question.folder, block, section);
    for (const placed of placeRuns(section, head)) {
      const dictionary = await readBlockDictionary(question, block, placed.run.dictionary);
      const wanted = question.wantedOf(dictionary);
      const seen = listRun(placed.run, query, tracks, wanted);
      points += seen * wanted.length;
      if (seen > 0) {
        reads.push(() => readRun(question, block, placed, { dictionary, wanted, tracks }));
      }
    }
  });
  if (!complete) return nothing;
  return {
    points,
    async read() {
      for (const read of reads) {
        if (query.signal?.aborted) return;
        await orDamaged(damaged, read);
        await question.slices.pause();
      }
    },
  };
}

/** What a bad disk took is not seen: the answer has holes there, and the damage is told. */
async function orDamaged(damaged: () => void, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof CorruptBytes)) throw error;
    damaged();
    return false;
  }
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
