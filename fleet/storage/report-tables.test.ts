import { describe, expect, test } from "vitest";
import type { HostEvent } from "#fleet/health/host-event.ts";
import type { StoredMemory } from "#fleet/health/host-memory.ts";
import type { FailureEvent } from "#fleet/reports/failure-figures.ts";
import { type KeptFigures, keptDaysMax, type ScheduleRun } from "#fleet/reports/report-store.ts";
import { newUuidV7 } from "#proto/vocabulary/ids.ts";
import { unknownComponent } from "#proto/messages/state.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { describeBothEngines } from "#test/support/control-stores.ts";
import { hostIdOf, hostRecord } from "#test/support/inventory-builders.ts";
import { fc } from "#test/support/properties.ts";
import { arbitraryReportFleet, keptFiguresOf } from "#test/support/report-facts.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { packFigures, unpackFigures } from "./stored-reports.ts";

const dayMs = 86_400_000;
const [someFleet] = fc.sample(arbitraryReportFleet, { numRuns: 1, seed: 7 });

function figuresAt(atMs: number, facts = someFleet): KeptFigures {
  if (facts === undefined) throw new Error("no fleet");
  return keptFiguresOf({ ...facts, atMs });
}

describe("kept figures", () => {
  test("come back as they were packed, whatever the fleet", () => {
    fc.assert(
      fc.property(arbitraryReportFleet, (facts) => {
        const figures = figuresAt(1_000, facts);
        expect(unpackFigures(packFigures(figures))).toEqual(figures);
      }),
      { numRuns: 20 },
    );
  });

  test("that are damaged, or of another kind, are none", () => {
    expect(unpackFigures("no base64 of zstd")).toBeUndefined();
    expect(unpackFigures(packFigures({} as KeptFigures))).toBeUndefined();
  });
});

describeBothEngines("the store of reports", (bench) => {
  test("keeps one set of figures a day and answers the newest at or before a moment", async () => {
    const { reports } = await bench.open();
    expect(await reports.keptSpan()).toBeNull();
    expect(await reports.keptBefore(10 * dayMs)).toBeUndefined();
    await reports.keep(figuresAt(dayMs), "1970-01-02");
    await reports.keep(figuresAt(3 * dayMs), "1970-01-04");
    await reports.keep(figuresAt(3 * dayMs + 5), "1970-01-04");
    expect(await reports.keptSpan()).toEqual({ oldestMs: dayMs, newestMs: 3 * dayMs + 5 });
    expect(await reports.keptBefore(dayMs - 1)).toBeUndefined();
    expect(await reports.keptBefore(3 * dayMs)).toEqual(figuresAt(dayMs));
    expect(await reports.keptBefore(9 * dayMs)).toEqual(figuresAt(3 * dayMs + 5));
  });

  test("lets the oldest days give way", async () => {
    const { reports } = await bench.open();
    const day = (at: number): string => `day-${String(at).padStart(4, "0")}`;
    for (let at = 1; at <= keptDaysMax + 2; at += 1) await reports.keep(figuresAt(at), day(at));
    expect(await reports.keptSpan()).toEqual({ oldestMs: 3, newestMs: keptDaysMax + 2 });
  });

  test("remembers how each schedule went; an older due time never takes its place", async () => {
    const { reports } = await bench.open();
    const run = (facts: Partial<ScheduleRun>): ScheduleRun => ({
      name: "daily",
      dueMs: 100,
      outcome: "failed",
      attempts: 1,
      endedMs: 110,
      detail: "no room",
      doneMs: null,
      ...facts,
    });
    await reports.noteRun(run({}));
    await reports.noteRun(run({ outcome: "done", attempts: 2, doneMs: 120 }));
    await reports.noteRun(run({ dueMs: 50 }));
    await reports.noteRun(run({ name: "another" }));
    expect(await reports.runs()).toEqual([
      run({ name: "another" }),
      run({ outcome: "done", attempts: 2, doneMs: 120 }),
    ]);
  });

  test("tells what went wrong within a span, each once, and whose history gave way", async () => {
    const store = await bench.open();
    const random = createSeededRandom(5);
    for (const number of [1, 2]) {
      const added = await store.inventory.insertHost(hostRecord(number));
      if (!added.ok) throw new Error("not added");
    }
    const reboot = (number: number, atMs: number): HostEvent => ({
      id: newUuidV7(atMs, random),
      hostId: hostIdOf(number),
      atMs: unixMs(atMs),
      what: {
        kind: "reboot",
        reboot: {
          bootedMs: null,
          noticedMs: atMs,
          bootId: "b",
          previousBootId: "a",
          cause: "watchdog",
          confidence: "likely",
          because: ["it bit"],
        },
      },
    });
    const memory: StoredMemory = {
      judgedMs: 0,
      growth: {},
      findings: {},
      reboot: null,
      lastReboot: null,
    };
    const many = Array.from({ length: 500 }, (_, at) => reboot(2, 5_000 + at));
    await store.health.write([
      { hostId: hostIdOf(1), memory, events: [reboot(1, 999), reboot(1, 1_000), reboot(1, 9_000)] },
      { hostId: hostIdOf(2), memory, events: many },
    ]);
    const disk = { ...unknownComponent, kind: "disk", slot: "nvme0n1" } as const;
    await store.inventory.writeComponents(
      hostIdOf(1),
      [],
      [
        { atMs: unixMs(1_500), bootId: null, change: { kind: "added", component: disk } },
        { atMs: unixMs(1_500), bootId: null, change: { kind: "removed", component: disk } },
      ],
    );
    const found: FailureEvent[] = [];
    await store.reports.readFailures({ fromMs: 1_000, toMs: 9_000 }, (event) => found.push(event));
    expect(found.filter(({ hostId }) => hostId === hostIdOf(1))).toEqual([
      { hostId: hostIdOf(1), atMs: 1_000, what: "reboot", detail: "watchdog" },
      { hostId: hostIdOf(1), atMs: 1_500, what: "component", detail: "disk removed" },
    ]);
    expect(found.filter(({ hostId }) => hostId === hostIdOf(2))).toHaveLength(500);
    expect(await store.reports.readCutHistories()).toEqual([
      { hostId: hostIdOf(2), sinceMs: 5_000 },
    ]);
  });
});
