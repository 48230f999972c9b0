import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { createByteWriter, writtenBytes } from "./byte-writer.ts";
import { putIntegers, takeIntegers } from "./packed-integers.ts";

function pack(numbers: readonly number[]): Uint8Array {
  const writer = createByteWriter(1);
  putIntegers(writer, Float64Array.from(numbers));
  return writtenBytes(writer);
}

function unpack(bytes: Uint8Array, count: number): readonly number[] {
  const cursor = { bytes, at: 0 };
  const numbers = [...takeIntegers(cursor, count)];
  expect(cursor.at).toBe(bytes.length);
  return numbers;
}

const max = Number.MAX_SAFE_INTEGER;
const small = fc.integer({ min: -300, max: 300 });
const middle = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const large = fc.integer({ min: -max, max });

test.each([
  ["small", small],
  ["of all sizes", fc.oneof(small, middle, large)],
  ["as large as they come", fc.constantFrom(max, -max, max - 1, 1 - max, 0, 2 ** 52)],
  ["multiples of a page", middle.map((number) => number * 4_096)],
])("numbers that are %s come back as they were", (_, number) => {
  fc.assert(
    fc.property(fc.array(number, { maxLength: 400 }), (numbers) => {
      expect(unpack(pack(numbers), numbers.length)).toEqual(numbers.map((one) => one + 0));
    }),
  );
});

test("every width from none to the widest comes back", () => {
  for (let width = 0; width <= 52; width += 1) {
    const numbers = Array.from({ length: 130 }, (_, index) => (index % 2) * (2 ** width - 1));
    expect(unpack(pack(numbers), numbers.length)).toEqual(numbers);
  }
});

test("a number that does not change takes next to nothing", () => {
  expect(pack(Array.from({ length: 3_600 }, () => 123_456_789)).length).toBeLessThan(40);
});

test("counters in pages take no bits for what is always zero", () => {
  const numbers = Array.from({ length: 1_280 }, (_, index) => ((index * 7) % 16) * 4_096);
  expect(pack(numbers).length).toBeLessThan(1_280 / 2 + 40);
});

test("a value that climbs steadily is kept by its steps", () => {
  const numbers = Array.from({ length: 1_280 }, (_, index) => 1e12 + index * 1_000_003);
  expect(pack(numbers).length).toBeLessThan(400);
});

test("bytes that are cut short are refused", () => {
  const bytes = pack(Array.from({ length: 300 }, (_, index) => (index * 7_919) % 1_000));
  for (let length = 0; length < bytes.length; length += 1) {
    expect(() => takeIntegers({ bytes: bytes.slice(0, length), at: 0 }, 300)).toThrow();
  }
});
