/**
 * CRC-32 (IEEE 802.3, as zlib's) carried on over many short byte strings: begin with 0, hand the
 * answer to the next call. In JavaScript because a column is some twenty bytes in four pieces, and
 * a call into zlib costs more than that.
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  return crc32OfRange(bytes, 0, bytes.length, before);
}

/** The same over the bytes from `start` to before `end`. */
export function crc32OfRange(
  bytes: Uint8Array,
  start: number,
  end: number,
  before: number,
): number {
  let crc = ~before;
  for (let index = start; index < end; index += 1) {
    crc = (crc >>> 8) ^ (table[(crc ^ (bytes[index] ?? 0)) & 0xff] ?? 0);
  }
  return ~crc >>> 0;
}

/** The same over the four bytes of an unsigned number, lowest first. */
export function crc32OfUint32(value: number, before: number): number {
  let crc = ~before;
  for (let shift = 0; shift < 32; shift += 8) {
    crc = (crc >>> 8) ^ (table[(crc ^ (value >>> shift)) & 0xff] ?? 0);
  }
  return ~crc >>> 0;
}

const table = Int32Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});
