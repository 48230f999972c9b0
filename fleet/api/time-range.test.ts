import { expect, test } from "vitest";
import { ApiError } from "./problems.ts";
import { readTimeRange } from "./time-range.ts";

const nowMs = 1_790_000_000_500;
const known = { nowMs, newestMs: null };

test("the last 15 minutes by seconds where nothing is said", () => {
  expect(readTimeRange({}, known)).toEqual({
    fromMs: 1_789_999_100_000,
    toMs: 1_790_000_001_000,
    stepMs: 1_000,
  });
});

test("the range ends with the newest point on disk when that is fresh", () => {
  const newestMs = nowMs - 7_500;
  expect(readTimeRange({}, { nowMs, newestMs }).toMs).toBe(newestMs + 1_000);
  expect(readTimeRange({ to: "now" }, { nowMs, newestMs }).toMs).toBe(1_790_000_001_000);
});

test("silence shows: an old newest point, or one from the future, does not move the end", () => {
  const end = readTimeRange({}, known).toMs;
  expect(readTimeRange({}, { nowMs, newestMs: nowMs - 60_000 }).toMs).toBe(end);
  expect(readTimeRange({}, { nowMs, newestMs: nowMs + 1 }).toMs).toBe(end);
});

test.each([
  ["-15m", 1_000],
  ["-1h", 5_000],
  ["-6h", 30_000],
  ["-1d", 120_000],
  ["-7d", 900_000],
  ["-30d", 3_600_000],
  ["-3000d", 259_200_000],
])("from %s gives a usual step of at most 1,000 points", (from, stepMs) => {
  const range = readTimeRange({ from }, known);
  expect(range.stepMs).toBe(stepMs);
  expect((range.toMs - range.fromMs) / stepMs).toBeLessThanOrEqual(1_001);
});

test("both ends are widened to the step", () => {
  const range = readTimeRange({ from: "1789999999999", to: "1790000000001", step: "10s" }, known);
  expect(range).toEqual({ fromMs: 1_789_999_990_000, toMs: 1_790_000_010_000, stepMs: 10_000 });
});

test.each([
  ["1s", 1_000],
  ["1000", 1_000],
  ["2000ms", 2_000],
  ["5m", 300_000],
  ["1h", 3_600_000],
])("step %s is %i ms", (step, stepMs) => {
  expect(readTimeRange({ step }, known).stepMs).toBe(stepMs);
});

test.each([
  { step: "1" },
  { step: "0s" },
  { step: "1.5s" },
  { step: "-1s" },
  { step: "99999999d999" },
  { from: "yesterday" },
  { from: "-5" },
  { to: "+5m" },
  { from: "-99999999999m" },
  { from: "now", to: "-1m" },
  { from: "1790000000000", to: "1790000000000" },
])("%o is refused with what to write instead", (asked) => {
  expect(() => readTimeRange(asked, known)).toThrow(ApiError);
  try {
    readTimeRange(asked, known);
  } catch (error) {
    expect(error).toMatchObject({ code: "time-range-invalid" });
  }
});
