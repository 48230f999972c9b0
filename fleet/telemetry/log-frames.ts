import { crc32 } from "node:zlib";
import { uint32At } from "./byte-reader.ts";
import { type ByteWriter, reserveBytes, setUint32 } from "./byte-writer.ts";

/**
 * One record in a file: mark, CRC-32, length, payload. The CRC covers length and payload and begins
 * with the store's salt, so that what a host reports cannot look like a record of its own to a scan
 * that lost its way.
 */
export const frameHeaderBytes = 12;
/** Above what the longest record needs (a report of one message); a longer length is damage. */
export const framePayloadBytesMax = 512 * 1024;
export const frameMark = 0x474c5357;

/** Opens a frame; the payload is put behind it, then `endFrame` closes it. */
export function beginFrame(writer: ByteWriter): number {
  const start = writer.at;
  reserveBytes(writer, frameHeaderBytes);
  writer.at += frameHeaderBytes;
  return start;
}

export function endFrame(writer: ByteWriter, start: number, salt: number): void {
  const { bytes, at } = writer;
  setUint32(bytes, start, frameMark);
  setUint32(bytes, start + 8, at - start - frameHeaderBytes);
  setUint32(bytes, start + 4, crc32(bytes.subarray(start + 8, at), salt));
}

/**
 * Bytes of the whole frame that begins at `at`, when it is whole and right; 0 when it is not;
 * the number of bytes that are needed, negative, when `bytes` end before it does.
 */
export function checkFrame(bytes: Uint8Array, at: number, salt: number): number {
  if (bytes.length - at < frameHeaderBytes) return -frameHeaderBytes;
  if (uint32At(bytes, at) !== frameMark) return 0;
  const length = uint32At(bytes, at + 8);
  if (length === 0 || length > framePayloadBytesMax) return 0;
  const total = frameHeaderBytes + length;
  if (bytes.length - at < total) return -total;
  const crc = crc32(bytes.subarray(at + 8, at + total), salt);
  return crc === uint32At(bytes, at + 4) ? total : 0;
}

export function framePayload(bytes: Uint8Array, at: number, total: number): Uint8Array {
  return bytes.subarray(at + frameHeaderBytes, at + total);
}

/** Where the next mark begins at or after `at`; −1 where there is none. */
export function findFrameMark(bytes: Uint8Array, at: number): number {
  const first = frameMark & 0xff;
  for (let found = bytes.indexOf(first, at); found >= 0; found = bytes.indexOf(first, found + 1)) {
    if (uint32At(bytes, found) === frameMark) return found;
  }
  return -1;
}
