import { expect, test } from "vitest";
import { unixMs } from "#proto/vocabulary/units.ts";
import { createMemoryBlockFolder } from "#test/support/memory-block-folder.ts";
import {
  dictionaryOf,
  type Points,
  reportsStartMs,
  seriesOf,
} from "#test/support/report-builders.ts";
import { answerOf, entryOf, openWorld, queryOf, valuesOf } from "#test/support/telemetry-world.ts";

/** The same series on either side of a change of the step, or of two agents on one host. */
const beginMs = Math.ceil(reportsStartMs / 60_000) * 60_000;
const minute = 60_000;
const by = (cadenceMs: number) => dictionaryOf(seriesOf("hw.host.power", {}, { cadenceMs }));
const disk = (cadenceMs: number) => dictionaryOf(seriesOf("system.disk.io", device, { cadenceMs }));
const device = { "system.device": "sda", "disk.io.direction": "read" };
const [seconds, minutes] = [by(1_000), by(minute)];
const second = Array.from({ length: 60 }, (_, at) => 1_000 + at);

interface Sent {
  readonly dictionary: typeof seconds;
  readonly atMs: number;
  readonly stepMs: number;
  readonly points: Points;
}

async function storeWith(...reports: readonly Sent[]) {
  const dictionaries = [...new Set(reports.map(({ dictionary }) => dictionary))];
  const { telemetry } = await openWorld(createMemoryBlockFolder(), { dictionaries });
  for (const [index, { dictionary, atMs, stepMs, points }] of reports.entries())
    await telemetry.append(
      entryOf({ seq: index + 1, dictionary, points: [points], stepMs, startMs: beginMs + atMs }),
    );
  return telemetry;
}

const perMinute = { dictionary: minutes, stepMs: minute } as const;
const perSecond = { dictionary: seconds, stepMs: 1_000 } as const;
const question = (toMs: number) =>
  queryOf({ metric: "hw.host.power", fromMs: beginMs, toMs: beginMs + toMs });

test("seconds are all there behind minutes of the same series", async () => {
  const telemetry = await storeWith(
    { ...perMinute, atMs: 0, points: [1, 2] },
    { ...perSecond, atMs: 2 * minute, points: second },
  );
  const values = await valuesOf(telemetry, question(3 * minute));
  expect(values.slice(120)).toEqual(second);
  expect([values[0], values[1], values[60]]).toEqual([1, null, 2]);
});

test("seconds within the very minute that another report has a point for are all there", async () => {
  const late = { ...perSecond, atMs: 1_000, points: second.slice(1) };
  const early = { ...perMinute, atMs: 0, points: [7] };
  for (const reports of [
    [early, late],
    [late, early],
  ]) {
    const telemetry = await storeWith(...reports);
    expect(await valuesOf(telemetry, question(minute))).toEqual([7, ...second.slice(1)]);
  }
});

test("two points a minute of a series that is taken by the minute are two", async () => {
  const telemetry = await storeWith(
    { ...perMinute, atMs: 0, points: [1] },
    { ...perMinute, atMs: 30_000, points: [2] },
  );
  const values = await valuesOf(telemetry, question(minute));
  expect([values[0], values[30]]).toEqual([1, 2]);
  const counted = { ...question(minute), stepMs: minute, stat: "count" as const };
  expect(await valuesOf(telemetry, counted)).toEqual([2]);
});

test("what a counter grew by is the same whatever the step it was taken at", async () => {
  const telemetry = await storeWith(
    { dictionary: disk(minute), stepMs: minute, atMs: 0, points: [600, 600] },
    {
      dictionary: disk(1_000),
      stepMs: 1_000,
      atMs: 2 * minute,
      points: Array.from({ length: 60 }, () => 10),
    },
  );
  const query = queryOf({
    metric: "system.disk.io",
    by: "system.device",
    fromMs: beginMs,
    toMs: beginMs + 3 * minute,
    stepMs: minute,
    stat: "sum",
  });
  expect(await valuesOf(telemetry, query)).toEqual([600, 600, 600]);
  const rates = await valuesOf(telemetry, { ...query, stepMs: 1_000, stat: "mean" });
  expect(rates.slice(120)).toEqual(Array.from({ length: 60 }, () => 10));
});

test("coverage expects of each stretch the points that it was to have", async () => {
  const whole = await storeWith(
    { ...perMinute, atMs: 0, points: [1, 2] },
    { ...perSecond, atMs: 2 * minute, points: second },
  );
  expect((await answerOf(whole, question(3 * minute))).coverage).toBeCloseTo(1, 9);
  const half = await storeWith(
    { ...perMinute, atMs: 0, points: [1, 2] },
    { ...perSecond, atMs: 2 * minute, points: second.map((one, at) => (at < 29 ? one : null)) },
  );
  expect((await answerOf(half, question(3 * minute))).coverage).toBeCloseTo(31 / 62, 9);
  expect(
    (await answerOf(half, { ...question(minute), toMs: unixMs(beginMs + minute) })).coverage,
  ).toBe(1);
});
