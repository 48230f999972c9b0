import { afterEach, beforeEach, expect, test } from "vitest";
import { ann, drainAction } from "#test/support/drain-builders.ts";
import { hostIdOf, hostRecord } from "#test/support/inventory-builders.ts";
import { planIdOf } from "#test/support/life-builders.ts";
import { openUrgentWorld, type UrgentWorld } from "#test/support/urgent-world.ts";

const hostId = hostIdOf(1);
let world: UrgentWorld;
beforeEach(async () => {
  world = await openUrgentWorld({ hosts: [hostRecord(1, { bootId: "boot-1" as never })] });
  const slow = { isRunning: true, stopMs: 3_600_000, wasStopped: false };
  world.port.host(hostId).workloads.set("web", slow);
  await world.minutes(6);
});
afterEach(() => world.close());

test("a drain that is paused while the cell is frozen halts on its host at once", async () => {
  const { lifecycle, freeze } = world.life();
  const ask = { hostId, action: drainAction(), planId: null, asker: ann };
  const started = await lifecycle.start(ask);
  if (!started.ok) throw new Error(JSON.stringify(started.problem));
  await world.minutes(2);
  expect(world.port.host(hostId).evacuation?.state).toBe("running");
  await freeze.begin("ann", "smoke in row b");
  await lifecycle.pause(started.value.id, ann);
  await world.minutes(1);
  expect(world.port.host(hostId).evacuation?.state).toBe("halted");
});

test("an order that waits for its host when the cell is frozen is not carried out", async () => {
  const { lifecycle, freeze } = world.life();
  const action = { kind: "reboot", graceMs: 30_000 } as const;
  // Gone, and its manager has not noticed yet.
  world.port.host(hostId).isConnected = false;
  const started = await lifecycle.start({ hostId, action, planId: planIdOf(1), asker: ann });
  if (!started.ok) throw new Error(JSON.stringify(started.problem));
  await world.clock.advance(1_000);
  expect(world.port.waiting(hostId)).toEqual(["reboot 1"]);
  await freeze.begin("ann", "smoke in row b");
  await world.clock.advance(1_000);
  expect(world.port.waiting(hostId)).toEqual([]);
  world.setLink(hostId, "connected");
  await world.minutes(2);
  expect(world.port.host(hostId).done).toEqual([]);
  await freeze.lift("ann", "over", true);
  await world.minutes(2);
  expect(world.port.host(hostId).done).toEqual(["reboot 1"]);
});
