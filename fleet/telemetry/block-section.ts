import type { Gap } from "#proto/messages/report.ts";
import type { ByteCursor } from "#proto/codec/varints.ts";
import type { BootId, SpoolId } from "#proto/vocabulary/ids.ts";
import { CorruptBytes, takeBytes, takeVarint, takeZigZag, uint32At } from "./byte-reader.ts";
import { type ByteWriter, putVarint, putZigZag, reserveBytes, setUint32 } from "./byte-writer.ts";
import type { StoredChunk } from "./chunk-bytes.ts";
import { putId, takeId } from "./id-bytes.ts";
import { putGap, takeGap } from "./report-record.ts";
import type { Run } from "./runs.ts";

/** What stands before a host's chunks in a block: its runs, where their chunks lie, its gaps. */
export interface SectionHead {
  readonly runs: readonly RunHead[];
  readonly gaps: readonly Gap[];
}

export interface RunHead {
  /** Place in the block's list of dictionaries. */
  readonly dictionary: number;
  readonly spoolId: SpoolId;
  readonly bootId: BootId;
  readonly startMs: number;
  readonly stepMs: number;
  readonly steps: number;
  readonly reports: Run["reports"];
  readonly chunks: readonly ChunkHead[];
}

/** Columns of neighbouring metrics; metrics are counted as the dictionary names them first. */
export interface ChunkHead {
  readonly firstMetric: number;
  readonly metrics: number;
  readonly length: number;
  readonly crc: number;
  readonly rawBytes: number;
}

export function toChunkHead(stored: StoredChunk, firstMetric: number, metrics: number): ChunkHead {
  const { bytes, crc, rawBytes } = stored;
  return { firstMetric, metrics, length: bytes.length, crc, rawBytes };
}

export function putSectionHead(writer: ByteWriter, { runs, gaps }: SectionHead): void {
  putVarint(writer, runs.length);
  for (const run of runs) {
    putVarint(writer, run.dictionary);
    putId(writer, run.spoolId);
    putId(writer, run.bootId);
    putZigZag(writer, run.startMs);
    putVarint(writer, run.stepMs);
    putVarint(writer, run.steps);
    putReports(writer, run.reports);
    putVarint(writer, run.chunks.length);
    for (const { firstMetric, metrics, length, crc, rawBytes } of run.chunks) {
      putVarint(writer, firstMetric);
      putVarint(writer, metrics);
      putVarint(writer, length);
      putVarint(writer, rawBytes);
      reserveBytes(writer, 4);
      setUint32(writer.bytes, writer.at, crc);
      writer.at += 4;
    }
  }
  putVarint(writer, gaps.length);
  for (const gap of gaps) putGap(writer, gap);
}

/** Throws CorruptBytes. */
export function takeSectionHead(cursor: ByteCursor): SectionHead {
  const runs = takeList(cursor, takeRunHead);
  return { runs, gaps: takeList(cursor, takeGap) };
}

function takeRunHead(cursor: ByteCursor): RunHead {
  return {
    dictionary: takeVarint(cursor),
    spoolId: takeId<SpoolId>(cursor),
    bootId: takeId<BootId>(cursor),
    startMs: takeZigZag(cursor),
    stepMs: takeVarint(cursor),
    steps: takeVarint(cursor),
    reports: takeReports(cursor),
    chunks: takeList(cursor, takeChunkHead),
  };
}

function takeChunkHead(cursor: ByteCursor): ChunkHead {
  const firstMetric = takeVarint(cursor);
  const metrics = takeVarint(cursor);
  const length = takeVarint(cursor);
  const rawBytes = takeVarint(cursor);
  const crc = uint32At(takeBytes(cursor, 4), 0);
  return { firstMetric, metrics, length, rawBytes, crc };
}

/** Most reports follow each other and are as long as the one before: steps between, steps, how often. */
function putReports(writer: ByteWriter, reports: Run["reports"]): void {
  const series: { gap: number; steps: number; times: number }[] = [];
  let end = 0;
  for (const { start, steps } of reports) {
    const last = series.at(-1);
    const gap = start - end;
    if (last !== undefined && last.gap === gap && last.steps === steps) last.times += 1;
    else series.push({ gap, steps, times: 1 });
    end = start + steps;
  }
  putVarint(writer, series.length);
  for (const { gap, steps, times } of series) {
    putVarint(writer, gap);
    putVarint(writer, steps);
    putVarint(writer, times);
  }
}

function takeReports(cursor: ByteCursor): Run["reports"] {
  const reports: Run["reports"] = [];
  let end = 0;
  for (let left = takeVarint(cursor); left > 0; left -= 1) {
    const gap = takeVarint(cursor);
    const steps = takeVarint(cursor);
    for (let times = takeVarint(cursor); times > 0; times -= 1) {
      if (reports.length > reportsPerRunMax) throw new CorruptBytes("a run has too many reports");
      reports.push({ start: end + gap, steps });
      end += gap + steps;
    }
  }
  return reports;
}

/** A run has at most a million points, and each report at least one step. */
const reportsPerRunMax = 2_000_000;

function takeList<Item>(cursor: ByteCursor, take: (cursor: ByteCursor) => Item): readonly Item[] {
  const items: Item[] = [];
  for (let left = takeVarint(cursor); left > 0; left -= 1) items.push(take(cursor));
  return items;
}
