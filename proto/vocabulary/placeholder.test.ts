import { expect, test } from "vitest";
import { isPlaceholder } from "./placeholder.ts";

test.each([
  "",
  "   ",
  "To Be Filled By O.E.M.",
  "to be filled by O.E.M",
  "Not Specified",
  "0123456789",
  "01234567890123456789AB",
  "00000000-0000-0000-0000-000000000000",
  "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
  "Default string",
  "None",
  "...........",
  "03000200-0400-0500-0006-000700080009",
  "NO DIMM",
  "xxxxxxxx",
  "123456789",
  "System Serial Number",
])("%j does not tell hosts apart", (text) => {
  expect(isPlaceholder(text)).toBe(true);
});

test.each([
  "J1234567",
  "CN7016360A00A1",
  "4c4c4544-0051-3010-8052-b4c04f4a3132",
  "S123",
  "1234567",
  "987654321",
])("%j may be one host's own", (text) => {
  expect(isPlaceholder(text)).toBe(false);
});
