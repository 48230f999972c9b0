import type { Gap } from "#proto/messages/report.ts";
import { type BlockColumn, putColumns } from "./block-column.ts";
import { type ChunkHead, putSectionHead, type RunHead, toChunkHead } from "./block-section.ts";
import { type ByteWriter, createByteWriter, writtenBytes } from "./byte-writer.ts";
import { compressChunk } from "./chunk-bytes.ts";
import type { DictionaryView, KnownDictionary } from "./dictionaries.ts";
import type { Run } from "./runs.ts";

/** Metrics are put into one chunk until it has this many bytes: small ones compress badly. */
export const chunkBytesMin = 32 * 1024;

export interface EncodedSection {
  readonly head: Uint8Array;
  readonly chunks: readonly Uint8Array[];
  readonly bytes: number;
}

export interface SectionEncoder {
  add(run: Run): Promise<void>;
  addGaps(gaps: readonly Gap[]): void;
  finish(): EncodedSection;
}

export interface SectionEncoderParts {
  readonly view: (dictionary: KnownDictionary) => DictionaryView;
  /** Place of a dictionary in the block that is being written. */
  readonly numberOf: (dictionary: KnownDictionary) => number;
}

/** One host's share of a block. Columns of metrics that this release does not know are left out. */
export function createSectionEncoder(parts: SectionEncoderParts): SectionEncoder {
  const runs: RunHead[] = [];
  const gaps: Gap[] = [];
  const stored: Uint8Array[] = [];
  let storedBytes = 0;

  const close = async (raw: ByteWriter, first: number, metrics: number): Promise<ChunkHead> => {
    const chunk = await compressChunk(writtenBytes(raw));
    stored.push(chunk.bytes);
    storedBytes += chunk.bytes.length;
    raw.at = 0;
    return toChunkHead(chunk, first, metrics);
  };

  return {
    async add(run) {
      const chunks: ChunkHead[] = [];
      const raw = createByteWriter(chunkBytesMin);
      let first = 0;
      let metric = 0;
      for (const columns of parts.view(run.dictionary).byMetric.values()) {
        putColumns(raw, seenColumns(run, columns), run.steps);
        metric += 1;
        if (raw.at < chunkBytesMin) continue;
        chunks.push(await close(raw, first, metric - first));
        first = metric;
      }
      if (raw.at > 0) chunks.push(await close(raw, first, metric - first));
      const { spoolId, bootId, startMs, stepMs, steps, reports } = run;
      const dictionary = parts.numberOf(run.dictionary);
      runs.push({ dictionary, spoolId, bootId, startMs, stepMs, steps, reports, chunks });
    },
    addGaps: (more) => {
      gaps.push(...more);
    },
    finish() {
      const head = createByteWriter();
      putSectionHead(head, { runs, gaps });
      return { head: writtenBytes(head), chunks: stored, bytes: head.at + storedBytes };
    },
  };
}

function seenColumns(run: Run, columns: readonly number[]): readonly BlockColumn[] {
  const seen: BlockColumn[] = [];
  for (const series of columns) {
    const integers = run.columns.get(series);
    if (integers !== undefined) seen.push({ series, integers });
  }
  return seen;
}
