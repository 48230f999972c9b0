import { expect, test } from "vitest";
import { readWanted, writeWanted } from "./wanted-page.ts";

test("the page that one wanted comes back, with its filter", () => {
  const kept = writeWanted("/hosts?selector=link%3Dlost", 1_000_000);
  expect(readWanted(kept, 1_060_000)).toBe("/hosts?selector=link%3Dlost");
});

test("after a quarter of an hour it is forgotten", () => {
  expect(readWanted(writeWanted("/racks", 0), 15 * 60_000 + 1)).toBe("/");
});

test.each([
  "//evil.example",
  "/\\evil.example",
  "https://evil.example",
  "javascript:alert(1)",
  "/sign-in",
  "",
])("%s leads to the fleet", (path) => {
  expect(readWanted(writeWanted(path, 0), 0)).toBe("/");
});

test("what somebody else wrote there leads to the fleet", () => {
  expect(readWanted(null, 0)).toBe("/");
  expect(readWanted("x /hosts", 0)).toBe("/");
});
