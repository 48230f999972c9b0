import { beforeEach, expect, test } from "vitest";
import type { HealthStore } from "#fleet/health/health-store.ts";
import { type HostEvent, hostEventsMax } from "#fleet/health/host-event.ts";
import type { StoredMemory } from "#fleet/health/host-memory.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { describeBothEngines } from "#test/support/control-stores.ts";
import { hostIdOf, hostRecord } from "#test/support/inventory-builders.ts";
import type { ControlStore } from "./control-store.ts";

const part = { kind: "disk", id: "Z1", name: "sd'a", slot: "3", serial: "Z1" } as const;
const memory: StoredMemory = {
  judgedMs: 1_800_000_000_000,
  growth: { 'disk-reallocated|hw.id=Z"1': { last: 312, firstMs: 1, hours: [[500_000, 8]] } },
  findings: {
    "disk-reallocated|Z1": {
      rule: "disk-reallocated",
      part,
      detail: "reallocated sectors: 312, 8 of them in the last 24 h",
      seenMs: 9,
      sinceMs: 5,
      levels: {
        degraded: { isRaised: true, towardMs: 0 },
        failing: { isRaised: false, towardMs: 7 },
      },
    },
  },
  reboot: {
    previousBootId: "a",
    bootId: "b",
    link: { lastHeardMs: null, backMs: 7 },
    last: {
      observedMs: 3,
      thermalMargin: { celsius: -2.5, part: "CPU1" },
      hottest: null,
      suppliesDown: ["PSU1"],
      watts: 412.5,
      memoryUtilization: null,
      memoryPressure: 0.5,
      uncorrectedErrors: 0,
    },
  },
  lastReboot: {
    bootedMs: null,
    noticedMs: 4,
    bootId: "a",
    previousBootId: "0",
    cause: "kernel-panic",
    confidence: "certain",
    because: ["名前 \u0000"],
  },
};

const eventOf = (number: number, host = 1): HostEvent => ({
  id: `${host}-${String(number).padStart(8, "0")}`,
  hostId: hostIdOf(host),
  atMs: unixMs(number),
  what: {
    kind: "finding",
    change: {
      kind: "raised",
      finding: {
        rule: "disk-reallocated",
        verdict: "failing",
        component: part,
        detail: `number ${number}`,
        sinceMs: number,
        seenMs: number,
        isStale: false,
        clearsWhen: "24 h without a new one",
      },
    },
  },
});

describeBothEngines("the store of health", (bench) => {
  let store: ControlStore;
  let health: HealthStore;
  beforeEach(async () => {
    store = await bench.open();
    ({ health } = store);
    await store.inventory.insertHost(hostRecord(1));
    await store.inventory.insertHost(hostRecord(2));
  });

  test("gives back every field of a memory as it was", async () => {
    expect(await health.readMemories()).toEqual([]);
    await health.write([{ hostId: hostIdOf(1), memory, events: [] }]);
    expect(await health.readMemories()).toEqual([{ hostId: hostIdOf(1), memory }]);
    const next = { ...memory, growth: {}, findings: {}, reboot: null, lastReboot: null };
    await health.write([{ hostId: hostIdOf(1), memory: next, events: [] }]);
    expect(await health.readMemories()).toEqual([{ hostId: hostIdOf(1), memory: next }]);
  });

  test("lists a host's events newest first, page by page, and only its own", async () => {
    const reboot: HostEvent = {
      ...eventOf(9),
      what: { kind: "reboot", reboot: memory.lastReboot ?? raise() },
    };
    await health.write([
      { hostId: hostIdOf(1), memory, events: [eventOf(1), eventOf(2), reboot] },
      { hostId: hostIdOf(2), memory, events: [eventOf(5, 2)] },
    ]);
    const first = await health.listEvents(hostIdOf(1), { limit: 2, before: null });
    expect(first).toEqual([reboot, eventOf(2)]);
    const before = first.at(-1)?.id ?? null;
    expect(await health.listEvents(hostIdOf(1), { limit: 2, before })).toEqual([eventOf(1)]);
  });

  test("keeps the newest events of a host, and no more than it says", async () => {
    const some = (from: number) => Array.from({ length: 300 }, (_, index) => eventOf(from + index));
    await health.write([{ hostId: hostIdOf(1), memory, events: some(1) }]);
    await health.write([{ hostId: hostIdOf(1), memory, events: some(301) }]);
    const kept = await health.listEvents(hostIdOf(1), { limit: 1_000, before: null });
    expect(kept).toHaveLength(hostEventsMax);
    expect(kept.at(0)).toEqual(eventOf(600));
    expect(kept.at(-1)).toEqual(eventOf(101));
  });

  test("takes the same write twice: its answer may have been lost", async () => {
    const entry = { hostId: hostIdOf(1), memory, events: [eventOf(1)] };
    await health.write([entry]);
    await health.write([entry]);
    expect(await health.listEvents(hostIdOf(1), { limit: 9, before: null })).toEqual([eventOf(1)]);
  });

  test("of a host that is not there keeps nothing, and forgets one that is removed", async () => {
    await health.write([
      { hostId: hostIdOf(9), memory, events: [eventOf(1, 9)] },
      { hostId: hostIdOf(1), memory, events: [eventOf(1)] },
    ]);
    expect(await health.readMemories()).toHaveLength(1);
    await store.inventory.removeHost(hostIdOf(1));
    expect(await health.readMemories()).toEqual([]);
    expect(await health.listEvents(hostIdOf(1), { limit: 9, before: null })).toEqual([]);
  });
});

function raise(): never {
  throw new Error("the memory of this test has a reboot");
}
