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
import {
  compact,
  entryOf,
  openWorld,
  queryOf,
  type TelemetryWorld,
  valuesOf,
} from "#test/support/telemetry-world.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { segmentName } from "./segments.ts";

const dictionary = dictionaryOf(seriesOf("system.cpu.utilization", {}, { exponent: -2 }));
const dictionaries = [dictionary];
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const config = { retentionMs: 7 * dayMs, segmentReportsMax: 1 };

/** What one host sends now, by the manager's clock; its points stay within the first hour. */
function reportNow({ clock }: TelemetryWorld, seq: number, host = 1) {
  const startMs = reportsStartMs + seq * 1_000;
  const receivedMs = clock.nowUnixMs();
  return entryOf({ seq, host, dictionary, points: [[seq]], startMs, receivedMs });
}

async function appendNow(world: TelemetryWorld, seq: number, host = 1): Promise<void> {
  expect(await world.telemetry.append(reportNow(world, seq, host))).toBe("appended");
  await world.clock.settle();
}

async function isThere({ telemetry }: TelemetryWorld, seq: number, host = 1): Promise<boolean> {
  const fromMs = reportsStartMs + seq * 1_000;
  const query = queryOf({ host, fromMs, toMs: fromMs + 1_000 });
  return (await valuesOf(telemetry, query))[0] === seq / 100;
}

test("a clock that is days ahead removes nothing, however often the manager is started", async () => {
  const folder = createMemoryBlockFolder();
  const { log, lines } = collectingLog();
  const first = await openWorld(folder, { dictionaries, config });
  await appendNow(first, 1, 2);
  for (const seq of [1, 2, 3]) await appendNow(first, seq);
  await compact(first);
  await first.telemetry.close();
  const files = folder.list();

  let seq = 4;
  for (const days of [8, 30, 400]) {
    const clock = createVirtualClock(reportsStartMs + days * dayMs);
    const world = await openWorld(folder, { dictionaries, config, clock, log });
    expect(folder.list()).toEqual(expect.arrayContaining(files.slice(0, -1)));
    for (const end = seq + 2; seq < end; seq += 1) await appendNow(world, seq);
    await compact(world);
    for (let kept = 1; kept < seq; kept += 1) expect(await isThere(world, kept)).toBe(true);
    // The numbers of a host that is silent meanwhile stay known as well.
    expect(await isThere(world, 1, 2)).toBe(true);
    expect(await world.telemetry.append(reportNow(world, 1, 2))).toBe("duplicate");
    await world.telemetry.close();
  }
  expect(lines.filter(({ level }) => level === "warn")).toContainEqual(
    expect.objectContaining({ nowMs: reportsStartMs + 8 * dayMs }),
  );
  expect(lines.map(({ message }) => message)).not.toContain("telemetry aged out");
});

test("at a clock that is ahead, what was there ages by the time that passes, and its end is told", async () => {
  const folder = createMemoryBlockFolder();
  const { log, lines } = collectingLog();
  const first = await openWorld(folder, { dictionaries, config });
  await appendNow(first, 1);
  await appendNow(first, 2);
  await first.telemetry.close();

  const clock = createVirtualClock(reportsStartMs + 8 * dayMs);
  const world = await openWorld(folder, { dictionaries, config, clock, log });
  let seq = 3;
  const pass = async (hours: number): Promise<void> => {
    for (let hour = 0; hour < hours; hour += 4) {
      await appendNow(world, seq);
      await compact(world);
      await clock.advance(4 * hourMs);
      seq += 1;
    }
  };
  await pass(7 * 24);
  expect(await isThere(world, 1)).toBe(true);
  await pass(24);
  const { telemetry } = world;
  expect(await isThere(world, seq - 1)).toBe(true);
  const oldest = { fromMs: reportsStartMs, toMs: reportsStartMs + 3_000 };
  expect(await valuesOf(telemetry, queryOf(oldest))).toEqual([null, null, null]);
  expect(lines).toContainEqual(
    expect.objectContaining({
      message: "telemetry aged out",
      fromMs: reportsStartMs + 1_000,
      toMs: reportsStartMs + 2_000,
    }),
  );
  expect(telemetry.acknowledged(hostOf(1), spoolOf(1))).toEqual([{ first: 1, last: seq - 1 }]);
});

test("a clock that was ahead and is set right again removes nothing and ages nothing twice", async () => {
  const folder = createMemoryBlockFolder();
  const base = createVirtualClock(reportsStartMs);
  const clock = { ...base, ...base.hostClock({ wallOffsetMs: 0 }) };
  const world = await openWorld(folder, { dictionaries, config, clock });
  let seq = 1;
  for (let turn = 0; turn < 20; turn += 1) {
    for (const jumpMs of [20 * hourMs, -20 * hourMs, 9 * dayMs, -9 * dayMs]) {
      await appendNow(world, seq);
      clock.jumpWall(jumpMs);
      seq += 1;
    }
  }
  await appendNow(world, seq);
  await compact(world);
  for (let kept = 1; kept <= seq; kept += 1) expect(await isThere(world, kept)).toBe(true);
  expect(folder.list()).toContain(segmentName(seq));
});
