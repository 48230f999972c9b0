import { expect, test } from "vitest";
import { operationIdOf } from "#test/support/life-builders.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { drainAction } from "#test/support/drain-builders.ts";
import { openExecutorWorld } from "#test/support/executor-world.ts";
import { planIdOf } from "#test/support/life-builders.ts";
import { createWallLeaps } from "./wall-leaps.ts";

test("a leap counts for what was seen before it, not for what is written after it", async () => {
  const world = createVirtualClock();
  const clock = world.hostClock({ wallOffsetMs: 0 });
  const leaps = createWallLeaps(clock);
  const id = operationIdOf(1);
  expect(leaps.since(id, "deadline", 10)).toBe(0);
  await world.advance(3_600_000);
  clock.jumpWall(1_000);
  expect(leaps.since(id, "deadline", 10)).toBe(0);
  clock.jumpWall(3_600_000);
  expect(leaps.since(id, "deadline", 10)).toBe(3_601_000);
  expect(leaps.since(id, "step", 20)).toBe(0);
  expect(leaps.since(id, "deadline", 30)).toBe(0);
  leaps.forget(id);
  expect(leaps.since(id, "deadline", 10)).toBe(0);
});

test("a wall clock that leaps an hour ahead fails no reboot that is under way", async () => {
  const world = await openExecutorWorld();
  try {
    const operation = await world.start({ kind: "reboot", graceMs: 30_000 }, planIdOf(1));
    await world.until(async () => (await world.operation(operation.id)).step === "back");
    world.jumpWall(3_600_000);
    await world.until(async () => (await world.operation(operation.id)).endedMs !== null);
    expect(await world.operation(operation.id)).toMatchObject({ status: "done" });
  } finally {
    await world.close();
  }
});

test("a wall clock that leaps ahead pauses no drain before its time has passed", async () => {
  const world = await openExecutorWorld();
  try {
    for (const workload of world.port.host(world.hostId).workloads.values())
      workload.stopMs = Infinity;
    const operation = await world.start(drainAction({ deadlineMs: 1_800_000 }));
    await world.until(async () => (await world.operation(operation.id)).stepState === "waiting");
    world.jumpWall(3_600_000);
    await world.life.clock.advance(1_500_000);
    expect(await world.operation(operation.id)).toMatchObject({ status: "running" });
    await world.life.clock.advance(400_000);
    expect(await world.operation(operation.id)).toMatchObject({ status: "paused" });
  } finally {
    await world.close();
  }
});

test("a leap that was seen outlives the manager: the next one judges by the time that has passed", async () => {
  for (const leapMs of [3_600_000, -3_600_000]) {
    const world = await openExecutorWorld();
    try {
      for (const workload of world.port.host(world.hostId).workloads.values())
        workload.stopMs = Infinity;
      const operation = await world.start(drainAction({ deadlineMs: 3 * 3_600_000 }));
      await world.until(async () => (await world.operation(operation.id)).stepState === "waiting");
      world.jumpWall(leapMs);
      await world.life.clock.advance(300_000);
      await world.restart();
      await world.life.clock.advance(3 * 3_600_000 - 600_000);
      expect(await world.operation(operation.id)).toMatchObject({ status: "running" });
      await world.life.clock.advance(400_000);
      expect(await world.operation(operation.id)).toMatchObject({ status: "paused" });
    } finally {
      await world.close();
    }
  }
});

test("a lease that is stopped at the deadline is not stopped earlier for a leap", async () => {
  const world = await openExecutorWorld();
  try {
    await world.lease({ evacuation: "stop-at-deadline" });
    const operation = await world.start(drainAction());
    await world.until(async () => (await world.operation(operation.id)).step === "evacuate");
    world.jumpWall(7_000_000);
    await world.life.clock.advance(3_600_000);
    expect(world.port.host(world.hostId).done).toEqual(["fence 1"]);
    await world.until(async () => world.port.host(world.hostId).done.includes("evacuate 1"), 4e6);
  } finally {
    await world.close();
  }
});
