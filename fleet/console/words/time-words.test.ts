import { expect, test } from "vitest";
import {
  formatAbsolute,
  formatAgo,
  formatDuration,
  formatDurationShort,
  formatTime,
  knownZone,
} from "./time-words.ts";

const minute = 60_000;
const hour = 60 * minute;
const springNight = Date.UTC(2026, 2, 29, 1, 30, 5);

test.each([
  [0, "0 s"],
  [-4_000, "0 s"],
  [59_999, "59 s"],
  [minute, "1 min"],
  [3 * minute + 20_000, "3 min 20 s"],
  [2 * hour + 5 * minute, "2 h 5 min"],
  [47 * hour, "47 h"],
  [76 * hour, "3 d 4 h"],
])("%i ms is said as %s", (durationMs, words) => {
  expect(formatDuration(durationMs)).toBe(words);
});

test("a table's cell gets the larger unit only", () => {
  expect(formatDurationShort(3 * minute + 20_000)).toBe("3 min");
});

test("a moment ago is now, and two clocks a little apart are too", () => {
  expect(formatAgo(10_000, 11_000)).toBe("now");
  expect(formatAgo(10_000, 8_000)).toBe("now");
  expect(formatAgo(10_000, 40_000)).toBe("30 s ago");
});

test("a time that lies clearly ahead is said to", () => {
  expect(formatAgo(hour, 0)).toBe("in 1 h");
});

test("an absolute time is the site's own, with the zone's name of that night", () => {
  expect(formatAbsolute(springNight, "Europe/Berlin")).toBe("2026-03-29 03:30:05 CEST");
  expect(formatAbsolute(springNight - hour, "Europe/Berlin")).toBe("2026-03-29 01:30:05 CET");
  expect(formatAbsolute(springNight, "UTC")).toBe("2026-03-29 01:30:05 UTC");
});

test("parts of a time keep their order", () => {
  expect(formatTime(springNight, "UTC", "time-minutes")).toBe("01:30");
  expect(formatTime(springNight, "UTC", "date-minutes")).toBe("03-29 01:30");
});

test("midnight is 00, not 24", () => {
  expect(formatTime(Date.UTC(2026, 0, 1), "UTC", "time")).toBe("00:00:00");
});

test("a zone that no browser knows is no zone", () => {
  expect(knownZone("Mars/Olympus")).toBeNull();
  expect(knownZone("Asia/Tokyo")).toBe("Asia/Tokyo");
  expect(knownZone(null)).toBeNull();
});
