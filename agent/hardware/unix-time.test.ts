import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { formatUnixTime } from "./unix-time.ts";

test("every moment from 0001 to 9999 reads as the runtime writes it", () => {
  fc.assert(
    fc.property(
      fc.date({
        min: new Date("0001-01-01T00:00:00Z"),
        max: new Date("9999-12-31T23:59:59Z"),
        noInvalidDate: true,
      }),
      (date) => {
        expect(formatUnixTime(date.getTime())).toBe(date.toISOString());
      },
    ),
  );
});

test("leap days and the ends of years", () => {
  for (const text of [
    "2024-02-29T23:59:59.999Z",
    "2026-12-31T00:00:00.000Z",
    "2000-03-01T00:00:00.001Z",
    "1970-01-01T00:00:00.000Z",
  ])
    expect(formatUnixTime(Date.parse(text))).toBe(text);
});
