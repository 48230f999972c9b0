import { wireIntegerMax } from "#proto/vocabulary/wire-limits.ts";

/**
 * Varints of protobuf's form over doubles: seven bits a byte, lowest first, shortest form only.
 * Zig-zag keeps the sign in the lowest bit. Whole numbers up to ±(2^53 − 1); no BigInt, and no
 * number ever grows beyond what a double holds exactly.
 */
export interface ByteCursor {
  readonly bytes: Uint8Array;
  at: number;
}

/** The next unsigned number; NaN when it is cut short, too long for 2^53 − 1 or not the shortest form. */
export function readVarint(cursor: ByteCursor): number {
  const { bytes } = cursor;
  let at = cursor.at;
  let byte = bytes[at++];
  if (byte === undefined) return Number.NaN;
  let value = byte & 127;
  let factor = 128;
  while (byte >= 128) {
    byte = bytes[at++];
    if (byte === undefined || byte === 0) return Number.NaN;
    value += (byte & 127) * factor;
    if (value > wireIntegerMax) return Number.NaN;
    factor *= 128;
  }
  cursor.at = at;
  return value;
}

/** The next signed number; NaN as `readVarint`. */
export function readZigZag(cursor: ByteCursor): number {
  const { bytes } = cursor;
  let at = cursor.at;
  let byte = bytes[at++];
  if (byte === undefined) return Number.NaN;
  const isNegative = (byte & 1) === 1;
  let magnitude = (byte & 127) >>> 1;
  let factor = 64;
  while (byte >= 128) {
    byte = bytes[at++];
    if (byte === undefined || byte === 0) return Number.NaN;
    magnitude += (byte & 127) * factor;
    if (magnitude > wireIntegerMax) return Number.NaN;
    factor *= 128;
  }
  cursor.at = at;
  if (!isNegative) return magnitude;
  return magnitude === wireIntegerMax ? Number.NaN : -magnitude - 1;
}

/** Writes a whole number ≥ 0 and gives the place after it. */
export function writeVarint(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest >= 128) {
    // `&` takes a double modulo 2^32 first, so the low bits are right at any size.
    bytes[at++] = (rest & 127) | 128;
    rest = Math.floor(rest / 128);
  }
  bytes[at++] = rest;
  return at;
}

/** Writes a whole number of either sign and gives the place after it. */
export function writeZigZag(bytes: Uint8Array, start: number, value: number): number {
  const sign = value < 0 ? 1 : 0;
  const magnitude = sign === 1 ? -value - 1 : value;
  if (magnitude < 64) {
    bytes[start] = (magnitude << 1) | sign;
    return start + 1;
  }
  bytes[start] = ((magnitude & 63) << 1) | sign | 128;
  return writeVarint(bytes, start + 1, Math.floor(magnitude / 64));
}

export function sizeOfVarint(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

export function sizeOfZigZag(value: number): number {
  const magnitude = value < 0 ? -value - 1 : value;
  if (magnitude < 64) return 1;
  if (magnitude < 8_192) return 2;
  return 1 + sizeOfVarint(Math.floor(magnitude / 64));
}
