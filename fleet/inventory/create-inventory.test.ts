import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Hello } from "#proto/messages/frames.ts";
import type { BootId } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf, hostState, positionOf, testCell } from "#test/support/inventory-builders.ts";
import { openMemoryStore } from "#test/support/memory-store.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { createInventory } from "./create-inventory.ts";
import type { FleetEvent } from "./fleet-events.ts";
import type { Inventory, NewHost } from "./inventory.ts";

const clock = createVirtualClock();
let store: Awaited<ReturnType<typeof openMemoryStore>>;
let inventory: Inventory;
let events: FleetEvent[];

function openInventory(): Inventory {
  return createInventory({
    cell: testCell,
    store: store.inventory,
    clock,
    events: { publish: (event) => events.push(event), subscribe: () => () => {} },
    log: silentLog,
  });
}

beforeEach(async () => {
  store = await openMemoryStore(clock);
  events = [];
  inventory = openInventory();
});

afterEach(() => store.close());

function newHost(number: number, facts: Partial<NewHost> = {}): NewHost {
  return {
    id: hostIdOf(number),
    name: `host-${number}`,
    phase: "active",
    position: null,
    simulated: false,
    adopted: false,
    watchedOnly: false,
    serial: null,
    ...facts,
  };
}

const hello = (bootId: string, agentRelease = "0.1.0"): Hello =>
  ({ bootId: bootId as BootId, agentRelease }) as Hello;

describe("a host that is added", () => {
  test("is found by id and by name, also by the next process on the same store", async () => {
    const added = await inventory.addHost(
      newHost(1, { position: positionOf("eu/fra2/row-b/rack-07/u12") }),
    );
    expect(added.ok).toBe(true);
    for (const reader of [inventory, openInventory()]) {
      expect(await reader.resolve(hostIdOf(1))).toMatchObject({ name: "host-1", revision: 1 });
      expect(await reader.resolve("host-1")).toMatchObject({ id: hostIdOf(1) });
      expect(await reader.host(hostIdOf(1))).toEqual(added.ok && added.value);
      expect(await reader.resolve("host-2")).toBeUndefined();
    }
    expect(events).toEqual([{ kind: "host-changed", hostId: hostIdOf(1) }]);
  });

  test("brings its site and rack with it", async () => {
    await inventory.addHost(newHost(1, { position: positionOf("eu/fra2/row-b/rack-07/u12") }));
    await inventory.addHost(newHost(2, { position: positionOf("eu/fra2/row-b/rack-07/u47") }));
    for (const reader of [inventory, openInventory()]) {
      expect(await reader.sites()).toEqual([
        { code: "fra2", region: "eu", timeZone: "Europe/Berlin", cell: testCell, windows: [] },
      ]);
      expect(await reader.racks()).toEqual([
        {
          id: "fra2/row-b/rack-07",
          region: "eu",
          site: "fra2",
          row: "row-b",
          rack: "rack-07",
          heightUnits: 48,
          feeds: [],
        },
      ]);
    }
  });

  test("may not take another's name, place, or a site of another region", async () => {
    const position = positionOf("eu/fra2/row-b/rack-07/u12");
    await inventory.addHost(newHost(1, { position }));
    expect(await inventory.addHost(newHost(2, { name: "host-1" }))).toEqual({
      ok: false,
      problem: { kind: "name-taken", name: "host-1" },
    });
    expect(await inventory.addHost(newHost(2, { position }))).toEqual({
      ok: false,
      problem: { kind: "position-taken", position: "eu/fra2/row-b/rack-07/u12", by: "host-1" },
    });
    const elsewhere = positionOf("na/fra2/row-b/rack-08/u1");
    expect(await inventory.addHost(newHost(2, { position: elsewhere }))).toEqual({
      ok: false,
      problem: { kind: "site-elsewhere", site: "fra2", region: "eu" },
    });
    expect(await inventory.hosts()).toHaveLength(1);
    expect(await inventory.racks()).toHaveLength(1);
  });
});

describe("a host that is placed", () => {
  test("moves, and leaves its old place free", async () => {
    await inventory.addHost(newHost(1, { position: positionOf("eu/fra2/row-b/rack-07/u12") }));
    const moved = await inventory.place(hostIdOf(1), positionOf("ea/nrt1/row-a/rack-01/u3"));
    expect(moved).toMatchObject({ ok: true, value: { revision: 2, position: { site: "nrt1" } } });
    expect(
      await inventory.addHost(newHost(2, { position: positionOf("eu/fra2/row-b/rack-07/u12") })),
    ).toMatchObject({ ok: true });
  });

  test("stays where it is when it is placed there again", async () => {
    const position = positionOf("eu/fra2/row-b/rack-07/u12");
    await inventory.addHost(newHost(1, { position }));
    expect(await inventory.place(hostIdOf(1), { ...position })).toMatchObject({
      ok: true,
      value: { revision: 1 },
    });
  });

  test("must exist", async () => {
    expect(await inventory.place(hostIdOf(9), positionOf("eu/fra2/row-b/rack-07/u12"))).toEqual({
      ok: false,
      problem: { kind: "no-such-host" },
    });
    expect(await inventory.racks()).toEqual([]);
  });
});

describe("what a host says of itself", () => {
  test("a session writes boot and release, and only when they change", async () => {
    await inventory.addHost(newHost(1));
    await inventory.recordSession(hostIdOf(1), hello("boot-1"));
    await inventory.recordSession(hostIdOf(1), hello("boot-1"));
    expect(await inventory.host(hostIdOf(1))).toMatchObject({ bootId: "boot-1", revision: 2 });
    await inventory.recordSession(hostIdOf(1), hello("boot-1", "0.2.0"));
    expect(await openInventory().host(hostIdOf(1))).toMatchObject({
      agentRelease: "0.2.0",
      revision: 3,
    });
  });

  test("a state gives serial and class, and is readable afterwards", async () => {
    await inventory.addHost(newHost(1));
    const state = hostState(
      { powerSource: "rapl" },
      {
        serial: "CZ1",
        memoryBytes: 64 * 1024 ** 3,
        processor: { model: "AMD EPYC 7543 32-Core Processor", sockets: 1, cores: 32, threads: 64 },
      },
    );
    await inventory.recordState(hostIdOf(1), state);
    expect(await inventory.host(hostIdOf(1))).toMatchObject({
      serial: "CZ1",
      hardwareClass: "1x-epyc-7543-64g-diskless",
    });
    expect(await inventory.state(hostIdOf(1))).toEqual(state);
    expect(events.map((event) => event.kind)).toEqual([
      "host-changed",
      "host-changed",
      "host-state",
    ]);
  });

  test("a host that stops saying its serial keeps it", async () => {
    await inventory.addHost(newHost(1, { serial: "CZ1" }));
    await inventory.recordState(hostIdOf(1), hostState());
    expect(await inventory.host(hostIdOf(1))).toMatchObject({ serial: "CZ1", revision: 1 });
  });

  test("many changes of one host at once all arrive", async () => {
    await inventory.addHost(newHost(1));
    await Promise.all([
      inventory.recordSession(hostIdOf(1), hello("boot-1")),
      inventory.recordState(hostIdOf(1), hostState({}, { serial: "CZ1" })),
      inventory.place(hostIdOf(1), positionOf("eu/fra2/row-b/rack-07/u12")),
    ]);
    for (const reader of [inventory, openInventory()])
      expect(await reader.host(hostIdOf(1))).toMatchObject({
        bootId: "boot-1",
        serial: "CZ1",
        position: { unit: 12 },
        revision: 4,
      });
  });

  test("a change by another manager on the same store is not lost", async () => {
    await inventory.addHost(newHost(1));
    await inventory.hosts();
    const other = openInventory();
    await other.place(hostIdOf(1), positionOf("eu/fra2/row-b/rack-07/u12"));
    await inventory.recordSession(hostIdOf(1), hello("boot-1"));
    expect(await openInventory().host(hostIdOf(1))).toMatchObject({
      bootId: "boot-1",
      position: { unit: 12 },
      revision: 3,
    });
  });

  test("the newest report on disk is noted when the record is written", async () => {
    const noting = createInventory({
      cell: testCell,
      store: store.inventory,
      clock,
      events: { publish: () => {}, subscribe: () => () => {} },
      log: silentLog,
      lastReportMs: () => unixMs(1234),
    });
    await noting.addHost(newHost(1));
    await noting.recordSession(hostIdOf(1), hello("boot-1"));
    expect(await openInventory().host(hostIdOf(1))).toMatchObject({ lastReportMs: 1234 });
  });
});

test("a removed host is gone, with its state, and its id is not taken again", async () => {
  await inventory.addHost(newHost(1));
  await inventory.recordState(hostIdOf(1), hostState());
  expect(await inventory.remove(hostIdOf(1))).toBe("removed");
  expect(await inventory.remove(hostIdOf(1))).toBe("unknown");
  expect(await inventory.resolve("host-1")).toBeUndefined();
  expect(await inventory.state(hostIdOf(1))).toBeUndefined();
  expect(events.at(-1)).toEqual({ kind: "host-removed", hostId: hostIdOf(1) });
  await expect(inventory.addHost(newHost(1))).rejects.toThrow(/removed host/);
});

describe("what another process wrote", () => {
  test("is read again, one host or all; what is gone is removed", async () => {
    await inventory.addHost(newHost(1));
    await inventory.addHost(newHost(2));
    const other = openInventory();
    await other.recordSession(hostIdOf(1), hello("boot-1"));
    expect(await inventory.host(hostIdOf(1))).toMatchObject({ revision: 1 });
    expect(await inventory.reread(hostIdOf(1))).toMatchObject({ revision: 2, bootId: "boot-1" });
    expect(await inventory.host(hostIdOf(1))).toMatchObject({ revision: 2 });

    await other.recordSession(hostIdOf(1), hello("boot-2"));
    await other.remove(hostIdOf(2));
    await other.addHost(newHost(3, { position: positionOf("eu/fra2/row-b/rack-07/u12") }));
    events.length = 0;
    await inventory.reload();
    expect(events).toEqual([
      { kind: "host-changed", hostId: hostIdOf(1) },
      { kind: "host-changed", hostId: hostIdOf(3) },
      { kind: "host-removed", hostId: hostIdOf(2) },
    ]);
    expect((await inventory.hosts()).map(({ name }) => name)).toEqual(["host-1", "host-3"]);
    expect(await inventory.resolve("host-2")).toBeUndefined();
    expect((await inventory.sites()).map(({ code }) => code)).toEqual(["fra2"]);
    expect(await inventory.racks()).toHaveLength(1);
  });

  test("never takes back what this one writes or removes while it reads", async () => {
    await inventory.addHost(newHost(1));
    await inventory.addHost(newHost(2));
    const reading = inventory.reload();
    await Promise.all([
      inventory.recordSession(hostIdOf(1), hello("boot-1")),
      inventory.remove(hostIdOf(2)),
      inventory.addHost(newHost(3)),
      reading,
    ]);
    expect(await inventory.host(hostIdOf(1))).toMatchObject({ revision: 2, bootId: "boot-1" });
    expect((await inventory.hosts()).map(({ name }) => name)).toEqual(["host-1", "host-3"]);
  });
});
