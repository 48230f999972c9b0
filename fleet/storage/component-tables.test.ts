import { beforeEach, expect, test } from "vitest";
import type { ComponentChange, KnownComponent } from "#fleet/inventory/component-history.ts";
import { componentChangesMax } from "#fleet/inventory/component-store.ts";
import { unknownProfile } from "#fleet/inventory/hardware-profile.ts";
import type { InventoryStore } from "#fleet/inventory/inventory-store.ts";
import { type Component, unknownComponent } from "#proto/messages/state.ts";
import type { BootId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { describeBothEngines } from "#test/support/control-stores.ts";
import { hostIdOf, hostRecord } from "#test/support/inventory-builders.ts";

const disk = (serial: string): Component => ({
  ...unknownComponent,
  kind: "disk",
  slot: "sda",
  serial,
  sizeBytes: 1.92e12,
  rotational: false,
});
const known = (serial: string, goneMs: number | null = null): KnownComponent => ({
  key: `disk:${serial}`,
  component: disk(serial),
  firstSeenMs: unixMs(1_000),
  goneMs: goneMs === null ? null : unixMs(goneMs),
});
const changed = (serial: string, atMs = 2_000) => ({
  atMs: unixMs(atMs),
  bootId: "boot" as BootId,
  change: { kind: "added", component: disk(serial) } as ComponentChange,
});

describeBothEngines("the past of components", (bench) => {
  let store: InventoryStore;
  beforeEach(async () => {
    store = (await bench.open()).inventory;
    await store.insertHost(hostRecord(1));
    await store.insertHost(hostRecord(2));
  });

  test("is given back as it was written, of that host alone, the newest change first", async () => {
    const all = [known("a'b"), known("c", 5_000)];
    const replaced: ComponentChange = {
      kind: "replaced",
      before: disk("c"),
      component: disk("a'b"),
    };
    await store.writeComponents(hostIdOf(1), all, [
      changed("x"),
      { ...changed("y"), bootId: null },
    ]);
    await store.writeComponents(hostIdOf(1), all, [{ ...changed("z"), change: replaced }]);
    await store.writeComponents(hostIdOf(2), [known("other")], [changed("other")]);
    expect(await store.listComponents(hostIdOf(1))).toEqual(all);
    expect(await store.listComponentChanges(hostIdOf(1), 2)).toEqual([
      { ...changed("z"), change: replaced, number: 3 },
      { ...changed("y"), bootId: null, number: 2 },
    ]);
    expect(await store.listComponents(hostIdOf(3))).toEqual([]);
  });

  test("is written for a host that is there, and goes with it", async () => {
    await store.writeComponents(hostIdOf(9), [known("a")], [changed("a")]);
    expect(await store.listComponents(hostIdOf(9))).toEqual([]);
    await store.writeComponents(hostIdOf(1), [known("a")], [changed("a")]);
    await store.removeHost(hostIdOf(1));
    expect(await store.listComponents(hostIdOf(1))).toEqual([]);
    expect(await store.listComponentChanges(hostIdOf(1), 10)).toEqual([]);
  });

  test("keeps the newest changes of a host that changes without end", async () => {
    const many = Array.from({ length: 700 }, (_, index) => changed(`s${index}`));
    await store.writeComponents(hostIdOf(1), [], many);
    await store.writeComponents(hostIdOf(1), [], many);
    const kept = await store.listComponentChanges(hostIdOf(1), 5_000);
    expect(kept.map(({ number }) => number)).toEqual(
      Array.from({ length: componentChangesMax }, (_, index) => 1_400 - index),
    );
  });

  test("a class keeps its first day, and its newest profile", async () => {
    expect(await store.readHardwareProfile("1x")).toBeUndefined();
    await store.writeHardwareProfile("1x", unknownProfile, unixMs(1));
    const fuller = { ...unknownProfile, sockets: 1, disks: { "nvme 3.84 TB": 12 } };
    await store.writeHardwareProfile("1x", fuller, unixMs(2));
    expect(await store.readHardwareProfile("1x")).toEqual(fuller);
  });
});
