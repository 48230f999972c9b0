import { expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { createGrowthBook, growthHours, noteGrowth } from "./growth.ts";

const hourMs = 3_600_000;
const startMs = 1_800_000_000_000;

test("the first value is no growth, however high it is", () => {
  const book = createGrowthBook();
  expect(noteGrowth(book, "a", 304, { nowMs: startMs, restarts: false })).toBe(0);
  expect(noteGrowth(book, "a", 304, { nowMs: startMs + hourMs, restarts: false })).toBe(0);
});

test("what is added counts for 24 hours", () => {
  const book = createGrowthBook();
  const at = (hours: number, value: number) =>
    noteGrowth(book, "a", value, { nowMs: startMs + hours * hourMs, restarts: false });
  at(0, 304);
  expect(at(1, 312)).toBe(8);
  expect(at(2, 313)).toBe(9);
  expect(at(24, 313)).toBe(9);
  expect(at(25, 313)).toBe(1);
  expect(at(26, 313)).toBe(0);
});

test("a count that begins again with the boot has grown by what it shows, another one not at all", () => {
  for (const [restarts, grown] of [
    [true, 5],
    [false, 0],
  ] as const) {
    const book = createGrowthBook();
    noteGrowth(book, "a", 100, { nowMs: startMs, restarts });
    expect(noteGrowth(book, "a", 5, { nowMs: startMs + 1, restarts })).toBe(grown);
  }
});

test("a book that is full judges by the level alone", () => {
  const book = { ...createGrowthBook(), entriesMax: 1 };
  noteGrowth(book, "a", 1, { nowMs: startMs, restarts: false });
  noteGrowth(book, "b", 1, { nowMs: startMs, restarts: false });
  expect(noteGrowth(book, "b", 9, { nowMs: startMs, restarts: false })).toBe(0);
  expect(book.entries.size).toBe(1);
});

test("it never grows by more than the values did, and keeps at most a day of hours", () => {
  const steps = fc.array(fc.tuple(fc.nat(10_000_000), fc.nat(1_000)), { maxLength: 200 });
  fc.assert(
    fc.property(steps, (list) => {
      const book = createGrowthBook();
      let nowMs = startMs;
      let value = 0;
      noteGrowth(book, "a", value, { nowMs, restarts: false });
      for (const [later, added] of list) {
        nowMs += later;
        value += added;
        expect(noteGrowth(book, "a", value, { nowMs, restarts: false })).toBeLessThanOrEqual(value);
        expect(book.entries.get("a")?.hours.length).toBeLessThanOrEqual(growthHours + 1);
      }
    }),
  );
});

test("a clock that jumps an hour to and fro loses nothing and keeps nothing for ever", () => {
  const book = createGrowthBook();
  const at = (hours: number, value: number) =>
    noteGrowth(book, "a", value, { nowMs: startMs + hours * hourMs, restarts: false });
  at(0, 0);
  expect(at(1, 4)).toBe(4);
  expect(at(0, 5)).toBe(5);
  expect(at(26, 5)).toBe(0);
});
