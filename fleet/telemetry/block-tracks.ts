import { metrics } from "#proto/vocabulary/metrics.ts";
import { type BlockColumn, takeColumns } from "./block-column.ts";
import {
  type ChunkHead,
  type RunHead,
  type SectionHead,
  takeSectionHead,
} from "./block-section.ts";
import type { BlockFolder } from "./block-folder.ts";
import type { Block, FoundSection } from "./blocks.ts";
import { CorruptBytes } from "./byte-reader.ts";
import { openChunk } from "./chunk-bytes.ts";
import type { Dictionaries, KnownDictionary } from "./dictionaries.ts";
import { unitScale } from "./in-unit.ts";
import type { WantedColumn } from "./range-groups.ts";
import type { SeriesTracks } from "./series-tracks.ts";
import { crc32 } from "node:zlib";

export interface BlockReadParts {
  readonly folder: BlockFolder;
  readonly dictionaries: Dictionaries;
}

/** Throws CorruptBytes. */
export async function readSectionHead(
  folder: BlockFolder,
  block: Block,
  section: FoundSection,
): Promise<SectionHead> {
  const bytes = await folder.read(block.name, section.offset, section.headBytes);
  if (crc32(bytes) !== section.headCrc) throw new CorruptBytes("a section's checksum is wrong");
  return takeSectionHead({ bytes, at: 0 });
}

/** Throws CorruptBytes. */
export async function readBlockDictionary(
  { folder, dictionaries }: BlockReadParts,
  block: Block,
  number: number,
): Promise<KnownDictionary> {
  const place = block.dictionaries[number];
  if (place === undefined) throw new CorruptBytes("a block lacks a dictionary that it names");
  const { digest, offset, length, crc } = place;
  const before = dictionaries.findBorrowed(digest);
  if (before !== undefined) return before;
  const bytes = await folder.read(block.name, offset, length);
  if (crc32(bytes) !== crc) throw new CorruptBytes("a block's dictionary has a wrong checksum");
  const dictionary = dictionaries.borrow(bytes);
  if (dictionary.digest !== digest) throw new CorruptBytes("a block's dictionary is another one");
  return dictionary;
}

/** Where the chunks of a run lie in the file, in their order. */
export interface PlacedRun {
  readonly run: RunHead;
  readonly offset: number;
}

export function placeRuns(section: FoundSection, head: SectionHead): readonly PlacedRun[] {
  let offset = section.offset + section.headBytes;
  return head.runs.map((run) => {
    const placed = { run, offset };
    for (const chunk of run.chunks) offset += chunk.length;
    return placed;
  });
}

/** Lists the reports of a run that touch the span; how many points of each series that is. */
export function listRun(
  { startMs, stepMs, reports }: RunHead,
  span: { readonly fromMs: number; readonly toMs: number },
  tracks: SeriesTracks,
  wanted: readonly WantedColumn[],
): number {
  let points = 0;
  for (const { start, steps } of reports) {
    const reportStartMs = startMs + start * stepMs;
    const reportMs = steps * stepMs;
    const endMs = reportStartMs + reportMs;
    if (reportStartMs >= span.toMs || endMs <= span.fromMs) continue;
    tracks.list({ startMs: reportStartMs, endMs, reportMs }, wanted);
    points += steps;
  }
  return points;
}

/** Reads the chunks with the wanted metric and adds their points. Throws CorruptBytes. */
export async function readRun(
  parts: BlockReadParts,
  block: Block,
  placed: PlacedRun,
  { dictionary, wanted, tracks }: RunQuestion,
): Promise<void> {
  const metric = wanted[0]?.series.metric;
  if (metric === undefined) return;
  const number = [...parts.dictionaries.view(dictionary).byMetric.keys()].indexOf(metric);
  const byColumn = new Map(wanted.map((one) => [one.column, one]));
  const { run } = placed;
  const reportStarts = Int32Array.from(run.reports, ({ start }) => start);
  await readColumns(parts.folder, block, placed, number, ({ series: column, integers }) => {
    const one = byColumn.get(column);
    if (one === undefined) return;
    const { series } = one;
    tracks.collector(one).add({
      kind: metrics[series.metric].kind,
      startMs: run.startMs,
      stepMs: run.stepMs,
      steps: run.steps,
      integers,
      scale: unitScale(series),
      cadenceMs: series.cadenceMs,
      reportStarts,
    });
  });
}

/**
 * Columns of the chunks that hold a metric, by its place among the dictionary's metrics; null: of
 * all chunks. Throws CorruptBytes.
 */
export async function readColumns(
  folder: BlockFolder,
  block: Block,
  { run, offset: start }: PlacedRun,
  metric: number | null,
  visit: (column: BlockColumn) => void,
): Promise<void> {
  let offset = start;
  for (const chunk of run.chunks) {
    const at = offset;
    offset += chunk.length;
    if (metric !== null && !holds(chunk, metric)) continue;
    const bytes = await folder.read(block.name, at, chunk.length);
    const raw = await openChunk({ bytes, crc: chunk.crc, rawBytes: chunk.rawBytes });
    const cursor = { bytes: raw, at: 0 };
    // The columns of one metric after the other, each with its own count.
    for (let left = chunk.metrics; left > 0; left -= 1) takeColumns(cursor, run.steps, visit);
  }
}

export interface RunQuestion {
  readonly dictionary: KnownDictionary;
  readonly wanted: readonly WantedColumn[];
  readonly tracks: SeriesTracks;
}

function holds({ firstMetric, metrics: count }: ChunkHead, number: number): boolean {
  return number >= firstMetric && number < firstMetric + count;
}
