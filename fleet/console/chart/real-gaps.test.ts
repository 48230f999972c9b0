import { expect, test } from "vitest";
import { isolatedRows, realGaps } from "./real-gaps.ts";

const every = (step: number, count: number) =>
  Array.from({ length: step * count }, (_, row) => (row % step === 0 ? row : null));

test("every second seen but one: that one is a gap", () => {
  expect(realGaps([1, 2, null, 4, 5])).toEqual([{ from: 1, to: 3 }]);
  expect(realGaps([1, 2, 3])).toEqual([]);
});

test("a part that is read every ten seconds has no gap, until a reading is missing", () => {
  const values = every(10, 8);
  expect(realGaps(values)).toEqual([]);
  expect(isolatedRows(values)).toEqual([]);
  const late = [...values.slice(0, 40), null, ...values.slice(40)];
  expect(realGaps(late)).toEqual([]);
  values[30] = null;
  values[40] = null;
  expect(realGaps(values)).toEqual([{ from: 20, to: 50 }]);
});

test("a point alone between gaps is found, so that it can be drawn", () => {
  const long = [...every(1, 10), null, null, 5, null, null, ...every(1, 10)];
  expect(isolatedRows(long)).toEqual([12]);
  expect(isolatedRows([null, 7, null])).toEqual([1]);
  expect(isolatedRows([null, undefined])).toEqual([]);
});
