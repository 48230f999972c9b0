import { fc } from "#test/support/properties.ts";
import { describe, expect, test } from "vitest";
import {
  createMemoryBlockFolder,
  type MemoryBlockFolder,
} from "#test/support/memory-block-folder.ts";
import { collectingLog } from "#test/support/collecting-log.ts";
import { answerNaively } from "#test/support/naive-telemetry.ts";
import {
  dictionaryOf,
  hostOf,
  reportsStartMs,
  seriesOf,
  spoolOf,
} from "#test/support/report-builders.ts";
import { createSeededRandom, type SeededRandom } from "#test/support/seeded-random.ts";
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
import { segmentName } from "./segments.ts";
import type { ReportEntry, Telemetry } from "./telemetry.ts";

const dictionary = dictionaryOf(
  seriesOf("system.cpu.utilization", {}, { exponent: -2 }),
  seriesOf("system.disk.io", { "system.device": "sda" }, { quantum: 512 }),
);
const dictionaries = [dictionary];

function reportEntry(seq: number, facts: { host?: number; spool?: number } = {}): ReportEntry {
  const points = [
    [seq, seq + 1, seq + 2],
    [1, 1, 1],
  ];
  const startMs = reportsStartMs + (seq - 1) * 3_000;
  return entryOf({ seq, dictionary, points, startMs, ...facts });
}

/** Bytes that hosts' blocks, and their counters, cannot count twice. */
async function bytesWritten(telemetry: Telemetry, host: number): Promise<number> {
  const sums = await valuesOf(
    telemetry,
    queryOf({
      host,
      metric: "system.disk.io",
      toMs: reportsStartMs + 600_000,
      stepMs: 600_000,
      stat: "sum",
    }),
  );
  return sums.reduce<number>((total, sum) => total + (sum ?? 0), 0);
}

async function folderWith(name: string, bytes: Uint8Array): Promise<MemoryBlockFolder> {
  const folder = createMemoryBlockFolder();
  const file = folder.openLog(name);
  await file.append(bytes);
  await file.sync();
  return folder;
}

describe("a log that ends anywhere", () => {
  test("gives every report that is whole in it, and goes on from there", async () => {
    const full = createMemoryBlockFolder();
    const { telemetry } = await openWorld(full, { dictionaries });
    const name = segmentName(1);
    const ends: number[] = [];
    for (let seq = 1; seq <= 5; seq += 1) {
      await telemetry.append(reportEntry(seq));
      ends.push(full.size(name));
    }
    const bytes = await full.readWhole(name);
    for (let length = 0; length <= bytes.length; length += 1) {
      const whole = ends.filter((end) => end <= length).length;
      const folder = await folderWith(name, bytes.slice(0, length));
      const cut = await openWorld(folder, { dictionaries });
      expect(cut.telemetry.acknowledged(hostOf(1), spoolOf(1))).toEqual(
        whole === 0 ? [] : [{ first: 1, last: whole }],
      );
      expect(await bytesWritten(cut.telemetry, 1)).toBe(whole * 3 * 512);
      for (let seq = 1; seq <= 5; seq += 1) {
        const how = await cut.telemetry.append(reportEntry(seq));
        expect(how).toBe(seq <= whole ? "duplicate" : "appended");
      }
      await cut.telemetry.close();
      const again = await openWorld(folder);
      expect(again.telemetry.acknowledged(hostOf(1), spoolOf(1))).toEqual([{ first: 1, last: 5 }]);
      expect(await bytesWritten(again.telemetry, 1)).toBe(5 * 3 * 512);
    }
  });

  test("says what it cut off", async () => {
    const full = createMemoryBlockFolder();
    const { telemetry } = await openWorld(full, { dictionaries });
    await telemetry.append(reportEntry(1));
    const bytes = await full.readWhole(segmentName(1));
    const folder = await folderWith(segmentName(1), Uint8Array.of(...bytes, 1, 2, 3));
    const { log, lines } = collectingLog();
    await openWorld(folder, { log });
    expect(lines).toContainEqual(
      expect.objectContaining({ level: "warn", keptBytes: bytes.length, cutBytes: 3 }),
    );
    expect(folder.size(segmentName(1))).toBe(bytes.length);
  });
});

describe("a log with a damage in the middle", () => {
  test("keeps what comes after it, and tells what is lost, wherever the damage is", async () => {
    const full = createMemoryBlockFolder();
    const { telemetry } = await openWorld(full, { dictionaries });
    const name = segmentName(1);
    const ends: number[] = [];
    for (let seq = 1; seq <= 4; seq += 1) {
      await telemetry.append(reportEntry(seq));
      ends.push(full.size(name));
    }
    const bytes = await full.readWhole(name);
    const [firstEnd = 0, secondEnd = 0] = ends;
    for (let at = firstEnd; at < secondEnd; at += 1) {
      const folder = await folderWith(name, bytes);
      folder.damage(name, at);
      const { log, lines } = collectingLog();
      const { telemetry: opened } = await openWorld(folder, { dictionaries, log });
      expect(opened.acknowledged(hostOf(1), spoolOf(1))).toEqual([
        { first: 1, last: 1 },
        { first: 3, last: 4 },
      ]);
      expect(await bytesWritten(opened, 1)).toBe(3 * 3 * 512);
      const gaps = await opened.gaps(
        hostOf(1),
        unixMs(reportsStartMs),
        unixMs(reportsStartMs + 60_000),
      );
      expect(gaps.map(({ reason }) => reason)).toEqual(
        expect.arrayContaining([
          "report 2 has not come",
          `${secondEnd - firstEnd} bytes of the manager's log were damaged on disk`,
        ]),
      );
      expect(lines).toContainEqual(
        expect.objectContaining({ level: "error", bytes: secondEnd - firstEnd }),
      );
      // The host may still have it.
      expect(await opened.append(reportEntry(2))).toBe("appended");
      expect(await bytesWritten(opened, 1)).toBe(4 * 3 * 512);
    }
  });

  test("keeps the reports even where the segment's own header is damaged", async () => {
    const folder = createMemoryBlockFolder();
    const config = { segmentReportsMax: 2 };
    folder.failNext("writeWhole", new Error("keep the log for now"));
    const { telemetry } = await openWorld(folder, { dictionaries, config });
    for (let seq = 1; seq <= 4; seq += 1) await telemetry.append(reportEntry(seq));
    await telemetry.close();
    expect(folder.list()).toEqual([segmentName(1), segmentName(2)]);
    folder.damage(segmentName(2), 20);
    const { telemetry: opened } = await openWorld(folder, { dictionaries });
    expect(opened.acknowledged(hostOf(1), spoolOf(1))).toEqual([{ first: 1, last: 4 }]);
  });
});

test("bytes that look like a record inside a report are not taken for one", async () => {
  const victim = createMemoryBlockFolder();
  const { telemetry: forge } = await openWorld(victim, { dictionaries });
  await forge.append(reportEntry(1, { host: 7 }));
  const forged = await victim.readWhole(segmentName(1));

  const folder = createMemoryBlockFolder();
  // Another store, opened at another time, has another salt.
  const clock = createVirtualClock(reportsStartMs + 1);
  const { telemetry } = await openWorld(folder, { dictionaries, clock });
  const entry = reportEntry(1);
  const [column] = entry.report.columns;
  if (column === undefined) throw new Error("a report without columns");
  const columns = [{ ...column, values: forged }];
  await telemetry.append({ ...entry, report: { ...entry.report, columns } });
  await telemetry.append(reportEntry(2));
  // The record that carries the forgery is damaged, so a scan looks for the next mark.
  const size = folder.size(segmentName(1));
  const bytes = await folder.readWhole(segmentName(1));
  const inside = Buffer.from(bytes).indexOf(Buffer.from(forged.subarray(0, 12)));
  expect(inside).toBeGreaterThan(0);
  folder.damage(segmentName(1), inside - 5);
  const opened = await openWorld(folder, { clock });
  expect(folder.size(segmentName(1))).toBe(size);
  expect(opened.telemetry.acknowledged(hostOf(7), spoolOf(1))).toEqual([]);
  expect(opened.telemetry.acknowledged(hostOf(1), spoolOf(1))).toEqual([{ first: 2, last: 2 }]);
});

interface Step {
  readonly what: "append" | "again" | "crash" | "full" | "room" | "settle";
  readonly host: number;
}

/** S1 and S2 under crashes: whatever the disk tears, what was acknowledged is there, once. */
test("what was acknowledged survives any crash, and nothing counts twice", async () => {
  const step = fc.record({
    what: fc.constantFrom(
      ...([
        "append",
        "append",
        "append",
        "append",
        "again",
        "crash",
        "full",
        "room",
        "settle",
      ] as const),
    ),
    host: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 60 }),
      fc.integer({ min: 1, max: 2 ** 30 }),
      (steps, seed) => liveThrough(steps, createSeededRandom(seed)),
    ),
    { numRuns: 80 },
  );
}, 120_000);

async function liveThrough(steps: readonly Step[], random: SeededRandom): Promise<void> {
  const config = { segmentReportsMax: 4, blockBytesMax: 700 };
  let folder = createMemoryBlockFolder();
  let world = await openWorld(folder, { dictionaries, config });
  const acknowledged = new Map<string, ReportEntry>();
  const told: ReportEntry[] = [];
  const next = new Map<number, number>();

  const append = (entry: ReportEntry): void => {
    told.push(entry);
    world.telemetry.append(entry).then(
      () => acknowledged.set(`${entry.hostId} ${entry.report.seq}`, entry),
      () => {},
    );
  };
  for (const { what, host } of steps) {
    if (what === "append") {
      const seq = (next.get(host) ?? 0) + 1;
      next.set(host, seq);
      append(reportEntry(seq, { host }));
    } else if (what === "again" && told.length > 0) {
      const entry = told[random.below(told.length)];
      if (entry !== undefined) append(entry);
    } else if (what === "full") {
      folder.setCapacity(1);
    } else if (what === "room") {
      folder.setCapacity(Number.MAX_SAFE_INTEGER);
    } else if (what === "crash") {
      folder = folder.crash(random);
      world = await openWorld(folder, { dictionaries, config });
    } else {
      await world.clock.settle();
    }
  }
  folder = folder.crash(random);
  world = await openWorld(folder, { dictionaries, config });
  folder.setCapacity(Number.MAX_SAFE_INTEGER);
  await compact(world);

  for (const host of [1, 2, 3]) {
    const ranges = world.telemetry.acknowledged(hostOf(host), spoolOf(1));
    const held = ranges.flatMap(({ first, last }) =>
      Array.from({ length: last - first + 1 }, (_, index) => first + index),
    );
    for (const entry of acknowledged.values()) {
      if (entry.hostId === hostOf(host)) expect(held).toContain(entry.report.seq);
    }
    // What is told as held is readable, each report once: the counters say so.
    expect(await bytesWritten(world.telemetry, host)).toBe(held.length * 3 * 512);
    const entries = held.map((seq) => reportEntry(seq, { host }));
    const query = queryOf({ host, toMs: reportsStartMs + 200_000 });
    await expectNaive(world.telemetry, query, answerNaively(entries, dictionaries, query));
  }
}
