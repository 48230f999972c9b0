import { writeVarint, writeZigZag } from "#proto/codec/varints.ts";

/** Bytes that grow at the end. `bytes` is replaced when it gets too small: never keep it. */
export interface ByteWriter {
  bytes: Uint8Array;
  at: number;
}

/** Bytes of the longest varint of a whole number below 2^53. */
export const varintBytesMax = 8;

export function createByteWriter(bytes = 256): ByteWriter {
  return { bytes: new Uint8Array(bytes), at: 0 };
}

/** What was written so far; a view, good until the next write. */
export function writtenBytes(writer: ByteWriter): Uint8Array {
  return writer.bytes.subarray(0, writer.at);
}

/** Makes room for `more` bytes behind `at`. */
export function reserveBytes(writer: ByteWriter, more: number): void {
  const needed = writer.at + more;
  if (needed <= writer.bytes.length) return;
  const grown = new Uint8Array(Math.max(needed, writer.bytes.length * 2));
  grown.set(writer.bytes.subarray(0, writer.at));
  writer.bytes = grown;
}

export function putByte(writer: ByteWriter, byte: number): void {
  reserveBytes(writer, 1);
  writer.bytes[writer.at] = byte;
  writer.at += 1;
}

export function putVarint(writer: ByteWriter, value: number): void {
  reserveBytes(writer, varintBytesMax);
  writer.at = writeVarint(writer.bytes, writer.at, value);
}

export function putZigZag(writer: ByteWriter, value: number): void {
  reserveBytes(writer, varintBytesMax);
  writer.at = writeZigZag(writer.bytes, writer.at, value);
}

export function putBytes(writer: ByteWriter, bytes: Uint8Array): void {
  reserveBytes(writer, bytes.length);
  writer.bytes.set(bytes, writer.at);
  writer.at += bytes.length;
}

/** Length, then UTF-8. */
export function putText(writer: ByteWriter, text: string): void {
  const bytes = utf8.encode(text);
  putVarint(writer, bytes.length);
  putBytes(writer, bytes);
}

/** Four bytes, lowest first, at a place already reserved. */
export function setUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

const utf8 = new TextEncoder();
