import { expect, test } from "vitest";
import { barOf, barScale, cellWords } from "./report-words.ts";

test("what nobody knows is no figure, and never zero", () => {
  expect(cellWords(null, "W")).toBeNull();
  expect(cellWords(0, "W")).toEqual({ digits: "0", unit: "W" });
  expect(barOf("power", { now_watts: null, budget_watts: 1_000 })).toMatchObject({
    part: null,
    isOver: false,
    words: "no host there is measured",
  });
});

test("a feed is over where the other's death would bring it above its budget", () => {
  const row = { now_watts: 590, if_other_fails_watts: 1_180, budget_watts: 1_000 };
  expect(barOf("power", row)).toMatchObject({
    part: 590,
    whole: 1_180,
    limit: 1_000,
    isOver: true,
  });
});

test("a class below its floor is told, and bars begin at zero with one scale", () => {
  const bar = barOf("capacity", { serving_hosts: 6, out_hosts: 4, floor_hosts: 7 });
  expect(bar).toMatchObject({ isOver: true, words: "6 of 10 can serve, at least 7 must" });
  expect(barScale([bar])).toBe(10);
  expect(barScale([])).toBe(1);
});
