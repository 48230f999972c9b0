import { afterEach, beforeEach, expect, test } from "vitest";
import { type Component, type HostState, unknownComponent } from "#proto/messages/state.ts";
import type { Hello } from "#proto/messages/frames.ts";
import type { BootId } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { hostIdOf, hostState, testCell } from "#test/support/inventory-builders.ts";
import { openMemoryStore } from "#test/support/memory-store.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { createInventory } from "./create-inventory.ts";
import type { Inventory } from "./inventory.ts";

const id = hostIdOf(1);
const clock = createVirtualClock();
let store: Awaited<ReturnType<typeof openMemoryStore>>;
let inventory: Inventory;

beforeEach(async () => {
  store = await openMemoryStore(clock);
  inventory = createInventory({
    cell: testCell,
    store: store.inventory,
    clock,
    events: { publish: () => {}, subscribe: () => () => {} },
    log: silentLog,
  });
  await inventory.addHost({
    id,
    name: "db-1",
    phase: "active",
    position: null,
    simulated: false,
    adopted: false,
    watchedOnly: false,
    serial: null,
  });
});
afterEach(() => store.close());

const disk = (serial: string): Component => ({
  ...unknownComponent,
  kind: "disk",
  slot: serial,
  serial,
  interface: "nvme",
  sizeBytes: 3.84e12,
  rotational: false,
});

function says(disks: number): HostState {
  return hostState(
    { observedMs: clock.nowUnixMs() },
    {
      processor: { model: "AMD EPYC 7543P 32-Core Processor", sockets: 1, cores: 32, threads: 64 },
      memoryBytes: 64 * 1024 ** 3,
      components: Array.from({ length: disks }, (_, index) => disk(`S${index}`)),
    },
  );
}

test("a host that loses a disk stays of its class, and differs from it until somebody accepts", async () => {
  await inventory.recordSession(id, { bootId: "b1" as BootId, agentRelease: "1" } as Hello);
  await inventory.recordState(id, says(4));
  expect(await inventory.hardwareDifferences(id)).toEqual([]);
  await clock.advance(2 * 3_600_000);
  await inventory.recordState(id, says(3));
  expect((await inventory.host(id))?.hardwareClass).toBe("1x-epyc-7543p-64g-4nvme");
  expect(await inventory.hardwareDifferences(id)).toEqual([
    { what: "disk nvme 3.84 TB", expected: "4", found: "3" },
  ]);
  expect(await inventory.componentChanges(id, 10)).toEqual([
    {
      number: 1,
      atMs: clock.nowUnixMs(),
      bootId: "b1",
      change: { kind: "removed", component: disk("S3") },
    },
  ]);
  expect((await inventory.acceptHardware(id))?.hardwareClass).toBe("1x-epyc-7543p-64g-3nvme");
  expect(await inventory.hardwareDifferences(id)).toEqual([]);
});

test("in its first hour a host is still becoming what it is", async () => {
  await inventory.recordState(id, says(3));
  await inventory.recordState(id, says(4));
  expect((await inventory.host(id))?.hardwareClass).toBe("1x-epyc-7543p-64g-4nvme");
  expect(await inventory.hardwareDifferences(id)).toEqual([]);
});

test("of a host that said nothing yet there is nothing to compare or to accept", async () => {
  expect(await inventory.hardwareDifferences(id)).toBeNull();
  expect(await inventory.acceptHardware(id)).toBeUndefined();
  expect(await inventory.components(id)).toEqual([]);
});
