import { expect, test } from "vitest";
import { createMemoryBlockFolder, diskFullError } from "#test/support/memory-block-folder.ts";
import {
  bootOf,
  dictionaryOf,
  hostOf,
  type ReportFacts,
  reportOf,
  reportsStartMs,
  seriesOf,
  spoolOf,
} from "#test/support/report-builders.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { BlockFolder } from "./block-folder.ts";
import { openTelemetry } from "./open-telemetry.ts";
import type { RangeQuery, ReportEntry, Telemetry } from "./telemetry.ts";
import type { TelemetryConfig } from "./telemetry-config.ts";

const dictionary = dictionaryOf(
  seriesOf("system.cpu.utilization", {}, { exponent: -2 }),
  seriesOf("system.disk.io", { "system.device": "sda" }, { quantum: 512 }),
);

function entryOf(facts: Partial<ReportFacts> & { readonly seq: number }): ReportEntry {
  const startMs = facts.startMs ?? reportsStartMs + (facts.seq - 1) * 4_000;
  const points = [
    [25, 30, null, 50],
    [2, 4, 4, 0],
  ];
  return {
    hostId: hostOf(1),
    spoolId: spoolOf(1),
    bootId: bootOf(1),
    receivedMs: unixMs(startMs + 5_000),
    report: reportOf({ dictionary, points, ...facts, startMs }),
  };
}

async function open(folder: BlockFolder, config: Partial<TelemetryConfig> = {}) {
  const clock = createVirtualClock(reportsStartMs);
  const telemetry = await openTelemetry({
    folder,
    clock,
    log: silentLog,
    config: { commitSpacingMs: 0, reserveBytes: 0, ...config },
  });
  telemetry.addDictionary(dictionary);
  return telemetry;
}

async function valuesOf(telemetry: Telemetry, query: Partial<RangeQuery> = {}) {
  const answer = await telemetry.query({
    hostId: hostOf(1),
    metric: "system.cpu.utilization",
    fromMs: unixMs(reportsStartMs),
    toMs: unixMs(reportsStartMs + 4_000),
    stepMs: 1_000,
    by: null,
    stat: "mean",
    ...query,
  });
  if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
  return answer.value.series.map((series) => series.points.map(([, value]) => value));
}

test("an appended report can be read, acknowledged and is the latest", async () => {
  const telemetry = await open(createMemoryBlockFolder());
  expect(await telemetry.append(entryOf({ seq: 1 }))).toBe("appended");
  expect(telemetry.acknowledged(hostOf(1), spoolOf(1))).toEqual([{ first: 1, last: 1 }]);
  expect(await valuesOf(telemetry)).toEqual([[0.25, 0.3, null, 0.5]]);
  expect(await valuesOf(telemetry, { metric: "system.disk.io" })).toEqual([
    [1_024, 2_048, 2_048, 0],
  ]);
  const latest = telemetry.latest(hostOf(1));
  expect(latest?.observedMs).toBe(reportsStartMs + 3_000);
  expect(latest?.hostWide("system.cpu.utilization")).toBe(0.5);
  expect(latest?.hostWide("system.disk.io")).toBe(1_280);
  expect(latest?.hostWide("hw.host.power")).toBeNull();
});

test("nothing is told as durable before the fsync", async () => {
  let finishSync = (): void => {};
  const folder = createMemoryBlockFolder({
    beforeSync: () => new Promise((resolve) => (finishSync = resolve)),
  });
  const telemetry = await open(folder);
  let answer = "";
  const appended = telemetry.append(entryOf({ seq: 1 })).then((how) => (answer = how));
  const clock = createVirtualClock();
  await clock.settle();
  expect(answer).toBe("");
  expect(telemetry.acknowledged(hostOf(1), spoolOf(1))).toEqual([]);
  expect(telemetry.latest(hostOf(1))).toBeUndefined();
  finishSync();
  await appended;
  expect(answer).toBe("appended");
});

test("reports that come while an fsync runs share the next one", async () => {
  const releases: (() => void)[] = [];
  const folder = createMemoryBlockFolder({
    beforeSync: () => new Promise((resolve) => releases.push(resolve)),
  });
  const telemetry = await open(folder);
  const clock = createVirtualClock();
  const first = telemetry.append(entryOf({ seq: 1 }));
  await clock.settle();
  const others = [2, 3, 4, 5].map((seq) => telemetry.append(entryOf({ seq })));
  await clock.settle();
  releases.shift()?.();
  await first;
  await clock.settle();
  releases.shift()?.();
  await Promise.all(others);
  expect(folder.counts.sync).toBe(2);
});

test("a report that is there already is a duplicate and changes nothing", async () => {
  const telemetry = await open(createMemoryBlockFolder());
  const both = [telemetry.append(entryOf({ seq: 1 })), telemetry.append(entryOf({ seq: 1 }))];
  expect(await Promise.all(both)).toEqual(["appended", "duplicate"]);
  expect(await telemetry.append(entryOf({ seq: 1 }))).toBe("duplicate");
  expect(telemetry.stats()).toMatchObject({ reports: 1, samples: 7, duplicates: 2 });
});

test("what was acknowledged is there after the store is opened again", async () => {
  const folder = createMemoryBlockFolder();
  const before = await open(folder);
  for (const seq of [1, 2, 4]) await before.append(entryOf({ seq }));
  await before.close();
  const telemetry = await open(folder);
  expect(telemetry.acknowledged(hostOf(1), spoolOf(1))).toEqual([
    { first: 1, last: 2 },
    { first: 4, last: 4 },
  ]);
  expect(await telemetry.append(entryOf({ seq: 2 }))).toBe("duplicate");
  expect(await valuesOf(telemetry)).toEqual([[0.25, 0.3, null, 0.5]]);
  expect(telemetry.latest(hostOf(1))?.observedMs).toBe(reportsStartMs + 15_000);
  expect(telemetry.latest(hostOf(1))?.hostWide("system.disk.io")).toBe(1_280);
  expect(await telemetry.gaps(hostOf(1), unixMs(0), unixMs(reportsStartMs * 2))).toEqual([
    {
      fromMs: reportsStartMs + 8_000,
      toMs: reportsStartMs + 12_000,
      reason: "report 3 has not come",
    },
  ]);
});

test("a hole is never taken as stored, however many there are", async () => {
  const folder = createMemoryBlockFolder();
  const config = { runsPerSpoolMax: 3 };
  const telemetry = await open(folder, config);
  const holed = [1, 3, 5];
  for (const seq of holed) expect(await telemetry.append(entryOf({ seq }))).toBe("appended");
  await expect(telemetry.append(entryOf({ seq: 7 }))).rejects.toMatchObject({ code: "STORE_BUSY" });
  const seqs = { first: 9, last: 9 };
  const gap = { fromMs: unixMs(0), toMs: unixMs(1), seqs, reason: "ring-full" } as const;
  const telling = entryOf({ seq: 6, gaps: [gap] });
  await expect(telemetry.append(telling)).rejects.toMatchObject({ code: "STORE_BUSY" });
  expect(telemetry.acknowledged(hostOf(1), spoolOf(1))).toEqual(
    holed.map((seq) => ({ first: seq, last: seq })),
  );
  // What lengthens a run or fills a hole is taken, and makes room for what was refused.
  const beside = [telemetry.append(entryOf({ seq: 6 })), telemetry.append(entryOf({ seq: 7 }))];
  expect(await Promise.all(beside)).toEqual(["appended", "appended"]);
  expect(await telemetry.append(entryOf({ seq: 2 }))).toBe("appended");
  expect(await telemetry.append(entryOf({ seq: 9 }))).toBe("appended");
  const ranges = [
    { first: 1, last: 3 },
    { first: 5, last: 7 },
    { first: 9, last: 9 },
  ];
  expect(telemetry.acknowledged(hostOf(1), spoolOf(1))).toEqual(ranges);
  await telemetry.close();
  // A smaller limit later on leaves nothing out that is on disk, and makes nothing up.
  const opened = await open(folder, { runsPerSpoolMax: 1 });
  expect(opened.acknowledged(hostOf(1), spoolOf(1))).toEqual(ranges);
  expect(await opened.append(entryOf({ seq: 4 }))).toBe("appended");
});

test("a full disk refuses reports, keeps the log whole and heals by itself", async () => {
  const folder = createMemoryBlockFolder();
  const telemetry = await open(folder);
  await telemetry.append(entryOf({ seq: 1 }));
  const [name = ""] = folder.list();
  const size = folder.size(name);
  folder.setCapacity(size + 10);
  await expect(telemetry.append(entryOf({ seq: 2 }))).rejects.toMatchObject({
    code: "STORE_FULL",
  });
  expect(folder.size(name)).toBe(size);
  expect(await valuesOf(telemetry)).toEqual([[0.25, 0.3, null, 0.5]]);
  folder.setCapacity(1_000_000);
  folder.failNext("append", diskFullError());
  await expect(telemetry.append(entryOf({ seq: 2 }))).rejects.toMatchObject({
    code: "STORE_FULL",
  });
  expect(await telemetry.append(entryOf({ seq: 2 }))).toBe("appended");
});

test("a report that names an unknown dictionary is refused", async () => {
  const telemetry = await open(createMemoryBlockFolder());
  const other = dictionaryOf(seriesOf("hw.host.power"));
  expect(telemetry.knowsDictionary(dictionary.digest)).toBe(true);
  expect(telemetry.knowsDictionary(other.digest)).toBe(false);
  await expect(
    telemetry.append(entryOf({ seq: 1, dictionary: other, points: [[1]] })),
  ).rejects.toMatchObject({ code: "DICTIONARY_UNKNOWN" });
});
