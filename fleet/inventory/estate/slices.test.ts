import { expect, test } from "vitest";
import { currentEstate, plainReading } from "#test/support/estate-builders.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { type MonotonicMs, unixMs } from "#proto/vocabulary/units.ts";
import { compareEstate, compareEstateInSlices } from "./compare-estate.ts";
import { changesText } from "./estate-changes.ts";
import { readEstate, readEstateInSlices } from "./read-estate.ts";
import { inSlices, rowsPerSlice, type Slices } from "./slices.ts";

const rows = 10 * rowsPerSlice;
const text = [
  "name,serial,position",
  ...Array.from({ length: rows }, (_, at) => `web-${at},SN${at},`),
].join("\n");

function slicesOf<Value>(work: Slices<Value>): { readonly count: number; readonly value: Value } {
  for (let count = 1; ; count += 1) {
    const slice = work.next();
    if (slice.done === true) return { count, value: slice.value };
  }
}

test("a large file is read and compared in slices of some hundred rows, with the same answer", () => {
  const read = slicesOf(readEstateInSlices(text, plainReading));
  expect(read.count).toBeGreaterThanOrEqual(3 * 10);
  expect(read.value).toEqual(readEstate(text, plainReading));
  const compared = slicesOf(compareEstateInSlices("a", read.value, currentEstate()));
  expect(compared.count).toBeGreaterThanOrEqual(10);
  expect(compared.value).toEqual(compareEstate("a", read.value, currentEstate()));
  expect(compared.value.changes.hosts).toHaveLength(rows);
  expect(JSON.parse(changesText(compared.value.changes))).toMatchObject([[], [], { length: rows }]);
});

test("others go on after every ten milliseconds or so, and not after each row", async () => {
  let nowMs = 0;
  let breaths = 0;
  const clock: Clock = {
    nowUnixMs: () => unixMs(nowMs),
    nowMonotonicMs: () => nowMs as MonotonicMs,
    after: (_delayMs, callback) => {
      breaths += 1;
      callback();
      return () => {};
    },
  };
  function* work(): Slices<string> {
    for (let slice = 0; slice < 100; slice += 1) {
      nowMs += 2;
      yield;
    }
    return "all";
  }
  expect(await inSlices(work(), clock)).toBe("all");
  expect(breaths).toBe(20);
});
