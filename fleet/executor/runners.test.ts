import { afterEach, expect, test } from "vitest";
import { fail } from "#proto/vocabulary/result.ts";
import { ann, drainAction } from "#test/support/drain-builders.ts";
import { type ExecutorWorld, openExecutorWorld } from "#test/support/executor-world.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { operationIdOf } from "#test/support/life-builders.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { createWallLeaps } from "./wall-leaps.ts";
import { createRunnerTable, type Runner } from "./runner-table.ts";

const open: ExecutorWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

/** A drain that has an epoch of its own and waits: there is no room for what has to move. */
async function waitingWorld(): Promise<ExecutorWorld> {
  const world = await openExecutorWorld();
  open.push(world);
  await world.lease();
  world.reserve = async () =>
    fail([{ code: "capacity", words: "no room", who: "time", command: null, untilMs: null }]);
  return world;
}

test("what was canceled leaves no timer behind", async () => {
  const world = await waitingWorld();
  const { clock } = world.life;
  await clock.advance(1_000);
  const before = clock.timers();
  for (let round = 0; round < 5; round += 1) {
    const operation = await world.start(drainAction());
    await world.until(async () => (await world.operation(operation.id)).why.length > 0);
    expect(clock.timers()).toBeGreaterThan(before);
    await world.life.manager().lifecycle.cancel(operation.id, ann);
    await clock.advance(100);
  }
  expect(clock.timers()).toBe(before);
});

test("what goes on at a higher epoch leaves no timer of the old one behind", async () => {
  const world = await waitingWorld();
  const { clock } = world.life;
  const operation = await world.start(drainAction());
  await world.until(async () => (await world.operation(operation.id)).why.length > 0);
  const waiting = clock.timers();
  for (const deadlineMs of [6_000_000, 5_000_000]) {
    const drain = deadlineMs === 6_000_000 ? "degraded" : "emergency";
    const asker = { ...ann, approvedBy: "ben" };
    const action = drainAction({ drain, deadlineMs });
    const { hostId } = world;
    await world.life.manager().lifecycle.start({ hostId, action, planId: null, asker });
    await clock.advance(100);
  }
  expect(await world.operation(operation.id)).toMatchObject({ epoch: 3 });
  expect(clock.timers()).toBe(waiting);
});

test("runners are found by key and by host, and end once", () => {
  const table = createRunnerTable();
  let canceled = 0;
  const runner = (key: string): Runner => ({
    key,
    hostId: hostIdOf(1),
    operationId: operationIdOf(1),
    memory: {
      intended: new Set(),
      silent: 0,
      litAtMs: null,
      leaps: createWallLeaps(createVirtualClock()),
      evacuation: "running",
      stuck: [],
    },
    isBusy: false,
    isWanted: false,
    isWriting: false,
    cancelTimer: () => {
      canceled += 1;
    },
  });
  const [one, two] = [runner("a 1"), runner("a 2")];
  table.put(one);
  table.put(one);
  table.put(two);
  expect(table.ofHost(hostIdOf(1))).toEqual([one, two]);
  table.delete(one);
  expect([table.get("a 1"), table.get("a 2"), canceled]).toEqual([undefined, two, 1]);
  table.clear();
  expect([table.ofHost(hostIdOf(1)), table.count(), canceled]).toEqual([[], 0, 2]);
});
