import { expect, test } from "vitest";
import { parseHttpDate } from "./http-date.ts";

test.each([
  ["Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777_000],
  ["Thu, 29 Feb 2024 00:00:00 GMT", 1_709_164_800_000],
  ["Thu, 30 Feb 2024 00:00:00 GMT", null],
  ["Sun, 06 Anf 1994 08:49:37 GMT", null],
  ["Sun, 06 Nov 1994 25:49:37 GMT", null],
  ["Sun, 06 Nov 1994 08:49:37 CET", null],
  ["Sunday, 06-Nov-94 08:49:37 GMT", null],
  ["", null],
])("%s is %s", (text, unixMs) => {
  expect(parseHttpDate(text)).toBe(unixMs);
});
