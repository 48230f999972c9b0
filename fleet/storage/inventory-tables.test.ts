import { unknownComponent } from "#proto/messages/state.ts";
import { beforeEach, describe, expect, test } from "vitest";
import type { HostRecord, RackRecord, SiteRecord } from "#fleet/inventory/host-record.ts";
import type { InventoryStore } from "#fleet/inventory/inventory-store.ts";
import type { BootId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { describeBothEngines } from "#test/support/control-stores.ts";
import {
  hostIdOf,
  hostRecord,
  hostState,
  positionOf,
  testCell,
} from "#test/support/inventory-builders.ts";

const site: SiteRecord = {
  code: "fra2",
  region: "eu",
  timeZone: "Europe/Berlin",
  cell: testCell,
  windows: [],
};
const rack: RackRecord = {
  id: "fra2/row-b/rack-07",
  region: "eu",
  site: "fra2",
  row: "row-b",
  rack: "rack-07",
  heightUnits: 48,
  feeds: [],
};
const place = positionOf("eu/fra2/row-b/rack-07/u12");

describeBothEngines("the inventory's store", (bench) => {
  let store: InventoryStore;

  beforeEach(async () => {
    store = (await bench.open()).inventory;
    await store.upsertSite(site);
    await store.upsertRack(rack);
  });

  test("gives every field of a host back as it was", async () => {
    const full: HostRecord = hostRecord(1, {
      name: "名前 'quoted' \"x\" %_",
      phase: "quarantined",
      position: place,
      heightUnits: 2,
      hardwareClass: "2x-epyc-7543-512g-12nvme",
      serial: "CZ1",
      simulated: true,
      adopted: true,
      generation: 3,
      revision: 9,
      bootId: "boot" as BootId,
      agentRelease: "0.1.0",
      createdMs: unixMs(Number.MAX_SAFE_INTEGER),
      lastReportMs: unixMs(-5),
    });
    const bare = hostRecord(2);
    await store.insertHost(full);
    await store.insertHost(bare);
    expect(await store.findHost(full.id)).toEqual(full);
    expect(await store.findHostByName(full.name)).toEqual(full);
    expect(await store.findHost(bare.id)).toEqual(bare);
    expect(await store.listHosts()).toEqual([full, bare]);
    expect(await store.findHost(hostIdOf(3))).toBeUndefined();
    expect(await store.findHostByName("host-3")).toBeUndefined();
  });

  test("refuses a name that another host has", async () => {
    await store.insertHost(hostRecord(1));
    expect(await store.insertHost(hostRecord(2, { name: "host-1" }))).toEqual({
      ok: false,
      problem: { kind: "name-taken", name: "host-1" },
    });
    await store.insertHost(hostRecord(2));
    const renamed = hostRecord(2, { name: "host-1", revision: 2 });
    expect(await store.updateHost(renamed, 1)).toEqual({
      ok: false,
      problem: { kind: "name-taken", name: "host-1" },
    });
    expect(await store.findHost(hostIdOf(2))).toEqual(hostRecord(2));
  });

  test.each([
    ["the same unit", 12, 1, true],
    ["the unit above, which a taller host fills", 13, 1, true],
    ["from below into it", 11, 2, true],
    ["right above", 14, 1, false],
    ["right below", 11, 1, false],
  ])("a place is taken or not: %s", async (_, unit, heightUnits, taken) => {
    await store.insertHost(hostRecord(1, { position: place, heightUnits: 2 }));
    const answer = await store.insertHost(
      hostRecord(2, { position: { ...place, unit }, heightUnits }),
    );
    expect(answer.ok).toBe(!taken);
    if (!answer.ok) expect(answer.problem).toMatchObject({ kind: "position-taken", by: "host-1" });
  });

  test("two who insert at once cannot both have the place", async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((number) => store.insertHost(hostRecord(number, { position: place }))),
    );
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    for (const answer of answers)
      if (!answer.ok) expect(answer.problem.kind).toBe("position-taken");
    expect(await store.listHosts()).toHaveLength(1);
  });

  test("writes where the revision is the expected one, and says which it found", async () => {
    await store.insertHost(hostRecord(1));
    const second = hostRecord(1, { serial: "CZ1", revision: 2 });
    expect(await store.updateHost(second, 1)).toEqual({ ok: true, value: undefined });
    expect(await store.findHost(hostIdOf(1))).toEqual(second);
    const stale = hostRecord(1, { serial: "CZ2", revision: 2 });
    expect(await store.updateHost(stale, 1)).toEqual({
      ok: false,
      problem: { kind: "revision-moved", expected: 1, found: 2 },
    });
    expect(await store.updateHost(hostRecord(9, { revision: 2 }), 1)).toEqual({
      ok: false,
      problem: { kind: "revision-moved", expected: 1, found: null },
    });
    expect(await store.findHost(hostIdOf(1))).toEqual(second);
  });

  test("of many who change one revision at once, one wins", async () => {
    await store.insertHost(hostRecord(1));
    const answers = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((number) =>
        store.updateHost(hostRecord(1, { serial: `CZ${number}`, revision: 2 }), 1),
      ),
    );
    const winners = answers.flatMap((answer, index) => (answer.ok ? [index + 1] : []));
    expect(winners).toHaveLength(1);
    expect((await store.findHost(hostIdOf(1)))?.serial).toBe(`CZ${winners[0]}`);
  });

  test("the same write again changes nothing: its answer may have been lost", async () => {
    const record = hostRecord(1, { position: place });
    await store.insertHost(record);
    expect(await store.insertHost(record)).toEqual({ ok: true, value: undefined });
    const second = { ...record, serial: "CZ1", revision: 2 };
    await store.updateHost(second, 1);
    expect(await store.updateHost(second, 1)).toEqual({ ok: true, value: undefined });
    expect(await store.listHosts()).toEqual([second]);
  });

  test("forgets a removed host and its state, but not its id", async () => {
    await store.insertHost(hostRecord(1, { position: place }));
    await store.writeState(hostIdOf(1), hostState());
    expect(await store.removeHost(hostIdOf(1))).toBe("removed");
    expect(await store.removeHost(hostIdOf(1))).toBe("unknown");
    expect(await store.listHosts()).toEqual([]);
    expect(await store.readState(hostIdOf(1))).toBeUndefined();
    await expect(store.insertHost(hostRecord(1))).rejects.toThrow(/removed host/);
    expect(await store.insertHost(hostRecord(2, { position: place, name: "host-1" }))).toEqual({
      ok: true,
      value: undefined,
    });
  });

  test("a position needs its rack, and a rack its site", async () => {
    const nowhere = positionOf("eu/fra2/row-b/rack-99/u1");
    await expect(store.insertHost(hostRecord(1, { position: nowhere }))).rejects.toMatchObject({
      code: "STORE_FAILED",
    });
    const orphan = { ...rack, id: "nrt1/row-a/rack-01", site: "nrt1" };
    await expect(store.upsertRack(orphan)).rejects.toMatchObject({ code: "STORE_FAILED" });
  });

  test("sites and racks are written over, and listed in order", async () => {
    const tokyo: SiteRecord = {
      code: "nrt1",
      region: "ea",
      timeZone: null,
      cell: testCell,
      windows: [],
    };
    await store.upsertSite(tokyo);
    await store.upsertSite({ ...site, timeZone: null });
    expect(await store.listSites()).toEqual([{ ...site, timeZone: null }, tokyo]);
    const first = { ...rack, id: "fra2/row-a/rack-01", row: "row-a", rack: "rack-01" };
    await store.upsertRack(first);
    await store.upsertRack({ ...rack, heightUnits: 52 });
    expect(await store.listRacks()).toEqual([first, { ...rack, heightUnits: 52 }]);
  });

  describe("a host's state", () => {
    const id = hostIdOf(1);
    const state = (revision: number, observedMs: number) =>
      hostState({ revision, observedMs: unixMs(observedMs) }, { hostname: `r${revision}` });

    beforeEach(async () => {
      await store.insertHost(hostRecord(1, { bootId: "boot-1" as BootId }));
      await store.writeState(id, state(5, 5_000));
    });

    test("comes back whole", async () => {
      const full = hostState(
        {
          revision: 6,
          powerSource: "rapl",
          boot: null,
          absences: [
            {
              what: "hw.host.power",
              attributes: [{ key: "hw.id", value: "0" }],
              reason: "no-kernel-interface",
              detail: "\u0001/sys/… 'x'",
            },
          ],
          collectors: [
            { subject: "cpu", outcome: "ok", durationMicroseconds: 12, series: 3, detail: "" },
          ],
        },
        {
          hostname: "héllo\u0000",
          processor: { model: "X", sockets: 2, cores: 64, threads: 128 },
          memoryBytes: 2 ** 40,
          components: [
            {
              ...unknownComponent,
              kind: "disk",
              slot: "nvme0n1",
              vendor: null,
              model: "M",
              serial: "S",
              firmware: null,
              sizeBytes: 1e12,
              speedBitsPerSecond: null,
              address: null,
              interface: "nvme",
              rotational: false,
            },
          ],
        },
      );
      await store.writeState(id, full);
      expect(await store.readState(id)).toEqual(full);
    });

    test("is not overwritten by an older one of the same boot", async () => {
      await store.writeState(id, state(4, 4_000));
      expect((await store.readState(id))?.revision).toBe(5);
      await store.writeState(id, state(6, 4_000));
      expect((await store.readState(id))?.revision).toBe(6);
    });

    test("gives way to an agent that started again and counts afresh", async () => {
      await store.writeState(id, state(1, 6_000));
      expect((await store.readState(id))?.revision).toBe(1);
    });

    test("gives way to another boot, whatever its clock says", async () => {
      await store.updateHost(hostRecord(1, { bootId: "boot-2" as BootId, revision: 2 }), 1);
      await store.writeState(id, state(1, 100));
      expect((await store.readState(id))?.revision).toBe(1);
    });

    test("of a host that is not there is not kept", async () => {
      await store.writeState(hostIdOf(9), state(1, 1));
      expect(await store.readState(hostIdOf(9))).toBeUndefined();
    });
  });
});
