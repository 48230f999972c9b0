import { expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { parseRedfishTime } from "./redfish-time.ts";

test("every moment that a date can write is read back", () => {
  fc.assert(
    fc.property(fc.integer({ min: -2_208_988_800, max: 7_258_118_400 }), (seconds) => {
      const text = new Date(seconds * 1_000).toISOString();
      expect(parseRedfishTime(text)).toBe(seconds * 1_000);
    }),
  );
});

test.each([
  ["2023-06-02T11:03:14-05:00", Date.UTC(2023, 5, 2, 16, 3, 14)],
  ["2022-03-09T19:58:03", Date.UTC(2022, 2, 9, 19, 58, 3)],
  ["0000-00-00T00:00:00Z", null],
  ["1970-01-01", null],
  ["", null],
])("%j is %j", (text, ms) => {
  expect(parseRedfishTime(text)).toBe(ms);
});
