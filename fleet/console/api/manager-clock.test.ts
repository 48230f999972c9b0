import { expect, test } from "vitest";
import { readOffset } from "./manager-clock.ts";

const noon = Date.UTC(2026, 10, 4, 12);

test("a browser whose clock is an hour behind is corrected", () => {
  expect(readOffset(new Date(noon).toUTCString(), noon - 3_600_000)).toBe(3_600_500);
});

test("a difference that whole seconds cannot tell is none", () => {
  expect(readOffset(new Date(noon).toUTCString(), noon + 900)).toBe(0);
});

test("an answer without a readable date changes nothing", () => {
  expect(readOffset(null, noon)).toBeNull();
  expect(readOffset("yesterday", noon)).toBeNull();
});
