import { describe, expect, test } from "vitest";
import { latestDueMs, nextDueMs, readSchedules } from "./report-schedule.ts";

const at = (text: string): number => Date.parse(text);
const table = { name: "daily", report: "capacity", cron: "0 6 * * *" };

function problem(entry: unknown): string {
  const read = readSchedules([entry]);
  return read.ok ? "sound" : read.problem;
}

describe("schedules in the configuration", () => {
  test("a name, a report and a pattern are enough", () => {
    const read = readSchedules([table]);
    expect(read).toEqual({
      ok: true,
      value: [
        {
          name: "daily",
          kind: "capacity",
          selector: null,
          group: null,
          format: "csv",
          cron: "0 6 * * *",
          timeZone: null,
          site: null,
          folder: null,
          keep: 30,
          windowMs: null,
        },
      ],
    });
  });

  test.each([
    [{ ...table, name: "../x" }, /^sound in its table 1: name must be/],
    [{ ...table, report: "weather" }, /report must be one of capacity, power, failures/],
    [{ ...table, format: "pdf" }, /format must be one of json, csv, html, parquet/],
    [{ ...table, cron: "every day" }, /cron "every day" must be five fields/],
    [{ ...table, cron: "0 0 6 * * *" }, /must be five fields/],
    [{ ...table, cron: "0 6 30 2 *" }, /is never due/],
    [{ ...table, time_zone: "Mars/Base" }, /time_zone "Mars\/Base" must be one of the IANA list/],
    [{ ...table, keep: 0 }, /keep must be from 1/],
    [{ ...table, window_minutes: 1.5 }, /window_minutes must be/],
    [{ ...table, selector: 7 }, /selector must be text/],
    [{ ...table, colour: "red" }, /there is no key colour; use name, report/],
    ["daily", /it must be a table/],
  ])("says what is wrong with %j", (entry, words) => {
    expect(problem(entry)).toMatch(words);
  });

  test("two of one name are refused", () => {
    expect(readSchedules([table, table])).toMatchObject({
      problem: expect.stringContaining("twice"),
    });
  });
});

describe("when a schedule is due", () => {
  const six = { cron: "0 6 * * 1-5" };

  test("is told in its zone, summer and winter", () => {
    const next = (from: string) => nextDueMs(six, "Europe/Berlin", at(from));
    expect(next("2026-07-01T03:59:59Z")).toBe(at("2026-07-01T04:00:00Z"));
    expect(next("2026-07-01T04:00:00Z")).toBe(at("2026-07-02T04:00:00Z"));
    expect(next("2026-11-27T06:00:00Z")).toBe(at("2026-11-30T05:00:00Z"));
  });

  test("the last time is found however long ago, the moment itself included", () => {
    const last = (moment: string) => latestDueMs(six, "Europe/Berlin", at(moment));
    expect(last("2026-11-23T05:00:00Z")).toBe(at("2026-11-23T05:00:00Z"));
    expect(last("2026-11-23T04:59:59Z")).toBe(at("2026-11-20T05:00:00Z"));
    expect(latestDueMs({ cron: "0 0 1 1 *" }, "UTC", at("2026-11-23T00:00:00Z"))).toBe(
      at("2026-01-01T00:00:00Z"),
    );
  });

  test("a time that the clocks leap over is made up that day", () => {
    expect(nextDueMs({ cron: "30 2 * * *" }, "Europe/Berlin", at("2026-03-28T12:00:00Z"))).toBe(
      at("2026-03-29T01:00:00Z"),
    );
  });
});
