import { describe, expect, test } from "vitest";
import { createMemoryBlockFolder } from "#test/support/memory-block-folder.ts";
import {
  dictionaryOf,
  type Points,
  reportsStartMs,
  seriesOf,
} from "#test/support/report-builders.ts";
import { answerOf, entryOf, openWorld, queryOf, valuesOf } from "#test/support/telemetry-world.ts";
import type { Dictionary } from "#proto/messages/series.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { RangeQuery } from "./telemetry.ts";

const io = (device: string) => seriesOf("system.disk.io", { "system.device": device });
const cpu = seriesOf("system.cpu.utilization", {}, { exponent: -2 });
const oneDisk = dictionaryOf(cpu, io("sda"));
const twoDisks = dictionaryOf(cpu, io("sda"), io("sdb"));

interface Batch {
  readonly dictionary: Dictionary;
  readonly points: readonly (Points | undefined)[];
  /** Seconds after the start. */
  readonly at: number;
}

async function storeWith(...batches: readonly Batch[]) {
  const dictionaries = batches.map(({ dictionary }) => dictionary);
  const world = await openWorld(createMemoryBlockFolder(), { dictionaries });
  for (const [index, { dictionary, points, at }] of batches.entries()) {
    const startMs = reportsStartMs + at * 1_000;
    await world.telemetry.append(entryOf({ seq: index + 1, dictionary, points, startMs }));
  }
  return world.telemetry;
}

const until = (seconds: number) => reportsStartMs + seconds * 1_000;

describe("a host-wide sum", () => {
  const ask = (seconds: number) => queryOf({ metric: "system.disk.io", toMs: until(seconds) });

  test("counts only where every series was seen", async () => {
    const telemetry = await storeWith({
      dictionary: twoDisks,
      points: [
        [1, 1, 1],
        [5, 5, 5],
        [7, null, 7],
      ],
      at: 0,
    });
    const answer = await answerOf(telemetry, ask(3));
    expect(answer.series[0]?.points.map(([, value]) => value)).toEqual([12, null, 6 + 2.5]);
    expect(answer.coverage).toBeCloseTo(5 / 6, 9);
  });

  test("goes on without a disk that was taken out, and with one that was put in", async () => {
    const two = (at: number) => ({
      dictionary: twoDisks,
      points: [
        [1, 1],
        [5, 5],
        [7, 7],
      ],
      at,
    });
    const one = (at: number) => ({
      dictionary: oneDisk,
      points: [
        [1, 1],
        [5, 5],
      ],
      at,
    });
    const removed = await storeWith(two(0), two(2), one(4), one(6), one(8), one(10));
    expect(await valuesOf(removed, ask(12))).toEqual([12, 12, 12, 12, 5, 5, 5, 5, 5, 5, 5, 5]);
    const added = await storeWith(one(0), one(2), two(4), two(6));
    expect(await valuesOf(added, ask(8))).toEqual([5, 5, 5, 5, 12, 12, 12, 12]);
    expect((await answerOf(added, ask(8))).coverage).toBe(1);
  });

  test("is not seen while one of its series fails, rather than smaller", async () => {
    const whole = (at: number) => ({
      dictionary: twoDisks,
      points: [
        [1, 1],
        [5, 5],
        [7, 7],
      ],
      at,
    });
    const failing = { dictionary: twoDisks, points: [[1, 1], [5, 5], undefined], at: 2 };
    const telemetry = await storeWith(whole(0), failing, whole(4));
    expect(await valuesOf(telemetry, ask(6))).toEqual([12, 12, null, null, 12, 12]);
    const split = await answerOf(telemetry, { ...ask(6), by: "system.device" });
    expect(split.series.map(({ coverage }) => coverage)).toEqual([1, 4 / 6]);
  });
});

test("what was not seen is null, and coverage says how much that was", async () => {
  const telemetry = await storeWith(
    { dictionary: oneDisk, points: [[10, 20]], at: 0 },
    { dictionary: oneDisk, points: [[50, 60]], at: 4 },
  );
  const answer = await answerOf(telemetry, queryOf({ toMs: until(8) }));
  expect(answer.series[0]?.points.map(([, value]) => value)).toEqual([
    0.1,
    0.2,
    null,
    null,
    0.5,
    0.6,
    null,
    null,
  ]);
  expect(answer.coverage).toBe(0.5);
  expect(answer.unit).toBe("1");
});

test("steps lie at multiples of the step, whatever the question's edges and the time of year", async () => {
  // Two hours around Europe's change to winter time, 2026-10-25T01:00:00Z.
  const changeMs = Date.UTC(2026, 9, 25, 1);
  const dictionaries = [oneDisk];
  const { telemetry } = await openWorld(createMemoryBlockFolder(), { dictionaries });
  for (let seq = 1; seq <= 120; seq += 1) {
    const startMs = changeMs - 3_600_000 + (seq - 1) * 60_000;
    const points = [Array.from({ length: 60 }, () => 100)];
    await telemetry.append(entryOf({ seq, dictionary: oneDisk, points, startMs }));
  }
  const fromMs = changeMs - 3_000_123;
  const query = queryOf({ fromMs, toMs: changeMs + 3_000_456, stepMs: 900_000 });
  const answer = await answerOf(telemetry, query);
  const times = answer.series[0]?.points.map(([timeMs]) => timeMs - changeMs);
  expect(times).toEqual([-4, -3, -2, -1, 0, 1, 2, 3].map((quarter) => quarter * 900_000));
  expect(answer.series[0]?.points.every(([, value]) => value === 1)).toBe(true);
  expect(answer.coverage).toBeCloseTo(1, 3);
});

test("values as large as the wire allows come back", async () => {
  const max = Number.MAX_SAFE_INTEGER;
  const memory = dictionaryOf(seriesOf("system.memory.limit"));
  const telemetry = await storeWith(
    { dictionary: memory, points: [[max, 0]], at: 0 },
    { dictionary: memory, points: [[max - 1]], at: 2 },
  );
  const query = queryOf({ metric: "system.memory.limit", toMs: until(3) });
  expect(await valuesOf(telemetry, query)).toEqual([max, 0, max - 1]);
});

test.each([
  ["system.disk.io", "mean", "By/s"],
  ["system.disk.io", "sum", "By"],
  ["system.disk.io", "count", "1"],
  ["system.disk.io_time", "mean", "1"],
  ["system.disk.operations", "p95", "{operation}/s"],
  ["hw.energy", "max", "W"],
  ["hw.temperature", "max", "Cel"],
] as const)("the unit of %s, %s, is %s", async (metric, stat, unit) => {
  const telemetry = await storeWith();
  expect((await answerOf(telemetry, queryOf({ metric, stat }))).unit).toBe(unit);
});

test("groups stand in the order that people count in", async () => {
  const cores = ["10", "9", "0", "total"].map((number) =>
    seriesOf("system.cpu.utilization", { "cpu.logical_number": number }),
  );
  const telemetry = await storeWith({
    dictionary: dictionaryOf(...cores),
    points: [[1], [1], [1], [1]],
    at: 0,
  });
  const answer = await answerOf(telemetry, queryOf({ by: "cpu.logical_number" }));
  expect(answer.series.map(({ attributes }) => attributes)).toEqual(
    ["0", "9", "10", "total"].map((value) => [{ key: "cpu.logical_number", value }]),
  );
});

test("a host nobody knows has one series without values", async () => {
  const answer = await answerOf(await storeWith(), queryOf({ host: 99, toMs: until(2) }));
  expect(answer.series).toEqual([
    {
      attributes: [],
      points: [
        [reportsStartMs, null],
        [until(1), null],
      ],
      coverage: 0,
    },
  ]);
  expect(answer.coverage).toBe(0);
});

describe("a question that cannot be answered", () => {
  const problemOf = async (query: RangeQuery, config = {}) => {
    const dictionaries = [oneDisk];
    const { telemetry } = await openWorld(createMemoryBlockFolder(), { dictionaries, config });
    for (let seq = 1; seq <= 30; seq += 1) {
      const points = [[1, 2, 3]];
      const startMs = until((seq - 1) * 3);
      await telemetry.append(entryOf({ seq, dictionary: oneDisk, points, startMs }));
    }
    const answer = await telemetry.query(query);
    return answer.ok ? undefined : answer.problem;
  };

  test("names a metric that does not exist", async () => {
    const metric = "system.cpu.speed" as RangeQuery["metric"];
    expect(await problemOf({ ...queryOf({}), metric })).toEqual({ kind: "unknown-metric", metric });
  });

  test.each([
    [{ stepMs: 0 }, "whole seconds"],
    [{ stepMs: 1_500 }, "whole seconds"],
    [{ toMs: unixMs(reportsStartMs) }, "after from"],
    [{ fromMs: unixMs(Number.NaN) }, "unix milliseconds"],
    [{ toMs: unixMs(Number.POSITIVE_INFINITY) }, "unix milliseconds"],
  ])("has a span or a step that is none: %j", async (facts, hint) => {
    expect(await problemOf({ ...queryOf({}), ...facts })).toEqual({
      kind: "bad-range",
      hint: expect.stringContaining(hint),
    });
  });

  test("would decode more points than one answer may, or give more", async () => {
    const config = { queryPointsMax: 60 };
    expect(await problemOf(queryOf({ toMs: until(90), stepMs: 10_000 }), config)).toMatchObject({
      kind: "too-many-points",
      points: 90,
      max: 60,
    });
    expect(await problemOf(queryOf({ toMs: until(61) }), config)).toMatchObject({
      kind: "too-many-points",
      points: 61,
    });
    expect(await problemOf(queryOf({ toMs: until(60) }), config)).toBeUndefined();
  });

  test("was taken back", async () => {
    const signal = AbortSignal.abort();
    expect(await problemOf({ ...queryOf({}), signal })).toEqual({ kind: "cancelled" });
  });
});
