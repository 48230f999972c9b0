import { expect, test } from "vitest";
import type { MaintenanceWindow, SiteRecord } from "#fleet/inventory/host-record.ts";
import type { CellId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { fc } from "#test/support/properties.ts";
import { createWindowReader, isOpen, nextOpening } from "./maintenance-window.ts";
import { openSiteClock } from "./site-time.ts";

const at = (text: string) => unixMs(Date.parse(text));
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const night: MaintenanceWindow = { days: everyDay, fromMinute: 120, toMinute: 300 };

function clockOf(zone: string) {
  const clock = openSiteClock(zone);
  if (clock === undefined) throw new Error(zone);
  return clock;
}

function siteOf(facts: Partial<SiteRecord>): SiteRecord {
  return {
    code: "fra2",
    region: "eu",
    timeZone: "Europe/Berlin",
    cell: "test" as CellId,
    windows: [night],
    ...facts,
  };
}

test("a window counts by the wall clock of its site, in summer and in winter", () => {
  const reader = createWindowReader();
  // 02:30 in Berlin is 00:30 UTC in July and 01:30 UTC in January.
  expect(reader.whyClosed(siteOf({}), at("2026-07-10T00:30:00Z"))).toBeNull();
  expect(reader.whyClosed(siteOf({}), at("2026-01-10T01:30:00Z"))).toBeNull();
  expect(reader.whyClosed(siteOf({}), at("2026-01-10T00:30:00Z"))?.untilMs).toBe(
    at("2026-01-10T01:00:00Z"),
  );
});

test("a window that begins in the hour that summer time skips opens right after it", () => {
  // In Berlin 02:00 to 03:00 does not exist on 2026-03-29: 01:59 is followed by 03:00 (01:00Z).
  const window = { days: [7], fromMinute: 150, toMinute: 210 };
  expect(nextOpening([window], clockOf("Europe/Berlin"), at("2026-03-29T00:10:00Z"))).toBe(
    at("2026-03-29T01:00:00Z"),
  );
});

test("in the hour that comes twice a window is open twice", () => {
  const window = { days: [7], fromMinute: 135, toMinute: 165 };
  const clock = clockOf("Europe/Berlin");
  expect(isOpen([window], clock.at(at("2026-10-25T00:20:00Z")))).toBe(true);
  expect(isOpen([window], clock.at(at("2026-10-25T01:20:00Z")))).toBe(true);
  expect(nextOpening([window], clock, at("2026-10-25T00:50:00Z"))).toBe(at("2026-10-25T01:15:00Z"));
});

test("one that ends before it starts lasts into the next day, over the week's end too", () => {
  const window = { days: [7], fromMinute: 1_380, toMinute: 60 };
  expect(isOpen([window], { day: 7, minute: 1_400 })).toBe(true);
  expect(isOpen([window], { day: 1, minute: 59 })).toBe(true);
  expect(isOpen([window], { day: 1, minute: 60 })).toBe(false);
  expect(isOpen([window], { day: 6, minute: 1_400 })).toBe(false);
});

test("a site without windows may be disturbed at any time", () => {
  expect(createWindowReader().whyClosed(siteOf({ windows: [] }), at("2026-01-01T12:00:00Z"))).toBe(
    null,
  );
});

test("windows without a time zone never open, and say who can mend it", () => {
  const reader = createWindowReader();
  const site = siteOf({ code: "zzz9", timeZone: null });
  expect(reader.whyClosed(site, at("2026-01-01T02:30:00Z"))?.words).toContain("no time zone");
  const wrong = siteOf({ timeZone: "Mars/Olympus" });
  expect(createWindowReader().whyClosed(wrong, at("2026-01-01T02:30:00Z"))).toMatchObject({
    code: "window",
    untilMs: null,
    command: "wws-fleet site show fra2",
  });
});

test("a window of no day never opens and says so", () => {
  const why = createWindowReader().whyClosed(
    siteOf({ windows: [{ days: [], fromMinute: 0, toMinute: 60 }] }),
    at("2026-01-01T12:00:00Z"),
  );
  expect(why?.words).toBe("no maintenance window of site fra2 ever opens");
});

test("the next opening is the first open minute, whatever zone and windows", () => {
  const zones = ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "UTC"];
  const window = fc.record({
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 2 }),
    fromMinute: fc.integer({ min: 0, max: 1_439 }),
    toMinute: fc.integer({ min: 0, max: 1_439 }),
  });
  // Around the changes of all these zones in spring and autumn 2026.
  const moments = fc.integer({ min: at("2026-03-01T00:00:00Z"), max: at("2026-12-01T00:00:00Z") });
  fc.assert(
    fc.property(fc.constantFrom(...zones), window, moments, (zone, one, fromMs) => {
      const clock = clockOf(zone);
      const found = nextOpening([one], clock, unixMs(fromMs));
      if (found === null) throw new Error("never opens");
      expect(isOpen([one], clock.at(found))).toBe(true);
      expect(found).toBeGreaterThan(fromMs);
      // Not one open minute in between, looked at every seventh and at the last.
      for (let probe = fromMs + 60_000; probe < found; probe += 7 * 60_000)
        expect(isOpen([one], clock.at(Math.floor(probe / 60_000) * 60_000))).toBe(false);
      if (found - 60_000 > fromMs) expect(isOpen([one], clock.at(found - 60_000))).toBe(false);
    }),
    { numRuns: 40 },
  );
});
