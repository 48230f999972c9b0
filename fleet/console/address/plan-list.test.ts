import { expect, test } from "vitest";
import { nextPlanRows, readPlanRows } from "./plan-list.ts";

test("the address says how many plans are shown, within what the manager gives", () => {
  const read = (query: string) => readPlanRows(new URLSearchParams(query));
  expect(["", "rows=75", "rows=3", "rows=9999", "rows=-1", "rows=1e9"].map(read)).toEqual([
    25, 75, 25, 500, 25, 25,
  ]);
});

test("more are shown step by step, until the manager gives no more", () => {
  expect([nextPlanRows(25), nextPlanRows(490), nextPlanRows(500)]).toEqual([50, 500, null]);
});
