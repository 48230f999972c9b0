import { afterEach, beforeEach, expect, test } from "vitest";
import { type ApiWorld, createApiWorld } from "#test/support/api-world.ts";
import { hostIdOf, hostState, positionOf } from "#test/support/inventory-builders.ts";
import type { Host } from "./host-schemas.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
  await world.addHost(1);
});
afterEach(() => world.close());

const show = async () => (await world.get("/api/v1/hosts/host-1")).body as Host;
const id = hostIdOf(1);

test("a view that is remembered follows every part it was made of", async () => {
  expect((await show()).latest.cpuUtilization).toBeNull();
  await world.measure(id, [{ metric: "system.cpu.utilization", values: [0.5] }]);
  expect((await show()).latest.cpuUtilization).toBe(0.5);
  await world.clock.advance(1_000);
  await world.measure(id, [{ metric: "system.cpu.utilization", values: [0.7] }]);
  expect((await show()).latest.cpuUtilization).toBe(0.7);
  await world.parts.inventory.place(id, positionOf("eu/fra2/row-b/rack-07/u12"));
  expect((await show()).position?.unit).toBe(12);
  await world.parts.inventory.recordState(id, hostState({ powerSource: "bmc" }));
  expect((await show()).power.source).toBe("bmc");
  world.setLink(id, { state: "late" });
  expect((await show()).link.state).toBe("late");
});

test("what was read and what was written are told apart", async () => {
  const disk = (device: string, direction: string) => ({
    "system.device": device,
    "disk.io.direction": direction,
  });
  await world.measure(id, [
    { metric: "system.disk.io", attributes: disk("sda", "read"), values: [100, 100] },
    { metric: "system.disk.io", attributes: disk("sdb", "read"), values: [20, 20] },
    { metric: "system.disk.io", attributes: disk("sda", "write"), values: [3, 3] },
  ]);
  expect((await show()).latest).toMatchObject({
    diskReadBytesPerSecond: 120,
    diskWriteBytesPerSecond: 3,
  });
});
