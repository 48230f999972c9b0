import type { ByteCursor } from "#proto/codec/varints.ts";
import { CorruptBytes, takeByte, takeBytes, takeVarint } from "./byte-reader.ts";
import { type ByteWriter, putByte, putBytes, putVarint } from "./byte-writer.ts";
import { putIntegers, takeIntegers } from "./packed-integers.ts";

/** One series over a run: its index in the dictionary, and a number a step, NaN where not seen. */
export interface BlockColumn {
  readonly series: number;
  readonly integers: Float64Array;
}

/** Columns of one chunk, one after the other: a bitmap is often the same as that of the one before. */
export function putColumns(
  writer: ByteWriter,
  columns: readonly BlockColumn[],
  steps: number,
): void {
  putVarint(writer, columns.length);
  let bitmap: Uint8Array = new Uint8Array(0);
  for (const { series, integers } of columns) {
    const seen = seenIntegers(integers, steps);
    putVarint(writer, series);
    if (seen.length === steps) putByte(writer, presences.all);
    else {
      const own = bitmapOf(integers, steps);
      const isSame = areEqual(own, bitmap);
      putByte(writer, isSame ? presences.asBefore : presences.own);
      if (!isSame) putBytes(writer, own);
      bitmap = own;
    }
    putIntegers(writer, seen);
  }
}

/** Calls `visit` for the columns whose series is wanted. Throws CorruptBytes. */
export function takeColumns(
  cursor: ByteCursor,
  steps: number,
  visit: (column: BlockColumn) => void,
): void {
  const count = takeVarint(cursor);
  let bitmap: Uint8Array = new Uint8Array(0);
  for (let index = 0; index < count; index += 1) {
    const series = takeVarint(cursor);
    const presence = takeByte(cursor);
    if (presence === presences.own) bitmap = takeBytes(cursor, (steps + 7) >>> 3);
    else if (presence > presences.own) throw new CorruptBytes("no bitmap is of this kind");
    if (presence === presences.all) {
      visit({ series, integers: takeIntegers(cursor, steps) });
      continue;
    }
    const seen = takeIntegers(cursor, countBits(bitmap));
    visit({ series, integers: spread(seen, bitmap, steps) });
  }
}

const presences = { all: 0, asBefore: 1, own: 2 } as const;

function seenIntegers(integers: Float64Array, steps: number): Float64Array {
  const seen = new Float64Array(steps);
  let count = 0;
  for (let step = 0; step < steps; step += 1) {
    const integer = integers[step] ?? Number.NaN;
    if (Number.isNaN(integer)) continue;
    seen[count] = integer;
    count += 1;
  }
  return count === steps ? seen : seen.subarray(0, count);
}

function spread(seen: Float64Array, bitmap: Uint8Array, steps: number): Float64Array {
  const integers = new Float64Array(steps).fill(Number.NaN);
  let at = 0;
  for (let step = 0; step < steps; step += 1) {
    if (((bitmap[step >>> 3] ?? 0) & (1 << (step & 7))) === 0) continue;
    integers[step] = seen[at] ?? Number.NaN;
    at += 1;
  }
  return integers;
}

function bitmapOf(integers: Float64Array, steps: number): Uint8Array {
  const bitmap = new Uint8Array((steps + 7) >>> 3);
  for (let step = 0; step < steps; step += 1) {
    // A column ends where its series was last seen.
    if (Number.isNaN(integers[step] ?? Number.NaN)) continue;
    bitmap[step >>> 3] = (bitmap[step >>> 3] ?? 0) | (1 << (step & 7));
  }
  return bitmap;
}

function countBits(bitmap: Uint8Array): number {
  let count = 0;
  for (const byte of bitmap) {
    for (let bits = byte; bits !== 0; bits &= bits - 1) count += 1;
  }
  return count;
}

function areEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
