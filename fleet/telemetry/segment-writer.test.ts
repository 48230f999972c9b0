import { expect, test } from "vitest";
import { collectingLog } from "#test/support/collecting-log.ts";
import { createMemoryBlockFolder } from "#test/support/memory-block-folder.ts";
import {
  dictionaryOf,
  hostOf,
  reportsStartMs,
  seriesOf,
  spoolOf,
} from "#test/support/report-builders.ts";
import { entryOf, openWorld, queryOf, valuesOf } from "#test/support/telemetry-world.ts";
import { segmentName } from "./segments.ts";

const dictionary = dictionaryOf(seriesOf("system.cpu.utilization", {}, { exponent: -2 }));
const dictionaries = [dictionary];
const second = (seq: number) =>
  entryOf({ seq, dictionary, points: [[seq]], startMs: reportsStartMs + (seq - 1) * 1_000 });

test("a busy store leaves a pause between two fsyncs, and an idle one answers at once", async () => {
  const folder = createMemoryBlockFolder();
  const config = { commitSpacingMs: 20 };
  const { telemetry, clock } = await openWorld(folder, { dictionaries, config });
  expect(await telemetry.append(second(1))).toBe("appended");
  const rest = [2, 3, 4].map((seq) => telemetry.append(second(seq)));
  await clock.advance(19);
  expect(telemetry.acknowledged(hostOf(1), spoolOf(1))).toEqual([{ first: 1, last: 1 }]);
  await clock.advance(1);
  expect(await Promise.all(rest)).toEqual(["appended", "appended", "appended"]);
  expect(folder.counts.sync).toBe(2);
});

test("closing does not wait for the pause, and what is in flight is kept", async () => {
  const folder = createMemoryBlockFolder();
  const config = { commitSpacingMs: 20 };
  const { telemetry } = await openWorld(folder, { dictionaries, config });
  await telemetry.append(second(1));
  const inFlight = telemetry.append(second(2));
  await telemetry.close();
  expect(await inFlight).toBe("appended");
  await expect(telemetry.append(second(3))).rejects.toMatchObject({ code: "STORE_FAILED" });
  const { telemetry: opened } = await openWorld(folder);
  expect(opened.acknowledged(hostOf(1), spoolOf(1))).toEqual([{ first: 1, last: 2 }]);
});

test("after a failed fsync the log goes on in a new segment, and nothing is told as kept", async () => {
  const folder = createMemoryBlockFolder();
  const { telemetry } = await openWorld(folder, { dictionaries });
  await telemetry.append(second(1));
  const size = folder.size(segmentName(1));
  folder.failNext("sync", Object.assign(new Error("EIO: i/o error"), { code: "EIO" }));
  await expect(telemetry.append(second(2))).rejects.toMatchObject({
    code: "STORE_FAILED",
    cause: expect.objectContaining({ code: "EIO" }),
  });
  expect(folder.size(segmentName(1))).toBe(size);
  expect(telemetry.acknowledged(hostOf(1), spoolOf(1))).toEqual([{ first: 1, last: 1 }]);
  expect(await telemetry.append(second(2))).toBe("appended");
  expect(folder.list()).toContain(segmentName(2));
  const query = queryOf({ toMs: reportsStartMs + 2_000 });
  expect(await valuesOf(telemetry, query)).toEqual([0.01, 0.02]);
});

test("a disk that fills up while the first segment is begun leaves nothing behind", async () => {
  const folder = createMemoryBlockFolder({ capacityBytes: 140 });
  const { telemetry } = await openWorld(folder, { dictionaries });
  await expect(telemetry.append(second(1))).rejects.toMatchObject({ code: "STORE_FULL" });
  expect(folder.counts.append).toBe(2);
  expect(folder.size(segmentName(1))).toBe(0);
  folder.setCapacity(100_000);
  expect(await telemetry.append(second(1))).toBe("appended");
  const { telemetry: opened } = await openWorld(folder);
  expect(opened.acknowledged(hostOf(1), spoolOf(1))).toEqual([{ first: 1, last: 1 }]);
});

test("less room than the reserve refuses reports without touching the log", async () => {
  const folder = createMemoryBlockFolder({ capacityBytes: 10_000 });
  const { log, lines } = collectingLog();
  const config = { reserveBytes: 20_000 };
  const { telemetry } = await openWorld(folder, { dictionaries, config, log });
  await expect(telemetry.append(second(1))).rejects.toMatchObject({
    code: "STORE_FULL",
    message: expect.stringContaining("make room"),
  });
  expect(folder.counts.append).toBe(0);
  expect(lines).toContainEqual(expect.objectContaining({ level: "warn", reports: 1 }));
});

test("more reports than may wait for the disk are refused", async () => {
  const folder = createMemoryBlockFolder({ beforeSync: () => new Promise(() => {}) });
  const config = { pendingBytesMax: 500 };
  const { telemetry, clock } = await openWorld(folder, { dictionaries, config });
  const refused: unknown[] = [];
  for (let seq = 1; seq <= 20; seq += 1) {
    telemetry.append(second(seq)).catch((error: unknown) => refused.push(error));
    await clock.settle();
  }
  expect(refused.length).toBeGreaterThan(5);
  expect(refused[0]).toMatchObject({ code: "STORE_BUSY" });
});

test("a report that was refused because the store was busy is taken when it comes again", async () => {
  let finishSyncs = (): void => {};
  const syncs = new Promise<void>((resolve) => (finishSyncs = resolve));
  const folder = createMemoryBlockFolder({ beforeSync: () => syncs });
  const config = { pendingBytesMax: 0 };
  const { telemetry, clock } = await openWorld(folder, { dictionaries, config });
  const first = telemetry.append(second(1));
  await clock.settle();
  const next = telemetry.append(second(2));
  await expect(telemetry.append(second(3))).rejects.toMatchObject({ code: "STORE_BUSY" });
  finishSyncs();
  expect(await Promise.all([first, next])).toEqual(["appended", "appended"]);
  expect(await telemetry.append(second(3))).toBe("appended");
  const { telemetry: opened } = await openWorld(folder);
  expect(opened.acknowledged(hostOf(1), spoolOf(1))).toEqual([{ first: 1, last: 3 }]);
});

test("a report that is on disk is never refused, even where noting it fails", async () => {
  const folder = createMemoryBlockFolder();
  const { log, lines } = collectingLog();
  const config = { segmentReportsMax: 2 };
  const { telemetry } = await openWorld(folder, { dictionaries, log, config });
  let isBroken = false;
  const entry = second(1);
  const report = {
    ...entry.report,
    get startMs() {
      if (isBroken) throw new Error("a bug");
      return entry.report.startMs;
    },
  };
  const appended = telemetry.append({ ...entry, report });
  const next = telemetry.append(second(2));
  isBroken = true;
  expect(await Promise.all([appended, next])).toEqual(["appended", "appended"]);
  expect(lines).toContainEqual(expect.objectContaining({ level: "fatal", hostId: hostOf(1) }));
  expect(await telemetry.append(entry)).toBe("duplicate");
  for (const seq of [3, 4]) expect(await telemetry.append(second(seq))).toBe("appended");
  await telemetry.compacted();
  expect(folder.list()).toEqual([segmentName(1), segmentName(2)]);
  await telemetry.close();
  const { telemetry: opened } = await openWorld(folder);
  expect(opened.acknowledged(hostOf(1), spoolOf(1))).toEqual([{ first: 1, last: 4 }]);
  const query = queryOf({ toMs: reportsStartMs + 4_000 });
  expect(await valuesOf(opened, query)).toEqual([0.01, 0.02, 0.03, 0.04]);
});

test("a report whose column has no series is refused", async () => {
  const { telemetry } = await openWorld(createMemoryBlockFolder(), { dictionaries });
  const entry = second(1);
  const columns = entry.report.columns.map((column) => ({ ...column, series: 1 }));
  const wrong = { ...entry, report: { ...entry.report, columns } };
  await expect(telemetry.append(wrong)).rejects.toMatchObject({ code: "REPORT_INVALID" });
  expect(await telemetry.append(entry)).toBe("appended");
});
