import { afterEach, expect, test } from "vitest";
import type { HoldKind } from "#fleet/lifecycle/hold.ts";
import { ann, drainAction } from "#test/support/drain-builders.ts";
import { type ExecutorWorld, openExecutorWorld } from "#test/support/executor-world.ts";
import { planIdOf } from "#test/support/life-builders.ts";

const open: ExecutorWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

async function worldOf(): Promise<ExecutorWorld> {
  const world = await openExecutorWorld();
  open.push(world);
  return world;
}

async function hold(world: ExecutorWorld, kind: HoldKind) {
  const added = await world.life
    .manager()
    .lifecycle.addHold(
      { hostId: world.hostId, kind, expiresMs: null, reviewMs: null, forWhom: null },
      ann,
    );
  if (!added.ok) throw new Error(JSON.stringify(added.problem));
  return added.value;
}

const reboot = { kind: "reboot", graceMs: 30_000 } as const;
const rebootsOf = (world: ExecutorWorld) =>
  world.port.host(world.hostId).done.filter((done) => done.startsWith("reboot"));

test("a host that comes back to a power lockout is not restarted, until the lockout is released", async () => {
  const world = await worldOf();
  world.setConnected(false);
  const operation = await world.start(reboot, planIdOf(1));
  await world.life.clock.advance(200_000);
  const lockout = await hold(world, "power-lockout");
  await world.life.clock.advance(100_000);
  world.setConnected(true);
  await world.life.clock.advance(400_000);
  expect(rebootsOf(world)).toEqual([]);
  expect(await world.operation(operation.id)).toMatchObject({
    status: "running",
    step: "ask",
    why: [{ code: "hold", command: `wws-fleet hold release ${lockout.id} --reason REASON` }],
  });
  await world.life.manager().lifecycle.releaseHold(lockout.id, ann);
  await world.until(async () => (await world.operation(operation.id)).status === "done");
  expect(rebootsOf(world)).toEqual(["reboot 1"]);
});

test("a reboot that waits for an absent host can be canceled, and is not done when it is back", async () => {
  const world = await worldOf();
  world.setConnected(false);
  const operation = await world.start(reboot, planIdOf(1));
  await world.life.clock.advance(200_000);
  const canceled = await world.life.manager().lifecycle.cancel(operation.id, ann);
  expect(canceled).toMatchObject({ ok: true, value: { status: "canceled" } });
  expect(await world.host()).toMatchObject({ op: null, epoch: 2 });
  world.setConnected(true);
  await world.life.clock.advance(400_000);
  expect(rebootsOf(world)).toEqual([]);
});

test("a reboot whose order may still be carried out is canceled only once that is over", async () => {
  const world = await worldOf();
  world.port.faults = { loss: 1, duplicate: 0, delayMs: 0 };
  const operation = await world.start(reboot, planIdOf(1));
  const { lifecycle } = world.life.manager();
  await world.life.clock.advance(30_000);
  expect(await lifecycle.cancel(operation.id, ann)).toMatchObject({ ok: false });
  await world.life.clock.advance(31_000);
  expect((await world.operation(operation.id)).why).toMatchObject([
    { code: "agent", command: `wws-fleet op cancel ${operation.id} --reason REASON` },
  ]);
  expect(await lifecycle.cancel(operation.id, ann)).toMatchObject({ ok: true });
  expect(await world.host()).toMatchObject({ op: null, epoch: 2 });
});

test("a forced drain that is protected midway ends nothing hard, and goes on when it is released", async () => {
  const world = await worldOf();
  for (const workload of world.port.host(world.hostId).workloads.values())
    workload.stopMs = Infinity;
  const operation = await world.start(drainAction({ deadlineMs: 1_800_000, force: true }));
  await world.until(async () => (await world.operation(operation.id)).stepState === "waiting");
  const protect = await hold(world, "protect");
  await world.until(async () => world.port.host(world.hostId).evacuation?.state === "halted");
  await world.life.clock.advance(1_000);
  expect((await world.operation(operation.id)).why).toMatchObject([
    { code: "hold", command: `wws-fleet hold release ${protect.id} --reason REASON` },
  ]);
  await world.until(async () => (await world.operation(operation.id)).status === "paused");
  await world.life.clock.advance(1_200_000);
  const running = [...world.port.host(world.hostId).workloads.values()];
  expect(running.every(({ isRunning }) => isRunning)).toBe(true);
  const { lifecycle } = world.life.manager();
  await lifecycle.releaseHold(protect.id, ann);
  await lifecycle.resume(operation.id, ann);
  await world.until(async () => (await world.operation(operation.id)).status === "done");
});

test("a forced drain that is protected before it begins to move orders nothing", async () => {
  const world = await worldOf();
  await world.lease({ notice: "hour" });
  const operation = await world.start(drainAction({ force: true }));
  await world.until(async () => (await world.operation(operation.id)).step === "notify");
  await hold(world, "protect");
  await world.until(async () => (await world.operation(operation.id)).step === "evacuate", 4e6);
  await world.life.clock.advance(600_000);
  expect((await world.operation(operation.id)).why).toMatchObject([{ code: "hold" }]);
  expect(world.port.host(world.hostId).done).toEqual(["fence 1"]);
});

test("a restart that was ordered and not yet taken is withdrawn when somebody is at the machine", async () => {
  const world = await worldOf();
  world.failPoint = (name) => {
    if (name === "reboot.ask.before-intent") world.setConnected(false);
  };
  const operation = await world.start(reboot, planIdOf(1));
  await world.life.clock.advance(1_000);
  expect(world.port.waiting(world.hostId)).toEqual(["reboot 1"]);
  const lockout = await hold(world, "power-lockout");
  await world.life.clock.advance(1_000);
  expect(world.port.waiting(world.hostId)).toEqual([]);
  world.failPoint = () => {};
  world.setConnected(true);
  await world.life.clock.advance(120_000);
  expect(rebootsOf(world)).toEqual([]);
  expect((await world.operation(operation.id)).why).toMatchObject([{ code: "hold" }]);
  await world.life.manager().lifecycle.releaseHold(lockout.id, ann);
  await world.until(async () => (await world.operation(operation.id)).status === "done");
  expect(rebootsOf(world)).toEqual(["reboot 1"]);
});

test("a hold that does not forbid it withdraws no order", async () => {
  const world = await worldOf();
  world.failPoint = (name) => {
    if (name === "reboot.ask.before-intent") world.setConnected(false);
  };
  await world.start(reboot, planIdOf(1));
  await world.life.clock.advance(1_000);
  await hold(world, "cordon");
  await world.life.clock.advance(1_000);
  expect(world.port.waiting(world.hostId)).toEqual(["reboot 1"]);
});

test("a forced evacuation that waits for its host is withdrawn when the host is protected", async () => {
  const world = await worldOf();
  world.failPoint = (name) => {
    if (name === "drain.evacuate.before-intent") world.setConnected(false);
  };
  await world.start(drainAction({ force: true }));
  await world.until(async () => world.port.waiting(world.hostId).includes("evacuate 1"));
  await hold(world, "protect");
  await world.life.clock.advance(1_000);
  expect(world.port.waiting(world.hostId)).toEqual(["fence 2"]);
});
