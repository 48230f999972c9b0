import type { ByteCursor } from "#proto/codec/varints.ts";
import { CorruptBytes, takeByte, takeVarint, takeZigZag } from "./byte-reader.ts";
import { type ByteWriter, putByte, putVarint, putZigZag, reserveBytes } from "./byte-writer.ts";

/** Numbers that share one width in bits. */
export const groupSize = 128;

/**
 * Whole numbers in as few bits as their spread asks for. Two readings are tried, the numbers above
 * their minimum and the zig-zag differences, each divided by what all of them are multiples of; the
 * smaller one is written. Groups of 128 numbers have a width each. Numbers whose spread a double
 * does not hold exactly are written one by one.
 */
export function putIntegers(writer: ByteWriter, numbers: Float64Array): void {
  const above = aboveMinimum(numbers);
  if (above === null) {
    putByte(writer, modes.single);
    for (const number of numbers) putZigZag(writer, number);
    return;
  }
  const steps = differences(numbers);
  const chosen =
    steps !== null && packedBits(steps.parts) < packedBits(above.parts) ? steps : above;
  putByte(writer, chosen === above ? modes.aboveMinimum : modes.differences);
  putZigZag(writer, chosen.base);
  putVarint(writer, chosen.divisor);
  putGroups(writer, chosen.parts);
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

interface Reading {
  readonly base: number;
  readonly divisor: number;
  /** ≥ 0, after the division. */
  readonly parts: Float64Array;
}

/** null: the spread is more than a double holds exactly. */
function aboveMinimum(numbers: Float64Array): Reading | null {
  let min = numbers[0] ?? 0;
  let max = min;
  for (const number of numbers) {
    if (number < min) min = number;
    if (number > max) max = number;
  }
  // Halved, for the zig-zag of a difference needs one bit more.
  if (max - min >= 2 ** 52) return null;
  const parts = new Float64Array(numbers.length);
  for (let index = 0; index < parts.length; index += 1) parts[index] = (numbers[index] ?? 0) - min;
  const divisor = commonDivisor(parts);
  if (divisor > 1) divideBy(parts, divisor);
  return { base: min, divisor, parts };
}

/** null: no better than the numbers themselves can be. */
function differences(numbers: Float64Array): Reading | null {
  if (numbers.length < 2) return null;
  const base = numbers[0] ?? 0;
  const parts = new Float64Array(numbers.length);
  let before = base;
  for (let index = 0; index < parts.length; index += 1) {
    const number = numbers[index] ?? 0;
    parts[index] = number - before;
    before = number;
  }
  const divisor = commonDivisor(parts);
  if (divisor > 1) divideBy(parts, divisor);
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] ?? 0;
    parts[index] = part < 0 ? -2 * part - 1 : 2 * part;
  }
  return { base, divisor, parts };
}

/** At least 1. Stops early: most columns have none. */
function commonDivisor(parts: Float64Array): number {
  let divisor = 0;
  for (const part of parts) {
    let rest = Math.abs(part);
    while (rest !== 0) {
      const next = divisor % rest;
      divisor = rest;
      rest = next;
    }
    if (divisor === 1) return 1;
  }
  return Math.max(1, divisor);
}

function divideBy(parts: Float64Array, divisor: number): void {
  for (let index = 0; index < parts.length; index += 1) {
    parts[index] = (parts[index] ?? 0) / divisor;
  }
}

function widthOf(parts: Float64Array, from: number, to: number): number {
  let max = 0;
  for (let index = from; index < to; index += 1) max = Math.max(max, parts[index] ?? 0);
  return bitsOf(max);
}

function bitsOf(number: number): number {
  return number < 2 ** 32 ? 32 - Math.clz32(number) : 32 + bitsOf(Math.floor(number / 2 ** 32));
}

function packedBits(parts: Float64Array): number {
  let bits = 0;
  for (let from = 0; from < parts.length; from += groupSize) {
    const to = Math.min(parts.length, from + groupSize);
    bits += 8 + 8 * Math.ceil((widthOf(parts, from, to) * (to - from)) / 8);
  }
  return bits;
}

/** Bits that are handled at a time: with up to seven left over they stay within 31. */
const wordBits = 24;

function putGroups(writer: ByteWriter, parts: Float64Array): void {
  for (let from = 0; from < parts.length; from += groupSize) {
    const to = Math.min(parts.length, from + groupSize);
    const width = widthOf(parts, from, to);
    putByte(writer, width);
    reserveBytes(writer, Math.ceil((width * (to - from)) / 8));
    const { bytes } = writer;
    let at = writer.at;
    let held = 0;
    let heldBits = 0;
    for (let index = from; index < to; index += 1) {
      let rest = parts[index] ?? 0;
      for (let left = width; left > 0; left -= wordBits) {
        const bits = Math.min(left, wordBits);
        held |= (rest % 2 ** bits) << heldBits;
        rest = Math.floor(rest / 2 ** bits);
        heldBits += bits;
        while (heldBits >= 8) {
          bytes[at] = held;
          at += 1;
          held >>>= 8;
          heldBits -= 8;
        }
      }
    }
    if (heldBits > 0) {
      bytes[at] = held;
      at += 1;
    }
    writer.at = at;
  }
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
        factor *= 2 ** wordBits;
      }
      parts[index] = part;
    }
    cursor.at = end;
  }
}
