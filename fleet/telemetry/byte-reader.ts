import { type ByteCursor, readVarint, readZigZag } from "#proto/codec/varints.ts";

/** Bytes that passed their checksum and still are not what they should be, or ended too soon. */
export class CorruptBytes extends Error {
  override readonly name = "CorruptBytes";
}

export function takeByte(cursor: ByteCursor): number {
  const byte = cursor.bytes[cursor.at];
  if (byte === undefined) throw new CorruptBytes("the bytes end too soon");
  cursor.at += 1;
  return byte;
}

export function takeVarint(cursor: ByteCursor): number {
  const value = readVarint(cursor);
  if (Number.isNaN(value)) throw new CorruptBytes("a number is malformed");
  return value;
}

export function takeZigZag(cursor: ByteCursor): number {
  const value = readZigZag(cursor);
  if (Number.isNaN(value)) throw new CorruptBytes("a number is malformed");
  return value;
}

/** A view of the next bytes, not a copy. */
export function takeBytes(cursor: ByteCursor, length: number): Uint8Array {
  const end = cursor.at + length;
  if (end > cursor.bytes.length) throw new CorruptBytes("the bytes end too soon");
  const bytes = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end;
  return bytes;
}

export function takeText(cursor: ByteCursor): string {
  return utf8.decode(takeBytes(cursor, takeVarint(cursor)));
}

/** Four bytes, lowest first. */
export function uint32At(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24)) >>>
    0
  );
}

const utf8 = new TextDecoder();
