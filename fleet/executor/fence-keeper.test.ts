import { afterEach, expect, test } from "vitest";
import { ann, drainAction } from "#test/support/drain-builders.ts";
import { type ExecutorWorld, openExecutorWorld } from "#test/support/executor-world.ts";

const open: ExecutorWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

async function worldOf(): Promise<ExecutorWorld> {
  const world = await openExecutorWorld();
  open.push(world);
  return world;
}

const holdsOf = async (world: ExecutorWorld) =>
  world.life.manager().lifecycle.view(await world.host()).holds;

async function canceledDrain(world: ExecutorWorld) {
  for (const workload of world.port.host(world.hostId).workloads.values())
    workload.stopMs = 3_600_000;
  const operation = await world.start(drainAction());
  await world.until(async () => (await world.operation(operation.id)).step === "evacuate");
  await world.life.clock.advance(5_000);
  await world.life.manager().lifecycle.cancel(operation.id, ann);
  return operation;
}

async function uncordon(world: ExecutorWorld): Promise<void> {
  const [cordon] = await holdsOf(world);
  if (cordon === undefined) throw new Error("no cordon");
  await world.life.manager().lifecycle.releaseHold(cordon.id, ann);
}

test("a manager that dies right after a cancel still halts what the drain began", async () => {
  const world = await worldOf();
  await canceledDrain(world);
  await world.restart();
  await world.until(async () => world.port.host(world.hostId).evacuation?.state === "halted");
  await world.life.clock.advance(2 * 3_600_000);
  expect(
    [...world.port.host(world.hostId).workloads.values()].every(({ isRunning }) => isRunning),
  ).toBe(true);
});

test("a fence is lifted when the host answers, however late and however often we die", async () => {
  const world = await worldOf();
  await canceledDrain(world);
  world.setConnected(false);
  await uncordon(world);
  await world.life.clock.advance(1_200_000);
  await world.restart();
  expect(await holdsOf(world)).toMatchObject([{ kind: "cordon", holderKind: "automation" }]);
  expect(world.life.manager().lifecycle.view(await world.host()).isSchedulable).toBe(false);
  world.setConnected(true);
  await world.until(async () => (await holdsOf(world)).length === 0);
  expect(world.port.host(world.hostId).isFenced).toBe(false);
  expect(world.life.manager().lifecycle.view(await world.host()).isSchedulable).toBe(true);
});

test("what a lease had that ended meanwhile is not started again when the fence is lifted", async () => {
  const world = await worldOf();
  const lease = await world.lease();
  const web = world.port.host(world.hostId).workloads.get("web");
  const db = world.port.host(world.hostId).workloads.get("db");
  if (web === undefined || db === undefined) throw new Error("no workloads");
  db.stopMs = Infinity;
  const operation = await world.start(drainAction());
  await world.until(async () => !web.isRunning);
  await world.life.manager().tenancy.end(lease.id, "acme");
  await world.life.manager().lifecycle.cancel(operation.id, ann);
  await uncordon(world);
  await world.until(async () => (await holdsOf(world)).length === 0);
  expect(web.isRunning).toBe(false);
});

test("a drain that begins while a fence is being lifted takes the cordon over", async () => {
  const world = await worldOf();
  await canceledDrain(world);
  world.setConnected(false);
  await uncordon(world);
  const again = await world.start(drainAction());
  expect(await holdsOf(world)).toMatchObject([{ holder: `drain ${again.id}` }]);
  for (const workload of world.port.host(world.hostId).workloads.values()) workload.stopMs = 1_000;
  world.setConnected(true);
  await world.until(async () => (await world.operation(again.id)).status === "done");
  expect(world.port.host(world.hostId).isFenced).toBe(true);
});

test("a pause while an order is on its way halts the evacuation as well", async () => {
  const world = await worldOf();
  for (const workload of world.port.host(world.hostId).workloads.values())
    workload.stopMs = 600_000;
  const operation = await world.start(drainAction());
  await world.until(async () => (await world.operation(operation.id)).step === "evacuate");
  world.port.faults = { loss: 0, duplicate: 0, delayMs: 20_000 };
  await world.life.clock.advance(32_000);
  await world.life.manager().lifecycle.pause(operation.id, ann);
  await world.until(async () => world.port.host(world.hostId).evacuation?.state === "halted");
  await world.life.clock.advance(1_200_000);
  expect(world.port.host(world.hostId).workloads.get("web")?.isRunning).toBe(true);
});

test("a halt that is refused once is asked again, and what the drain began is halted", async () => {
  const world = await worldOf();
  for (const workload of world.port.host(world.hostId).workloads.values())
    workload.stopMs = 3_600_000;
  const operation = await world.start(drainAction());
  await world.until(async () => (await world.operation(operation.id)).stepState === "waiting");
  const host = world.port.host(world.hostId);
  host.refuses = "the journal could not be written";
  await world.life.manager().lifecycle.pause(operation.id, ann);
  await world.life.clock.advance(5_000);
  expect(host.refused).toContainEqual("halt-evacuation: the journal could not be written");
  host.refuses = null;
  await world.until(async () => host.evacuation?.state === "halted", 60_000);
  await world.life.clock.advance(3_600_000);
  expect([...host.workloads.values()].every(({ isRunning }) => isRunning)).toBe(true);
});

test("a drain that is paused before its new epoch has reached the host halts its old evacuation", async () => {
  const world = await worldOf();
  const host = world.port.host(world.hostId);
  for (const workload of host.workloads.values()) workload.stopMs = 1_800_000;
  const operation = await world.start(drainAction());
  await world.until(async () => (await world.operation(operation.id)).stepState === "waiting");
  world.setConnected(false);
  await world.start(drainAction({ drain: "degraded" }));
  await world.life.clock.advance(100_000);
  expect(await world.operation(operation.id)).toMatchObject({ epoch: 2, step: "cordon" });
  await world.life.manager().lifecycle.pause(operation.id, ann);
  await world.life.clock.advance(30_000);
  world.setConnected(true);
  await world.until(async () => host.evacuation?.state === "halted", 400_000);
  await world.life.clock.advance(3_600_000);
  expect([...host.workloads.values()].every(({ isRunning }) => isRunning)).toBe(true);
});

test("a drain that is paused a second time is halted a second time", async () => {
  const world = await worldOf();
  const host = world.port.host(world.hostId);
  for (const workload of host.workloads.values()) workload.stopMs = 1_800_000;
  const operation = await world.start(drainAction());
  const { lifecycle } = world.life.manager();
  for (const epoch of [1, 2]) {
    await world.until(async () => (await world.operation(operation.id)).stepState === "waiting");
    await lifecycle.pause(operation.id, ann);
    await world.until(async () => host.done.includes(`halt-evacuation ${epoch}`), 120_000);
    await lifecycle.resume(operation.id, ann);
  }
});

test("what is owed to a host is settled when it is back, not when a long wait is over", async () => {
  const world = await worldOf();
  const host = world.port.host(world.hostId);
  for (const workload of host.workloads.values()) workload.stopMs = 3_600_000;
  const operation = await world.start(drainAction());
  await world.until(async () => (await world.operation(operation.id)).stepState === "waiting");
  world.setConnected(false);
  await world.life.manager().lifecycle.cancel(operation.id, ann);
  await world.life.clock.advance(1_300_000);
  world.setConnected(true);
  await world.life.clock.advance(1_000);
  expect(host.evacuation?.state).toBe("halted");
});
