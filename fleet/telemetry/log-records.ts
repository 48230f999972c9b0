import type { ByteCursor } from "#proto/codec/varints.ts";
import { CorruptBytes, takeByte, takeVarint, uint32At } from "./byte-reader.ts";
import { type ByteWriter, putByte, putVarint, reserveBytes, setUint32 } from "./byte-writer.ts";
import { TelemetryError } from "./telemetry-error.ts";

/** First byte of a record's payload. Numbers are never used again for something else. */
export const recordKinds = { header: 1, dictionary: 2, report: 3, checkpoint: 4 } as const;

/** Version of everything in the folder; a folder of a newer one is refused. */
export const telemetryFormat = 1;

/** First record of a segment. Its frame is made with salt 0, for it brings the salt. */
export interface SegmentHeader {
  readonly format: number;
  readonly salt: number;
  readonly createdMs: number;
}

export function putSegmentHeader(writer: ByteWriter, header: SegmentHeader): void {
  putByte(writer, recordKinds.header);
  putVarint(writer, header.format);
  reserveBytes(writer, 4);
  setUint32(writer.bytes, writer.at, header.salt);
  writer.at += 4;
  putVarint(writer, Math.max(0, header.createdMs));
}

/** The payload behind its kind byte. Throws TelemetryError `FORMAT_NEWER`, CorruptBytes. */
export function takeSegmentHeader(cursor: ByteCursor): SegmentHeader {
  if (takeByte(cursor) !== recordKinds.header) throw new CorruptBytes("no segment header");
  const format = takeVarint(cursor);
  requireKnownFormat(format, "the telemetry log");
  const salt = uint32At(cursor.bytes, cursor.at);
  cursor.at += 4;
  return { format, salt, createdMs: takeVarint(cursor) };
}

export function requireKnownFormat(format: number, what: string): void {
  if (format <= telemetryFormat) return;
  throw new TelemetryError(
    "FORMAT_NEWER",
    `${what} has format ${format}, this release reads up to ${telemetryFormat}: start the release that wrote it, or give another data folder`,
  );
}
