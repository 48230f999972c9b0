import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { createMemoryBlockFolder } from "#test/support/memory-block-folder.ts";
import { answerNaively } from "#test/support/naive-telemetry.ts";
import { dictionaryOf, reportsStartMs, seriesOf } from "#test/support/report-builders.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import {
  compact,
  entryOf,
  expectNaive,
  openWorld,
  queryOf,
} from "#test/support/telemetry-world.ts";
import type { Dictionary } from "#proto/messages/series.ts";
import type { MetricName } from "#proto/vocabulary/metrics.ts";
import type { RangeQuery, ReportEntry } from "./telemetry.ts";

const disk = (device: string, direction: string) =>
  seriesOf(
    "system.disk.io",
    { "system.device": device, "disk.io.direction": direction },
    { quantum: 512 },
  );
const core = (number: number) =>
  seriesOf("system.cpu.utilization", { "cpu.logical_number": String(number) }, { exponent: -4 });

/** A host as it was first, with a disk more, and its temperatures on a page of their own. */
const dictionaries: readonly Dictionary[] = [
  dictionaryOf(
    seriesOf("system.cpu.utilization", {}, { exponent: -4 }),
    core(0),
    core(10),
    core(2),
    disk("sda", "read"),
    disk("sda", "write"),
    seriesOf("system.filesystem.usage", { "system.filesystem.mountpoint": "/" }),
  ),
  dictionaryOf(
    disk("sdb", "read"),
    seriesOf("system.cpu.utilization", {}, { exponent: -2 }),
    disk("sda", "read"),
    disk("sda", "write"),
    core(2),
    seriesOf("hw.host.power", {}, { exponent: -3, cadenceMs: 5_000 }),
  ),
  // The same series at another step.
  dictionaryOf(
    seriesOf("system.cpu.utilization", {}, { exponent: -4, cadenceMs: 5_000 }),
    disk("sda", "read"),
    { ...disk("sda", "write"), cadenceMs: 2_000 },
    { ...core(2), cadenceMs: 3_000 },
    { ...core(10), cadenceMs: 60_000 },
    seriesOf("hw.host.power", {}, { exponent: -3 }),
  ),
  dictionaryOf(
    seriesOf("hw.temperature", { "hw.id": "cpu0" }),
    seriesOf("hw.temperature", { "hw.id": "cpu1" }, { cadenceMs: 3_000 }),
    seriesOf("system.disk.io_time", { "system.device": "sda" }, { exponent: -3 }),
    seriesOf("system.disk.io_time", { "system.device": "sdb" }, { exponent: -3, cadenceMs: 2_000 }),
  ),
];

const questions: readonly (readonly [MetricName, string | null])[] = [
  ["system.cpu.utilization", null],
  ["system.cpu.utilization", "cpu.logical_number"],
  ["system.cpu.utilization", "no.such.key"],
  ["system.disk.io", null],
  ["system.disk.io", "system.device"],
  ["system.disk.io", "disk.io.direction"],
  ["hw.temperature", null],
  ["hw.temperature", "hw.id"],
  ["system.disk.io_time", null],
  ["system.filesystem.usage", null],
  ["hw.host.power", null],
  ["hw.fan.speed", null],
];
const stats = ["mean", "min", "max", "last", "sum", "count", "p50", "p95", "p99"] as const;

const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 10_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -1_000_000, max: 2 ** 40 }) },
);
const point = fc.oneof(
  { weight: 5, arbitrary: value },
  { weight: 1, arbitrary: fc.constant(null) },
);
const points = (steps: number) =>
  fc.option(fc.array(point, { minLength: steps, maxLength: steps }), { freq: 5, nil: undefined });

/** Mostly one report after the other; some late, some again over the same time, some off the grid. */
const report = fc.integer({ min: 1, max: 12 }).chain((steps) =>
  fc.record({
    dictionary: fc.constantFrom(...dictionaries),
    points: fc.array(points(steps), { minLength: 7, maxLength: 7 }),
    moveMs: fc.oneof(
      { weight: 8, arbitrary: fc.constant(0) },
      { weight: 2, arbitrary: fc.integer({ min: -30, max: 30 }).map((seconds) => seconds * 1_000) },
      { weight: 1, arbitrary: fc.integer({ min: -5_000, max: 5_000 }) },
    ),
    boot: fc.constantFrom(1, 1, 1, 2),
  }),
);

type GeneratedReport = typeof report extends fc.Arbitrary<infer Report> ? Report : never;

function toEntries(reports: readonly GeneratedReport[]): readonly ReportEntry[] {
  let startMs = reportsStartMs;
  return reports.map(({ dictionary, points: lists, moveMs, boot }, index) => {
    const entry = entryOf({
      seq: index + 1,
      dictionary,
      points: lists.slice(0, dictionary.series.length),
      startMs: startMs + moveMs,
      boot,
    });
    startMs = entry.report.startMs + entry.report.steps * 1_000;
    return entry;
  });
}

const question: fc.Arbitrary<RangeQuery> = fc
  .record({
    what: fc.constantFrom(...questions),
    stat: fc.constantFrom(...stats),
    from: fc.integer({ min: -20_000, max: 60_000 }),
    length: fc.integer({ min: 1_000, max: 120_000 }),
    stepMs: fc.constantFrom(1_000, 2_000, 7_000, 60_000),
  })
  .map(({ what: [metric, by], stat, from, length, stepMs }) => {
    const fromMs = reportsStartMs + from;
    return queryOf({ metric, by, stat, fromMs, toMs: fromMs + length, stepMs });
  });

test("answers are those of the plain model: in the log, compacted, and opened again", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(report, { maxLength: 25 }),
      fc.array(question, { minLength: 4, maxLength: 12 }),
      async (reports, queries) => {
        const entries = toEntries(reports);
        const folder = createMemoryBlockFolder();
        const { telemetry } = await openWorld(folder, { dictionaries });
        for (const entry of entries) await telemetry.append(entry);
        const check = async (store: typeof telemetry) => {
          for (const query of queries) {
            await expectNaive(store, query, answerNaively(entries, dictionaries, query));
          }
        };
        await check(telemetry);
        await telemetry.close();

        // Small segments: all but the last become blocks, while a filler host keeps the log going.
        const small = createMemoryBlockFolder();
        const config = { segmentReportsMax: 1 + (reports.length % 7), blockBytesMax: 600 };
        const world = await openWorld(small, { dictionaries, config });
        for (const entry of entries) await world.telemetry.append(entry);
        for (let seq = 1; seq <= 8; seq += 1) {
          const [dictionary] = dictionaries;
          if (dictionary) {
            await world.telemetry.append(entryOf({ host: 9, seq, dictionary, points: [[1]] }));
          }
        }
        await compact(world);
        expect(countSegments(small)).toBe(1);
        await check(world.telemetry);
        const crashed = small.crash(createSeededRandom(reports.length));
        const again = await openWorld(crashed, { config });
        await check(again.telemetry);
        await again.telemetry.close();
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);

function countSegments(folder: { list(): readonly string[] }): number {
  return folder.list().filter((name) => name.startsWith("log-")).length;
}
