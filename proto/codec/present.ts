/**
 * Which steps of a column were seen: one bit a step, lowest first, unused bits zero. Empty means
 * all of them, and is the only way to say so.
 */
export function isSeen(present: Uint8Array, step: number): boolean {
  return present.length === 0 || (((present[step >>> 3] ?? 0) >>> (step & 7)) & 1) === 1;
}

/** The bitmap in its one wire form: own bytes, exact length, empty when every step was seen. */
export function presentBytes(present: Uint8Array, steps: number, count: number): Uint8Array {
  if (count === steps) return noBytes;
  const bytes = new Uint8Array((steps + 7) >>> 3);
  bytes.set(present.subarray(0, bytes.length));
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] ?? 0) & lastByteMask(steps);
  return bytes;
}

/** Steps seen; NaN when the bytes are not the one form for so many steps. */
export function countSeen(present: Uint8Array, steps: number): number {
  if (present.length === 0) return steps;
  if (present.length !== (steps + 7) >>> 3) return Number.NaN;
  if (((present[present.length - 1] ?? 0) & ~lastByteMask(steps)) !== 0) return Number.NaN;
  let count = 0;
  for (let index = 0; index < present.length; index += 1) {
    let bits = present[index] ?? 0;
    bits -= (bits >>> 1) & 0x55;
    bits = (bits & 0x33) + ((bits >>> 2) & 0x33);
    count += (bits + (bits >>> 4)) & 0x0f;
  }
  return count === steps ? Number.NaN : count;
}

function lastByteMask(steps: number): number {
  const bits = steps & 7;
  return bits === 0 ? 0xff : (1 << bits) - 1;
}

/** Every step was seen. */
const noBytes = new Uint8Array(0);
