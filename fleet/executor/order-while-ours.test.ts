import { afterEach, beforeEach, expect, test } from "vitest";
import { ann, drainAction } from "#test/support/drain-builders.ts";
import { type ExecutorWorld, openExecutorWorld } from "#test/support/executor-world.ts";

let world: ExecutorWorld;
beforeEach(async () => {
  world = await openExecutorWorld();
});
afterEach(() => world.close());

/** A drain whose host went away before it was told to evacuate: that order waits. */
async function drainOfAnAbsentHost() {
  world.failPoint = (name) => {
    if (name === "drain.evacuate.before-intent") world.setConnected(false);
  };
  const operation = await world.start(drainAction());
  await world.until(async () => (await world.operation(operation.id)).step === "evacuate");
  await world.life.clock.advance(1_000);
  expect(world.port.waiting(world.hostId)).toEqual([`evacuate ${operation.epoch}`]);
  return operation;
}

test("an evacuation that waits for its host is withdrawn when its drain is paused; the halt waits on", async () => {
  const operation = await drainOfAnAbsentHost();
  await world.life.manager().lifecycle.pause(operation.id, ann);
  await world.life.clock.advance(1_000);
  expect(world.port.waiting(world.hostId)).toEqual([`halt-evacuation ${operation.epoch}`]);
});

test("canceled, only what undoes it is left for the host", async () => {
  const operation = await drainOfAnAbsentHost();
  await world.life.manager().lifecycle.cancel(operation.id, ann);
  await world.life.clock.advance(1_000);
  expect(world.port.waiting(world.hostId)).toEqual([`halt-evacuation ${operation.epoch + 1}`]);
});

test("begun anew at a higher epoch, the orders of the old one are gone", async () => {
  const operation = await drainOfAnAbsentHost();
  await world.start(drainAction({ drain: "degraded", deadlineMs: 3_600_000 }));
  await world.life.clock.advance(1_000);
  expect(world.port.waiting(world.hostId)).toEqual([`fence ${operation.epoch + 1}`]);
});

test("what happens to it while it goes on withdraws nothing", async () => {
  const operation = await drainOfAnAbsentHost();
  const { hostId } = world;
  world.life
    .manager()
    .events.publish({ kind: "operation-changed", hostId, operationId: operation.id });
  await world.life.clock.advance(1_000);
  expect(world.port.waiting(hostId)).toEqual([`evacuate ${operation.epoch}`]);
});
