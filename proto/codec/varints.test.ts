import { fc } from "#test/support/properties.ts";
import { describe, expect, test } from "vitest";
import { wireIntegerMax } from "#proto/vocabulary/wire-limits.ts";
import {
  readVarint,
  readZigZag,
  sizeOfVarint,
  sizeOfZigZag,
  writeVarint,
  writeZigZag,
} from "./varints.ts";

const runs = { seed: 20_261_101, numRuns: 3_000 };
const anySigned = fc.oneof(fc.integer(), fc.maxSafeInteger());
const edges = [0, 1, 63, 64, 127, 128, 8_191, 8_192, 2 ** 31, 2 ** 32, 2 ** 52, wireIntegerMax];

/** The form by definition, in whole 64-bit arithmetic. */
function varintBytes(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}
const zigZag = (value: number) => (value < 0 ? BigInt(value) * -2n - 1n : BigInt(value) * 2n);

describe("varints", () => {
  test.each([...edges, ...edges.map((edge) => -edge)])(
    "%d reads back as itself, signed",
    (value) => {
      const bytes = new Uint8Array(12);
      const end = writeZigZag(bytes, 0, value);
      expect([...bytes.subarray(0, end)]).toEqual(varintBytes(zigZag(value)));
      expect(sizeOfZigZag(value)).toBe(end);
      const cursor = { bytes: bytes.subarray(0, end), at: 0 };
      expect(readZigZag(cursor)).toBe(value === 0 ? 0 : value);
      expect(cursor.at).toBe(end);
    },
  );

  test("signed numbers have protobuf's bytes, size and meaning", () => {
    fc.assert(
      fc.property(anySigned, (value) => {
        const bytes = new Uint8Array(12);
        const end = writeZigZag(bytes, 0, value);
        expect([...bytes.subarray(0, end)]).toEqual(varintBytes(zigZag(value)));
        expect(sizeOfZigZag(value)).toBe(end);
        expect(readZigZag({ bytes, at: 0 })).toBe(value + 0);
      }),
      runs,
    );
  });

  test("unsigned numbers have protobuf's bytes, size and meaning", () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(), fc.maxSafeNat()), (value) => {
        const bytes = new Uint8Array(12);
        const end = writeVarint(bytes, 0, value);
        expect([...bytes.subarray(0, end)]).toEqual(varintBytes(BigInt(value)));
        expect(sizeOfVarint(value)).toBe(end);
        expect(readVarint({ bytes, at: 0 })).toBe(value);
      }),
      runs,
    );
  });

  test.each([
    ["nothing", []],
    ["one that is cut short", [0x80]],
    ["one longer than its shortest form", [0x81, 0x00]],
    ["2^53", varintBytes(2n ** 53n)],
    ["2^64 − 1", varintBytes(2n ** 64n - 1n)],
    ["one of eleven bytes", [...Array.from({ length: 10 }, () => 0xff), 0x01]],
  ])("%s is refused unsigned", (_, bytes) => {
    const cursor = { bytes: Uint8Array.from(bytes), at: 0 };
    expect(readVarint(cursor)).toBeNaN();
    expect(cursor.at).toBe(0);
  });

  test.each([
    ["nothing", []],
    ["one that is cut short", [0xff, 0xff]],
    ["one longer than its shortest form", [0x81, 0x80, 0x00]],
    ["2^53", varintBytes(2n ** 54n)],
    ["−2^53", varintBytes(2n ** 54n - 1n)],
    ["the largest of 64 bits", varintBytes(2n ** 64n - 1n)],
  ])("%s is refused signed", (_, bytes) => {
    expect(readZigZag({ bytes: Uint8Array.from(bytes), at: 0 })).toBeNaN();
  });
});
