import { type ByteWriter, putByte, putBytes } from "./byte-writer.ts";
import type { KnownDictionary } from "./dictionaries.ts";
import { beginFrame, endFrame } from "./log-frames.ts";
import { putSegmentHeader, recordKinds, telemetryFormat } from "./log-records.ts";
import type { Segment } from "./segments.ts";

/**
 * What must stand in a segment before the reports of a batch: in a new one its header and the
 * checkpoint, and each dictionary that the batch is the first to use. A segment is read by itself.
 */
export function putSegmentPrefix(
  writer: ByteWriter,
  segment: Segment,
  batch: readonly { readonly dictionary: KnownDictionary }[],
  checkpoint: Iterable<(writer: ByteWriter) => void>,
): void {
  const { salt, createdMs } = segment;
  if (segment.durableBytes === 0) {
    const start = beginFrame(writer);
    putSegmentHeader(writer, { format: telemetryFormat, salt, createdMs });
    endFrame(writer, start, 0);
    for (const putPart of checkpoint) {
      const part = beginFrame(writer);
      putByte(writer, recordKinds.checkpoint);
      putPart(writer);
      endFrame(writer, part, salt);
    }
  }
  const put = new Set<KnownDictionary>();
  for (const { dictionary } of batch) {
    if (put.has(dictionary) || segment.dictionaryNumbers.has(dictionary)) continue;
    put.add(dictionary);
    const start = beginFrame(writer);
    putByte(writer, recordKinds.dictionary);
    putBytes(writer, dictionary.bytes);
    endFrame(writer, start, salt);
  }
}
