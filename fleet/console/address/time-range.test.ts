import { expect, test } from "vitest";
import {
  fixedRange,
  lastRange,
  presetNames,
  presets,
  readRange,
  writeRange,
} from "./time-range.ts";

const read = (text: string) => readRange(new URLSearchParams(text));

test("an address without a range shows the last five minutes, second by second", () => {
  expect(read("")).toEqual({ kind: "last", preset: "5m", spanMs: 300_000, stepMs: 1_000 });
});

test.each(presetNames)("%s survives the address, with at most 900 points", (preset) => {
  const range = lastRange(preset);
  expect(readRange(writeRange(new URLSearchParams(), range))).toEqual(range);
  expect(presets[preset].spanMs / presets[preset].stepMs).toBeLessThanOrEqual(900);
});

test("a zoomed range survives the address and remembers where a double click leads", () => {
  const range = fixedRange(1_700_000_000_400, 1_700_000_060_700, "1h");
  expect(range).toMatchObject({
    fromMs: 1_700_000_000_000,
    toMs: 1_700_000_061_000,
    stepMs: 1_000,
  });
  expect(readRange(writeRange(new URLSearchParams("x=1"), range))).toEqual(range);
  expect(writeRange(new URLSearchParams("x=1"), range).get("x")).toBe("1");
  expect(lastRange(range.preset)).toMatchObject({ kind: "last", preset: "1h" });
});

test("a slip of the mouse still gives ten seconds", () => {
  const range = fixedRange(60_000, 60_100, "5m");
  expect(range.kind === "fixed" && range.toMs - range.fromMs).toBe(11_000);
});

test("a month is shown in steps of an hour or more, at most 900 of them", () => {
  const range = fixedRange(0, 60 * 86_400_000, "24h");
  expect(range.stepMs % 3_600_000).toBe(0);
  expect(range.kind === "fixed" && (range.toMs - range.fromMs) / range.stepMs).toBeLessThanOrEqual(
    902,
  );
});

test.each([
  "range=2y",
  "range=constructor",
  "from=5&to=4",
  "from=-1&to=x",
  "from=1e3&to=9999",
  "to=100000",
])("nonsense (%s) falls back to a range that works", (text) => {
  expect(read(text)).toEqual(read(""));
});
