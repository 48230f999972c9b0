import type { ByteCursor } from "#proto/codec/varints.ts";
import { CorruptBytes, takeByte, takeVarint, takeZigZag } from "./byte-reader.ts";
import { type ByteWriter, putByte, putVarint, putZigZag, reserveBytes } from "./byte-writer.ts";

/** Numbers that share one width in bits. */
export const groupSize = 128;

/**
 * Whole numbers in as few bits as their spread asks for. Two readings are tried, the numbers above
 * their minimum and the zig-zag differences, each divided by what all of them are multiples of; the
 * smaller one is written. Groups of 128 numbers have a width each. Numbers whose spread a double
 * does not hold exactly are written one by one. `numbers` is written over.
 */
export function putIntegers(writer: ByteWriter, numbers: Float64Array): void {
  const shape = measure(numbers);
  if (shape === null) {
    putByte(writer, modes.single);
    for (const number of numbers) putZigZag(writer, number);
    return;
  }
  const isAbove = shape.aboveBits <= shape.differenceBits;
  putByte(writer, isAbove ? modes.aboveMinimum : modes.differences);
  putZigZag(writer, isAbove ? shape.min : shape.first);
  putVarint(writer, isAbove ? shape.aboveDivisor : shape.differenceDivisor);
  if (isAbove) toAboveMinimum(numbers, shape.min, shape.aboveDivisor);
  else toDifferences(numbers, shape.differenceDivisor);
  putGroups(writer, numbers);
}

/** Exactly `count` numbers. Throws CorruptBytes. */
export function takeIntegers(cursor: ByteCursor, count: number): Float64Array {
  const numbers = new Float64Array(count);
  const mode = takeByte(cursor);
  if (mode === modes.single) {
    for (let index = 0; index < count; index += 1) numbers[index] = takeZigZag(cursor);
    return numbers;
  }
  if (mode !== modes.aboveMinimum && mode !== modes.differences) {
    throw new CorruptBytes(`no way to pack numbers is called ${mode}`);
  }
  const base = takeZigZag(cursor);
  const divisor = takeVarint(cursor);
  takeGroups(cursor, numbers);
  if (mode === modes.aboveMinimum) {
    for (let index = 0; index < count; index += 1) {
      numbers[index] = base + (numbers[index] ?? 0) * divisor;
    }
    return numbers;
  }
  let number = base;
  for (let index = 0; index < count; index += 1) {
    const part = numbers[index] ?? 0;
    const half = Math.floor(part / 2);
    number += (part % 2 === 0 ? half : -half - 1) * divisor;
    numbers[index] = number;
  }
  return numbers;
}

const modes = { aboveMinimum: 0, differences: 1, single: 2 } as const;

/** What both readings would be, found without making either. */
interface Shape {
  readonly first: number;
  readonly min: number;
  readonly aboveDivisor: number;
  readonly differenceDivisor: number;
  readonly aboveBits: number;
  readonly differenceBits: number;
}

/** null: the spread is more than a double holds exactly, with the bit that a difference's sign takes. */
function measure(numbers: Float64Array): Shape | null {
  const first = numbers[0] ?? 0;
  let min = first;
  let max = first;
  for (let index = 0; index < numbers.length; index += 1) {
    const number = numbers[index] ?? 0;
    if (number < min) min = number;
    if (number > max) max = number;
  }
  if (max - min >= 2 ** 52) return null;
  let aboveDivisor = 0;
  let differenceDivisor = 0;
  let before = first;
  for (let index = 0; index < numbers.length; index += 1) {
    // Most columns have none but 1: then there is nothing more to find.
    if (aboveDivisor === 1 && differenceDivisor === 1) break;
    const number = numbers[index] ?? 0;
    if (aboveDivisor !== 1) aboveDivisor = commonDivisor(aboveDivisor, number - min);
    if (differenceDivisor !== 1) {
      differenceDivisor = commonDivisor(differenceDivisor, Math.abs(number - before));
    }
    before = number;
  }
  aboveDivisor = Math.max(1, aboveDivisor);
  differenceDivisor = Math.max(1, differenceDivisor);

  let aboveBits = 0;
  let differenceBits = 0;
  before = first;
  for (let from = 0; from < numbers.length; from += groupSize) {
    const to = Math.min(numbers.length, from + groupSize);
    let top = min;
    let rise = 0;
    let fall = 0;
    for (let index = from; index < to; index += 1) {
      const number = numbers[index] ?? 0;
      const difference = number - before;
      before = number;
      if (number > top) top = number;
      if (difference > rise) rise = difference;
      else if (difference < fall) fall = difference;
    }
    aboveBits += groupBits(bitsOf((top - min) / aboveDivisor), to - from);
    const zigZag = Math.max(2 * rise, -2 * fall - differenceDivisor) / differenceDivisor;
    differenceBits += groupBits(bitsOf(Math.max(0, zigZag)), to - from);
  }
  return { first, min, aboveDivisor, differenceDivisor, aboveBits, differenceBits };
}

function toAboveMinimum(numbers: Float64Array, min: number, divisor: number): void {
  for (let index = 0; index < numbers.length; index += 1) {
    numbers[index] = ((numbers[index] ?? 0) - min) / divisor;
  }
}

function toDifferences(numbers: Float64Array, divisor: number): void {
  let before = numbers[0] ?? 0;
  for (let index = 0; index < numbers.length; index += 1) {
    const number = numbers[index] ?? 0;
    const part = (number - before) / divisor;
    before = number;
    numbers[index] = part < 0 ? -2 * part - 1 : 2 * part;
  }
}

function commonDivisor(left: number, right: number): number {
  let divisor = left;
  let rest = right;
  while (rest !== 0) {
    const next = divisor % rest;
    divisor = rest;
    rest = next;
  }
  return divisor;
}

function bitsOf(number: number): number {
  return number < 2 ** 32 ? 32 - Math.clz32(number) : 32 + bitsOf(Math.floor(number / 2 ** 32));
}

function groupBits(width: number, count: number): number {
  return 8 + 8 * Math.ceil((width * count) / 8);
}

/** Bits that are handled at a time: with up to seven left over they stay within 31. */
const wordBits = 24;
const wordFactor = 2 ** wordBits;

function putGroups(writer: ByteWriter, parts: Float64Array): void {
  for (let from = 0; from < parts.length; from += groupSize) {
    const to = Math.min(parts.length, from + groupSize);
    let max = 0;
    for (let index = from; index < to; index += 1) {
      const part = parts[index] ?? 0;
      if (part > max) max = part;
    }
    const width = bitsOf(max);
    putByte(writer, width);
    reserveBytes(writer, Math.ceil((width * (to - from)) / 8));
    if (width <= wordBits) writer.at = putNarrow(writer.bytes, writer.at, parts, from, to, width);
    else writer.at = putWide(writer.bytes, writer.at, parts, from, to, width);
  }
}

function putNarrow(
  bytes: Uint8Array,
  start: number,
  parts: Float64Array,
  from: number,
  to: number,
  width: number,
): number {
  let at = start;
  let held = 0;
  let heldBits = 0;
  for (let index = from; index < to; index += 1) {
    held |= (parts[index] ?? 0) << heldBits;
    heldBits += width;
    while (heldBits >= 8) {
      bytes[at++] = held;
      held >>>= 8;
      heldBits -= 8;
    }
  }
  if (heldBits > 0) bytes[at++] = held;
  return at;
}

function putWide(
  bytes: Uint8Array,
  start: number,
  parts: Float64Array,
  from: number,
  to: number,
  width: number,
): number {
  let at = start;
  let held = 0;
  let heldBits = 0;
  for (let index = from; index < to; index += 1) {
    let rest = parts[index] ?? 0;
    for (let left = width; left > 0; left -= wordBits) {
      const bits = Math.min(left, wordBits);
      held |= (rest % wordFactor) << heldBits;
      rest = Math.floor(rest / wordFactor);
      heldBits += bits;
      while (heldBits >= 8) {
        bytes[at++] = held;
        held >>>= 8;
        heldBits -= 8;
      }
    }
  }
  if (heldBits > 0) bytes[at++] = held;
  return at;
}

function takeGroups(cursor: ByteCursor, parts: Float64Array): void {
  const { bytes } = cursor;
  for (let from = 0; from < parts.length; from += groupSize) {
    const to = Math.min(parts.length, from + groupSize);
    const width = takeByte(cursor);
    let at = cursor.at;
    const end = at + Math.ceil((width * (to - from)) / 8);
    if (width > 53 || end > bytes.length) throw new CorruptBytes("packed numbers end too soon");
    let held = 0;
    let heldBits = 0;
    for (let index = from; index < to; index += 1) {
      let part = 0;
      let factor = 1;
      for (let left = width; left > 0; left -= wordBits) {
        const bits = left < wordBits ? left : wordBits;
        while (heldBits < bits) {
          held |= (bytes[at] ?? 0) << heldBits;
          at += 1;
          heldBits += 8;
        }
        part += (held & ((1 << bits) - 1)) * factor;
        held >>>= bits;
        heldBits -= bits;
        factor *= wordFactor;
      }
      parts[index] = part;
    }
    cursor.at = end;
  }
}
