import { expect, test } from "vitest";
import { type Series, scaleOf } from "./series.ts";
import { unknownIdentity } from "./state.ts";

const series: Series = {
  metric: "system.disk.io",
  attributes: [],
  exponent: 0,
  quantum: 512,
  cadenceMs: 1_000,
};

test.each([
  [0, 512, 1, 512],
  [0, 1, 40, 40],
  [-3, 1, 41_250, 41.25],
  [-6, 1, 1, 0.000_001],
  [3, 4, 2, 8_000],
])("10^%d × %d × %d is %d", (exponent, quantum, integer, value) => {
  expect(integer * scaleOf({ ...series, exponent, quantum })).toBeCloseTo(value, 9);
});

test("an identity of which nothing is known says nothing", () => {
  const { components, ...facts } = unknownIdentity;
  expect(components).toEqual([]);
  expect(new Set(Object.values(facts))).toEqual(new Set([null]));
});
