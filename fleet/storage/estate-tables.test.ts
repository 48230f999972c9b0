import { beforeEach, expect, test } from "vitest";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { EstateWrite, InventoryStore } from "#fleet/inventory/inventory-store.ts";
import { describeBothEngines } from "#test/support/control-stores.ts";
import { rackRecord, siteRecord } from "#test/support/estate-builders.ts";
import { hostIdOf, hostRecord, positionOf } from "#test/support/inventory-builders.ts";

const site = siteRecord("fra2");
const rack = rackRecord("fra2/row-b/rack-07");
const nothing: EstateWrite = { sites: [], racks: [], added: [], changed: [] };
const at = (unit: number) => positionOf(`eu/fra2/row-b/rack-07/u${unit}`);
const raised = (host: HostRecord, facts: Partial<HostRecord>): EstateWrite["changed"][number] => ({
  record: { ...host, ...facts, revision: host.revision + 1 },
  expectedRevision: host.revision,
});

describeBothEngines("a file of the estate in the store", (bench) => {
  let store: InventoryStore;
  const one = hostRecord(1, { position: at(1), heightUnits: 2 });
  const two = hostRecord(2, { position: at(3), phase: "planned", nameplateWatts: 750 });

  beforeEach(async () => {
    store = (await bench.open()).inventory;
    const first = {
      sites: [{ record: site, before: null }],
      racks: [{ record: rack, before: null }],
      added: [one, two],
      changed: [],
    };
    expect(await store.applyEstate(first)).toEqual({ ok: true, value: undefined });
    // Its answer may be lost: the same write again is done already.
    expect(await store.applyEstate(first)).toEqual({ ok: true, value: undefined });
  });

  const all = async () => [
    await store.listSites(),
    await store.listRacks(),
    await store.listHosts(),
  ];

  test("is written whole, and given back as it was", async () => {
    expect(await all()).toEqual([[site], [rack], [one, two]]);
  });

  test("lets two hosts change places", async () => {
    const changed = [
      raised(one, { position: at(3), heightUnits: 1 }),
      raised(two, { position: at(1) }),
    ];
    expect(await store.applyEstate({ ...nothing, changed })).toMatchObject({ ok: true });
    expect((await store.listHosts()).map(({ position }) => position?.unit)).toEqual([3, 1]);
  });

  test.each<[string, (known: HostRecord) => EstateWrite, object]>([
    [
      "a host that moved",
      () => ({ ...nothing, changed: [{ record: { ...one, revision: 9 }, expectedRevision: 8 }] }),
      { kind: "estate-moved", what: "host host-1" },
    ],
    [
      "a host that is gone",
      () => ({ ...nothing, changed: [raised(hostRecord(7), {})] }),
      { kind: "estate-moved", what: "host host-7" },
    ],
    [
      "a site that somebody made meanwhile",
      () => ({
        ...nothing,
        sites: [{ record: { ...site, timeZone: "Europe/Paris" }, before: null }],
      }),
      { kind: "estate-moved", what: "site fra2" },
    ],
    [
      "a rack that is another by now",
      () => ({
        ...nothing,
        racks: [{ record: { ...rack, heightUnits: 60 }, before: { ...rack, heightUnits: 45 } }],
      }),
      { kind: "estate-moved", what: "rack fra2/row-b/rack-07" },
    ],
    [
      "a name that somebody took",
      () => ({ ...nothing, added: [hostRecord(5, { name: "host-1" })] }),
      { kind: "name-taken", name: "host-1" },
    ],
    [
      "units that somebody filled",
      () => ({ ...nothing, added: [hostRecord(5, { position: at(2) })] }),
      { kind: "position-taken", by: "host-1" },
    ],
  ])("is refused for %s, and nothing of it is written", async (_, write, problem) => {
    const before = await all();
    const other = raised(two, { tags: ["canary"] });
    const whole = write(one);
    const answer = await store.applyEstate({
      ...whole,
      added: [...whole.added, hostRecord(6)],
      changed: [...whole.changed, other],
    });
    expect(answer).toMatchObject({ ok: false, problem });
    expect(await all()).toEqual(before);
  });

  test("of 5,000 hosts is written at once", async () => {
    const added = Array.from({ length: 5_000 }, (_, index) =>
      hostRecord(index + 100, { name: `many-${index}` }),
    );
    expect(await store.applyEstate({ ...nothing, added })).toMatchObject({ ok: true });
    expect(await store.findHost(hostIdOf(5_099))).toMatchObject({ name: "many-4999" });
  });
});
