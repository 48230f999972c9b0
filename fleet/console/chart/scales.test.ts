import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { axisTicks, axisTop } from "./scales.ts";

test("shares use one of four scales, and never more than a hundred per cent", () => {
  expect([null, 0.03, 0.1, 0.11, 0.3, 0.51, 1].map((share) => axisTop(share, "1"))).toEqual([
    0.1, 0.1, 0.1, 0.25, 0.5, 1, 1,
  ]);
  expect(axisTicks(0.25, "1").at(-1)).toBe(0.25);
  expect(axisTicks(1, "1")).toEqual([0, 0.25, 0.5, 0.75, 1]);
});

test.each([
  [412, "W", 500],
  [96, "W", 100],
  [97, "W", 150],
  [1_000_000, "By/s", 1_500_000],
  [71, "Cel", 100],
  [null, "W", 10],
  [0, "By/s", 1_000],
  [3 * 1_024 ** 3, "By", 4 * 1_024 ** 3],
])("up to %s %s the axis goes to %d", (highest, unit, top) => {
  expect(axisTop(highest, unit)).toBe(top);
});

test.each([
  [500, "W", [0, 100, 200, 300, 400, 500]],
  [150, "W", [0, 50, 100, 150]],
  [1_500_000, "By/s", [0, 500_000, 1_000_000, 1_500_000]],
  [100, "Cel", [0, 20, 40, 60, 80, 100]],
  [4 * 1_024 ** 3, "By", [0, 1, 2, 3, 4].map((gibibytes) => gibibytes * 1_024 ** 3)],
])("an axis to %d %s is marked at round figures", (top, unit, ticks) => {
  expect(axisTicks(top, unit)).toEqual(ticks);
});

test("whatever the value: it fits, the axis starts at zero and has three to seven marks", () => {
  const units = fc.constantFrom("W", "By", "By/s", "Cel", "rpm", "s");
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1e13, noNaN: true }), units, (highest, unit) => {
      const top = axisTop(highest, unit);
      const ticks = axisTicks(top, unit);
      expect(top).toBeGreaterThanOrEqual(highest);
      expect(ticks[0]).toBe(0);
      expect(ticks.length).toBeGreaterThanOrEqual(3);
      expect(ticks.length).toBeLessThanOrEqual(7);
    }),
  );
});
