import type { ByteCursor } from "#proto/codec/varints.ts";
import type { DictionaryDigest, HostId } from "#proto/vocabulary/ids.ts";
import { CorruptBytes, takeVarint, takeZigZag, uint32At } from "./byte-reader.ts";
import { type ByteWriter, putVarint, putZigZag, reserveBytes, setUint32 } from "./byte-writer.ts";
import { putId, takeId } from "./id-bytes.ts";
import { requireKnownFormat, telemetryFormat } from "./log-records.ts";
import type { LogDamage } from "./read-segment.ts";
import { crc32 } from "node:zlib";

/** What stands at the end of a block file: everything needed to find a host's share in it. */
export interface BlockIndex {
  readonly newestReceivedMs: number;
  /** Damages of the log that the block was made from. */
  readonly damages: readonly LogDamage[];
  readonly dictionaries: readonly DictionaryPlace[];
  readonly sections: readonly SectionPlace[];
}

export interface DictionaryPlace {
  readonly digest: DictionaryDigest;
  readonly offset: number;
  readonly length: number;
  /** Scales stand in a dictionary: a bit that flips there would make wrong figures look right. */
  readonly crc: number;
}

export interface SectionPlace {
  readonly hostId: HostId;
  readonly offset: number;
  readonly headBytes: number;
  readonly headCrc: number;
  readonly bytes: number;
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  readonly samples: number;
  readonly gaps: number;
}

/** Offset and length of the index, its CRC, format, mark. */
export const blockFooterBytes = 20;
const blockMark = 0x424c5357;

/** Appends index and footer: nothing may follow. */
export function putBlockIndex(writer: ByteWriter, index: BlockIndex): void {
  const start = writer.at;
  putVarint(writer, index.newestReceivedMs);
  putVarint(writer, index.damages.length);
  for (const { segment, bytes, fromMs, toMs } of index.damages) {
    putVarint(writer, segment);
    putVarint(writer, bytes);
    putZigZag(writer, fromMs);
    putZigZag(writer, toMs);
  }
  putVarint(writer, index.dictionaries.length);
  for (const { digest, offset, length, crc } of index.dictionaries) {
    putId(writer, digest);
    putVarint(writer, offset);
    putVarint(writer, length);
    putUint32(writer, crc);
  }
  putVarint(writer, index.sections.length);
  for (const section of index.sections) putSection(writer, section);
  const length = writer.at - start;
  reserveBytes(writer, blockFooterBytes);
  const { bytes, at } = writer;
  setUint32(bytes, at, start);
  setUint32(bytes, at + 4, length);
  setUint32(bytes, at + 8, crc32(bytes.subarray(start, at)));
  setUint32(bytes, at + 12, telemetryFormat);
  setUint32(bytes, at + 16, blockMark);
  writer.at += blockFooterBytes;
}

/** Where the index lies, from the footer. Throws CorruptBytes, TelemetryError `FORMAT_NEWER`. */
export function readBlockFooter(footer: Uint8Array): {
  readonly offset: number;
  readonly length: number;
  readonly crc: number;
} {
  if (footer.length !== blockFooterBytes || uint32At(footer, 16) !== blockMark) {
    throw new CorruptBytes("the file is no telemetry block");
  }
  requireKnownFormat(uint32At(footer, 12), "a telemetry block");
  return { offset: uint32At(footer, 0), length: uint32At(footer, 4), crc: uint32At(footer, 8) };
}

/** Throws CorruptBytes. */
export function takeBlockIndex(bytes: Uint8Array, crc: number): BlockIndex {
  if (crc32(bytes) !== crc) throw new CorruptBytes("the checksum of a block's index is wrong");
  const cursor = { bytes, at: 0 };
  return {
    newestReceivedMs: takeVarint(cursor),
    damages: takeList(cursor, () => ({
      segment: takeVarint(cursor),
      bytes: takeVarint(cursor),
      fromMs: takeZigZag(cursor),
      toMs: takeZigZag(cursor),
    })),
    dictionaries: takeList(cursor, () => ({
      digest: takeId<DictionaryDigest>(cursor),
      offset: takeVarint(cursor),
      length: takeVarint(cursor),
      crc: takeUint32(cursor),
    })),
    sections: takeList(cursor, () => takeSection(cursor)),
  };
}

function putSection(writer: ByteWriter, section: SectionPlace): void {
  putId(writer, section.hostId);
  putVarint(writer, section.offset);
  putVarint(writer, section.headBytes);
  putUint32(writer, section.headCrc);
  putVarint(writer, section.bytes);
  putZigZag(writer, section.fromMs);
  putVarint(writer, section.toMs - section.fromMs);
  putVarint(writer, section.samples);
  putVarint(writer, section.gaps);
}

function takeSection(cursor: ByteCursor): SectionPlace {
  const hostId = takeId<HostId>(cursor);
  const offset = takeVarint(cursor);
  const headBytes = takeVarint(cursor);
  const headCrc = takeUint32(cursor);
  const bytes = takeVarint(cursor);
  const fromMs = takeZigZag(cursor);
  const toMs = fromMs + takeVarint(cursor);
  return {
    hostId,
    offset,
    headBytes,
    headCrc,
    bytes,
    fromMs,
    toMs,
    samples: takeVarint(cursor),
    gaps: takeVarint(cursor),
  };
}

function takeList<Item>(cursor: ByteCursor, take: () => Item): readonly Item[] {
  const items: Item[] = [];
  for (let left = takeVarint(cursor); left > 0; left -= 1) items.push(take());
  return items;
}

function putUint32(writer: ByteWriter, value: number): void {
  reserveBytes(writer, 4);
  setUint32(writer.bytes, writer.at, value);
  writer.at += 4;
}

function takeUint32(cursor: ByteCursor): number {
  const value = uint32At(cursor.bytes, cursor.at);
  cursor.at += 4;
  return value;
}
