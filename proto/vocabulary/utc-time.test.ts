import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { formatUtcMinute, formatUtcName, unixMsOfUtc, utcTime } from "./utc-time.ts";

test("a name says the second, and sorts as time does", () => {
  expect(formatUtcName(0)).toBe("1970-01-01T00-00-00Z");
  expect(formatUtcName(Date.UTC(2028, 1, 29, 23, 59, 59) + 999)).toBe("2028-02-29T23-59-59Z");
  expect(formatUtcMinute(Date.UTC(2028, 1, 29, 7, 5, 59))).toBe("2028-02-29 07:05 UTC");
  expect(formatUtcName(-1)).toBe("1969-12-31T23-59-59Z");
});

test("it is the calendar of the platform, for every second from year 0 to 9999", () => {
  const seconds = fc.integer({ min: -62_167_219_200, max: 253_402_300_799 });
  fc.assert(
    fc.property(seconds, (second) => {
      const iso = new Date(second * 1000).toISOString().slice(0, 19);
      expect(formatUtcName(second * 1000)).toBe(`${iso.replaceAll(":", "-")}Z`);
    }),
  );
});

test("there and back again; what the calendar has not is null", () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_167_219_200, max: 253_402_300_799 }), (second) => {
      expect(unixMsOfUtc(utcTime(second * 1000))).toBe(second * 1000);
    }),
  );
  const noon = { year: 2026, month: 2, day: 28, hour: 12, minute: 0, second: 0 };
  expect(unixMsOfUtc(noon)).toBe(Date.UTC(2026, 1, 28, 12));
  for (const wrong of [
    { day: 29 },
    { month: 13 },
    { month: 0 },
    { hour: 24 },
    { second: Number.NaN },
  ])
    expect(unixMsOfUtc({ ...noon, ...wrong })).toBeNull();
});
