import { expect, test } from "vitest";
import { collectingLog } from "#test/support/collecting-log.ts";
import { createMemoryBlockFolder, diskFullError } from "#test/support/memory-block-folder.ts";
import { answerNaively } from "#test/support/naive-telemetry.ts";
import {
  dictionaryOf,
  hostOf,
  reportsStartMs,
  seriesOf,
  spoolOf,
} from "#test/support/report-builders.ts";
import {
  compact,
  entryOf,
  expectNaive,
  openWorld,
  queryOf,
  valuesOf,
} from "#test/support/telemetry-world.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { blockName } from "./blocks.ts";
import { compactionRetryMs } from "./compactor.ts";
import { segmentName } from "./segments.ts";

const dictionary = dictionaryOf(
  seriesOf("system.cpu.utilization", {}, { exponent: -2 }),
  seriesOf("system.disk.io", { "system.device": "sda" }, { quantum: 512 }),
);
const dictionaries = [dictionary];

const second = (seq: number, host = 1, receivedMs?: number) =>
  entryOf({
    host,
    seq,
    dictionary,
    points: [[seq], [seq]],
    startMs: reportsStartMs + (seq - 1) * 1_000,
    ...(receivedMs === undefined ? {} : { receivedMs }),
  });

const hourOfSeconds = Array.from({ length: 60 }, (_, index) => index + 1);

test("a sealed segment becomes blocks, and its numbers stay acknowledged", async () => {
  const folder = createMemoryBlockFolder();
  const config = { segmentReportsMax: 20 };
  const world = await openWorld(folder, { dictionaries, config });
  const { telemetry } = world;
  for (const seq of hourOfSeconds) await telemetry.append(second(seq));
  await compact(world);
  expect(folder.list()).toEqual([blockName(1, 0), blockName(2, 0), segmentName(3)]);
  await telemetry.close();
  const { telemetry: opened } = await openWorld(folder, { dictionaries, config });
  expect(opened.acknowledged(hostOf(1), spoolOf(1))).toEqual([{ first: 1, last: 60 }]);
  expect(await opened.append(second(3))).toBe("duplicate");
  expect(await valuesOf(opened, queryOf({}))).toEqual(hourOfSeconds.map((seq) => seq / 100));
  expect(opened.stats().bytesOnDisk).toBe(
    folder.list().reduce((bytes, name) => bytes + folder.size(name), 0),
  );
});

test("a host's share is smaller in blocks than in the log", async () => {
  const folder = createMemoryBlockFolder();
  const world = await openWorld(folder, {
    dictionaries,
    config: { segmentReportsMax: 3_600 },
  });
  const { telemetry } = world;
  for (let seq = 1; seq <= 3_600; seq += 1) await telemetry.append(second(seq));
  const logBytes = folder.size(segmentName(1));
  await telemetry.append(second(3_601));
  await compact(world);
  expect(folder.size(blockName(1, 0))).toBeLessThan(logBytes / 20);
});

test("a crash in the middle of a compaction leaves the segment to be compacted again", async () => {
  const folder = createMemoryBlockFolder();
  const config = { segmentReportsMax: 20 };
  const world = await openWorld(folder, { dictionaries, config });
  const { telemetry } = world;
  for (const seq of hourOfSeconds.slice(0, 20)) await telemetry.append(second(seq));
  await telemetry.close();
  // As if the block had been written and the segment not yet removed.
  await folder.writeWhole(blockName(1, 0), Uint8Array.of(1, 2, 3));
  const again = await openWorld(folder, { dictionaries, config });
  const { telemetry: opened } = again;
  expect(folder.list()).toEqual([segmentName(1)]);
  for (const seq of hourOfSeconds.slice(20)) await opened.append(second(seq));
  await compact(again);
  expect(await valuesOf(opened, queryOf({}))).toEqual(hourOfSeconds.map((seq) => seq / 100));
});

test("a disk too full to compact keeps the log; it is tried again later", async () => {
  const folder = createMemoryBlockFolder();
  const { log, lines } = collectingLog();
  const config = { segmentReportsMax: 20 };
  const world = await openWorld(folder, { dictionaries, config, log });
  const { telemetry, clock } = world;
  folder.failNext("writeWhole", diskFullError());
  for (const seq of hourOfSeconds.slice(0, 40)) await telemetry.append(second(seq));
  await compact(world);
  expect(folder.list()).toEqual([segmentName(1), segmentName(2)]);
  expect(lines).toContainEqual(
    expect.objectContaining({ level: "error", retryMs: compactionRetryMs }),
  );
  expect(await valuesOf(telemetry, queryOf({ toMs: reportsStartMs + 2_000 }))).toEqual([
    0.01, 0.02,
  ]);
  await clock.advance(compactionRetryMs);
  await telemetry.append(second(41));
  await compact(world);
  expect(folder.list()).toContain(blockName(1, 0));
  expect(folder.list()).not.toContain(segmentName(1));
});

test("a report that takes the place of another still does so when it is compacted", async () => {
  const other = dictionaryOf(seriesOf("system.cpu.utilization", {}, { exponent: -2 }));
  const at = (seq: number, of: typeof other, from: number, list: readonly number[]) =>
    entryOf({ seq, dictionary: of, points: [list], startMs: reportsStartMs + from * 1_000 });
  // The third is later than the second, and would also fit behind the first.
  const entries = [
    at(1, dictionary, 0, [1, 1, 1, 1, 1]),
    at(2, other, 5, [2, 2, 2, 2, 2, 2, 2, 2, 2, 2]),
    at(3, dictionary, 10, [3, 3, 3]),
    at(4, dictionary, 20, [4]),
    at(5, dictionary, 21, [5]),
  ];
  const folder = createMemoryBlockFolder();
  const both = [dictionary, other];
  const config = { segmentReportsMax: 4 };
  const world = await openWorld(folder, { dictionaries: both, config });
  const { telemetry } = world;
  for (const entry of entries) await telemetry.append(entry);
  await compact(world);
  expect(folder.list()).toEqual([blockName(1, 0), segmentName(2)]);
  const query = queryOf({ toMs: reportsStartMs + 22_000 });
  await expectNaive(telemetry, query, answerNaively(entries, both, query));
  expect((await valuesOf(telemetry, query)).slice(8, 15)).toEqual([
    0.02, 0.02, 0.03, 0.03, 0.03, 0.02, 0.02,
  ]);
});

test("the latest values of a host that has been silent are found in its block", async () => {
  const folder = createMemoryBlockFolder();
  const config = { segmentReportsMax: 3 };
  const before = await openWorld(folder, { dictionaries, config });
  await before.telemetry.append(second(1));
  await before.telemetry.append(second(2));
  const silent = before.telemetry.latest(hostOf(1));
  for (let seq = 1; seq <= 3; seq += 1) await before.telemetry.append(second(seq, 2));
  await compact(before);
  await before.telemetry.close();
  expect(folder.list()).toEqual([blockName(1, 0), segmentName(2)]);
  const { telemetry } = await openWorld(folder, { config });
  expect(telemetry.latest(hostOf(1))?.values()).toEqual(silent?.values());
  expect(telemetry.latest(hostOf(1))?.hostWide("system.disk.io")).toBe(1_024);
});

test("gaps that agents told are found in the log and in blocks", async () => {
  const folder = createMemoryBlockFolder();
  const world = await openWorld(folder, {
    dictionaries,
    config: { segmentReportsMax: 1 },
  });
  const { telemetry } = world;
  const gap = (fromMs: number) => ({
    fromMs: unixMs(fromMs),
    toMs: unixMs(fromMs + 5_000),
    reason: "ring-full" as const,
    seqs: null,
  });
  const first = entryOf({ seq: 1, dictionary, points: [[1]], gaps: [gap(reportsStartMs - 9_000)] });
  const startMs = reportsStartMs + 30_000;
  const dropped = { ...gap(reportsStartMs + 4_000), seqs: { first: 2, last: 3 } };
  await telemetry.append(first);
  await telemetry.append(entryOf({ seq: 4, dictionary, points: [[1]], startMs, gaps: [dropped] }));
  await compact(world);
  expect(folder.list()).toEqual([blockName(1, 0), segmentName(2)]);
  const span = [unixMs(reportsStartMs - 20_000), unixMs(reportsStartMs + 60_000)] as const;
  expect(await telemetry.gaps(hostOf(1), ...span)).toEqual([
    { fromMs: reportsStartMs - 9_000, toMs: reportsStartMs - 4_000, reason: "ring-full" },
    { fromMs: reportsStartMs + 4_000, toMs: reportsStartMs + 9_000, reason: "ring-full" },
  ]);
  expect(await telemetry.gaps(hostOf(1), unixMs(0), unixMs(1))).toEqual([]);
  expect(await telemetry.gaps(hostOf(2), ...span)).toEqual([]);
});

test("a block that a bad disk changed gives holes and says so, and no wrong values", async () => {
  const folder = createMemoryBlockFolder();
  const world = await openWorld(folder, {
    dictionaries,
    config: { segmentReportsMax: 30 },
  });
  const { telemetry } = world;
  for (const seq of hourOfSeconds.slice(0, 31)) await telemetry.append(second(seq));
  await compact(world);
  folder.damage(blockName(1, 0), 80);
  const values = await valuesOf(telemetry, queryOf({ toMs: reportsStartMs + 31_000 }));
  expect(values).toEqual([...Array.from({ length: 30 }, () => null), 0.31]);
  const gaps = await telemetry.gaps(
    hostOf(1),
    unixMs(reportsStartMs),
    unixMs(reportsStartMs + 9_000),
  );
  expect(gaps.map(({ reason }) => reason)).toEqual([expect.stringContaining("damaged on disk")]);
});

test("files age out by when they were received, and the oldest go when there is too much", async () => {
  const folder = createMemoryBlockFolder();
  const clock = createVirtualClock(reportsStartMs);
  const config = { segmentReportsMax: 1, retentionMs: 100_000 };
  const world = await openWorld(folder, { dictionaries, clock, config });
  const { telemetry } = world;
  // A host whose clock is years ahead keeps nothing longer.
  const wild = entryOf({
    host: 2,
    seq: 1,
    dictionary,
    points: [[1]],
    startMs: reportsStartMs * 1.2,
    receivedMs: reportsStartMs,
  });
  await telemetry.append(wild);
  await telemetry.append(second(1, 1, reportsStartMs + 50_000));
  await clock.advance(120_000);
  await telemetry.append(second(2, 1, reportsStartMs + 120_000));
  await compact(world);
  expect(folder.list()).toEqual([blockName(2, 0), segmentName(3)]);
  expect(await telemetry.append(wild)).toBe("duplicate");
  await telemetry.close();

  const blockBytes = folder.size(blockName(2, 0));
  const small = { ...config, retentionBytes: folder.size(segmentName(3)) + blockBytes - 1 };
  const { telemetry: opened } = await openWorld(folder, { dictionaries, clock, config: small });
  expect(folder.list()).toEqual([segmentName(3)]);
  expect(opened.acknowledged(hostOf(1), spoolOf(1))).toEqual([{ first: 1, last: 2 }]);
});

test("a question that is being answered keeps its files until it is done", async () => {
  const folder = createMemoryBlockFolder();
  const config = { segmentReportsMax: 20 };
  const world = await openWorld(folder, { dictionaries, config });
  const { telemetry } = world;
  for (const seq of hourOfSeconds.slice(0, 20)) await telemetry.append(second(seq));
  const answer = valuesOf(telemetry, queryOf({ toMs: reportsStartMs + 3_000 }));
  const more = hourOfSeconds.slice(20).map((seq) => telemetry.append(second(seq)));
  expect(await answer).toEqual([0.01, 0.02, 0.03]);
  await Promise.all(more);
  await compact(world);
  expect(folder.list()).not.toContain(segmentName(1));
});

test("a folder that a newer release wrote is refused with what to do", async () => {
  const folder = createMemoryBlockFolder();
  const world = await openWorld(folder, { dictionaries, config: { segmentReportsMax: 1 } });
  const { telemetry } = world;
  await telemetry.append(second(1));
  await telemetry.append(second(2));
  await compact(world);
  await telemetry.close();
  const footerAt = folder.size(blockName(1, 0)) - 20;
  folder.damage(blockName(1, 0), footerAt + 12, 0x40);
  await expect(openWorld(folder)).rejects.toMatchObject({
    code: "FORMAT_NEWER",
    message: expect.stringContaining("start the release that wrote it"),
  });
});
