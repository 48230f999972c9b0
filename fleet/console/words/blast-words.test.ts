import { expect, test } from "vitest";
import {
  isBelowFloor,
  isOverBudget,
  servingDuring,
  unmeasuredWords,
  worstFeedsFirst,
} from "./blast-words.ts";

const feed = {
  rack: "fra2/row-b/rack-07",
  feed: "A",
  budgetWatts: 3_000,
  nowWatts: 2_000,
  duringWatts: 2_100,
  ifOtherFailsWatts: 2_900,
  hosts: 20,
  unmeasuredHosts: 0,
};
const share = { hardwareClass: "c64", site: "fra2", total: 10, outNow: 1, outDuring: 3, floor: 7 };

test("a feed is over its budget only where both are known", () => {
  expect(isOverBudget(3_001, 3_000)).toBe(true);
  expect(isOverBudget(3_000, 3_000)).toBe(false);
  expect(isOverBudget(null, 3_000)).toBe(false);
  expect(isOverBudget(9_000, null)).toBe(false);
});

test("the feed that would carry too much stands first, one without a budget last", () => {
  const feeds = [
    { ...feed, feed: "none", budgetWatts: null, ifOtherFailsWatts: 90_000 },
    { ...feed, feed: "zero", budgetWatts: 0 },
    { ...feed, feed: "fits" },
    { ...feed, feed: "over", ifOtherFailsWatts: 4_000 },
    { ...feed, feed: "unknown", duringWatts: null, ifOtherFailsWatts: null },
  ];
  expect(worstFeedsFirst(feeds).map((one) => one.feed)).toEqual([
    "over",
    "fits",
    "none",
    "zero",
    "unknown",
  ]);
});

test("what nobody measures is said", () => {
  expect(unmeasuredWords(feed)).toBe("");
  expect(unmeasuredWords({ ...feed, unmeasuredHosts: 4 })).toBe("4 of 20 hosts not measured");
});

test("a class is below its floor when fewer are left than must serve", () => {
  expect(servingDuring(share)).toBe(7);
  expect(isBelowFloor(share)).toBe(false);
  expect(isBelowFloor({ ...share, outDuring: 4 })).toBe(true);
  expect(servingDuring({ ...share, outDuring: 99 })).toBe(0);
});
