import { afterEach, expect, test } from "vitest";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import { fail, ok } from "#proto/vocabulary/result.ts";
import { ann, drainAction } from "#test/support/drain-builders.ts";
import { type ExecutorWorld, openExecutorWorld } from "#test/support/executor-world.ts";

const open: ExecutorWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

async function worldOf(
  options: Parameters<typeof openExecutorWorld>[0] = {},
): Promise<ExecutorWorld> {
  const world = await openExecutorWorld(options);
  open.push(world);
  return world;
}

const ends = (world: ExecutorWorld, operation: OperationRecord, status: string) => async () =>
  (await world.operation(operation.id)).status === status;

const holdsOf = async (world: ExecutorWorld) => {
  const host = (await world.host()) as HostRecord;
  return world.life.manager().lifecycle.view(host).holds;
};

test("a drain ends in drained, with a proof of two sources at one epoch", async () => {
  const world = await worldOf();
  const operation = await world.start(drainAction());
  await world.until(ends(world, operation, "done"));
  const done = await world.operation(operation.id);
  expect(done.history.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
    "cordon done",
    "notify skipped",
    "reserve skipped",
    "evacuate done",
    "prove done",
  ]);
  expect(done.detail).toMatchObject({ remaining: [], proof: { epoch: 1, by: "agent" } });
  expect(await world.host()).toMatchObject({ phase: "drained", op: null });
  const { isFenced, workloads, done: orders } = world.port.host(world.hostId);
  expect(isFenced).toBe(true);
  expect([...workloads.values()].every(({ isRunning }) => !isRunning)).toBe(true);
  expect(orders).toEqual(["fence 1", "evacuate 1"]);
});

test("return brings it back: what was stopped runs again, the cordon is gone", async () => {
  const world = await worldOf();
  const drain = await world.start(drainAction());
  await world.until(ends(world, drain, "done"));
  const back = await world.start({ kind: "return" });
  await world.until(ends(world, back, "done"));
  expect(await world.host()).toMatchObject({ phase: "active", op: null, epoch: 2 });
  expect(await holdsOf(world)).toEqual([]);
  const host = world.port.host(world.hostId);
  expect(host.isFenced).toBe(false);
  expect([...host.workloads.values()].every(({ isRunning }) => isRunning)).toBe(true);
});

test("what refuses to stop leaves it paused and explained at the deadline; cancel leaves it active", async () => {
  const world = await worldOf();
  const stubborn = world.port.host(world.hostId).workloads.get("db");
  if (stubborn !== undefined) stubborn.stopMs = Infinity;
  const operation = await world.start(drainAction({ deadlineMs: 1_800_000 }));
  await world.until(ends(world, operation, "paused"), 4_000_000);
  const paused = await world.operation(operation.id);
  expect(paused.why[0]).toMatchObject({
    code: "deadline",
    words: "the deadline is over and host-1 is not empty: db",
  });
  expect(paused.why.map(({ command }) => command)).toContainEqual(
    expect.stringContaining("wws-fleet host drain host-1 --force"),
  );
  expect(await world.host()).toMatchObject({ phase: "active" });
  const { lifecycle } = world.life.manager();
  await lifecycle.cancel(operation.id, ann);
  await world.until(async () => world.port.host(world.hostId).done.includes("halt-evacuation 2"));
  const [cordon] = await holdsOf(world);
  if (cordon === undefined) throw new Error("the cordon is gone");
  await lifecycle.releaseHold(cordon.id, ann);
  await world.until(async () => (await holdsOf(world)).length === 0);
  const host = world.port.host(world.hostId);
  expect(host.isFenced).toBe(false);
  expect(host.workloads.get("web")?.isRunning).toBe(true);
  expect(await world.host()).toMatchObject({ phase: "active", op: null });
});

test("force ends hard what does not stop, and is drained by proof", async () => {
  const world = await worldOf();
  const stubborn = world.port.host(world.hostId).workloads.get("db");
  if (stubborn !== undefined) stubborn.stopMs = Infinity;
  const operation = await world.start(drainAction({ deadlineMs: 600_000, force: true }));
  await world.until(ends(world, operation, "done"));
  expect((await world.host()).phase).toBe("drained");
});

test("asked for force while it is paused at its deadline, it ends", async () => {
  const world = await worldOf();
  const stubborn = world.port.host(world.hostId).workloads.get("db");
  if (stubborn !== undefined) stubborn.stopMs = Infinity;
  const operation = await world.start(drainAction({ deadlineMs: 600_000 }));
  await world.until(ends(world, operation, "paused"));
  expect((await world.start(drainAction({ force: true }))).id).toBe(operation.id);
  await world.until(ends(world, operation, "done"));
});

test("twenty minutes without progress are called stalled, and the drain goes on", async () => {
  const world = await worldOf();
  const stubborn = world.port.host(world.hostId).workloads.get("db");
  if (stubborn !== undefined) stubborn.stopMs = 30 * 60_000;
  const operation = await world.start(drainAction());
  await world.until(async () =>
    (await world.operation(operation.id)).why.some(({ code }) => code === "stalled"),
  );
  expect((await world.operation(operation.id)).why[0]?.words).toMatch(
    /no progress since .* UTC: db/,
  );
  await world.until(ends(world, operation, "done"));
});

test("a host that cannot be asked is never taken for empty: it waits, says so, and goes on when it is back", async () => {
  const world = await worldOf();
  world.setConnected(false);
  const operation = await world.start(drainAction());
  await world.until(async () => (await world.operation(operation.id)).why.length > 0);
  const waiting = await world.operation(operation.id);
  expect(waiting).toMatchObject({
    status: "running",
    step: "cordon",
    why: [{ code: "link", command: expect.stringContaining(`op confirm-off ${operation.id}`) }],
  });
  await world.life.clock.advance(1_800_000);
  expect(await world.host()).toMatchObject({ phase: "active" });
  world.setConnected(true);
  await world.until(ends(world, operation, "done"));
});

test("its tenants are told and nothing moves before the notice has run", async () => {
  const world = await worldOf();
  const lease = await world.lease({ notice: "hour" });
  const operation = await world.start(drainAction());
  await world.until(async () => world.told.length > 0);
  await world.life.clock.settle();
  expect(world.told[0]?.words).toContain(`Lease ${lease.id} is moved by its adapter.`);
  expect((await world.operation(operation.id)).why[0]?.code).toBe("notice");
  await world.life.clock.advance(3_500_000);
  expect(world.port.host(world.hostId).done).toEqual(["fence 1"]);
  await world.until(ends(world, operation, "done"));
  const done = await world.operation(operation.id);
  expect(done.detail).toMatchObject({
    notices: [{ isDelivered: true, detail: "acme answered 204", leases: [lease.id] }],
  });
  expect(world.told).toHaveLength(1);
  expect(world.life.manager().tenancy.leasesOf(world.hostId)).toEqual([]);
});

test("an emergency tells and does not wait", async () => {
  const world = await worldOf();
  await world.lease({ notice: "week", evacuation: "wait" });
  const { lifecycle } = world.life.manager();
  const started = await lifecycle.start({
    hostId: world.hostId,
    action: drainAction({ drain: "emergency", deadlineMs: 0 }),
    planId: null,
    asker: { ...ann, approvedBy: "ben" },
  });
  if (!started.ok) throw new Error("refused");
  await world.until(ends(world, started.value, "done"), 300_000);
  expect(world.told).toHaveLength(1);
});

test("without a place for what has to move the drain waits for capacity, and stops nothing", async () => {
  const world = await worldOf();
  await world.lease();
  world.reserve = async () =>
    fail([
      {
        code: "capacity",
        words: "no host has room",
        who: "an operator",
        command: null,
        untilMs: null,
      },
    ]);
  const operation = await world.start(drainAction());
  await world.until(async () => (await world.operation(operation.id)).why[0]?.code === "capacity");
  await world.life.clock.advance(1_200_000);
  expect(world.port.host(world.hostId).done).toEqual(["fence 1"]);
  world.reserve = async () => ok("host-9 has room");
  await world.until(ends(world, operation, "done"));
});

test("a lease that waits is not touched until its tenant ends it", async () => {
  const world = await worldOf();
  const lease = await world.lease({ evacuation: "wait" });
  const operation = await world.start(drainAction());
  await world.until(async () => (await world.operation(operation.id)).why[0]?.code === "lease");
  await world.life.clock.advance(1_200_000);
  expect(world.port.host(world.hostId).workloads.get("web")?.isRunning).toBe(true);
  await world.life.manager().tenancy.end(lease.id, "acme");
  await world.until(ends(world, operation, "done"));
});

test("a lease that stops at the deadline runs until then, and is over by it", async () => {
  const world = await worldOf();
  await world.lease({ evacuation: "stop-at-deadline" });
  const operation = await world.start(drainAction({ deadlineMs: 3_600_000 }));
  await world.life.clock.advance(3_000_000);
  expect(world.port.host(world.hostId).workloads.get("web")?.isRunning).toBe(true);
  await world.until(ends(world, operation, "done"), 590_000);
});

test("a paused drain halts its evacuation, and resumed it ends at a new epoch", async () => {
  const world = await worldOf();
  const slow = world.port.host(world.hostId).workloads.get("db");
  if (slow !== undefined) slow.stopMs = 600_000;
  const operation = await world.start(drainAction());
  await world.until(async () => (await world.operation(operation.id)).step === "evacuate");
  await world.life.clock.advance(30_000);
  const { lifecycle } = world.life.manager();
  await lifecycle.pause(operation.id, ann);
  await world.until(async () => world.port.host(world.hostId).evacuation?.state === "halted");
  await world.life.clock.advance(1_200_000);
  expect(slow?.isRunning).toBe(true);
  await lifecycle.resume(operation.id, ann);
  await world.until(ends(world, operation, "done"));
  expect((await world.operation(operation.id)).detail).toMatchObject({ proof: { epoch: 2 } });
});

test("what is answered after a cancel is ignored", async () => {
  const world = await worldOf();
  world.port.faults = { loss: 0, duplicate: 0, delayMs: 40_000 };
  const operation = await world.start(drainAction());
  await world.life.clock.advance(1_000);
  await world.life.manager().lifecycle.cancel(operation.id, ann);
  await world.life.clock.advance(600_000);
  expect(await world.operation(operation.id)).toMatchObject({ status: "canceled" });
  expect(await world.host()).toMatchObject({ phase: "active", op: null });
});

test("the agent of a rented host proves nothing: only who has seen it off makes it drained", async () => {
  const world = await worldOf();
  const lease = await world.lease({ trust: "rented", share: "exclusive", evacuation: "wait" });
  const operation = await world.start(drainAction());
  await world.until(async () => (await world.operation(operation.id)).step === "prove");
  await world.life.manager().tenancy.end(lease.id, "acme");
  await world.life.clock.advance(600_000);
  expect((await world.host()).phase).toBe("active");
  const { lifecycle } = world.life.manager();
  const off = await lifecycle.confirmOff(operation.id, "CZ3042H8KD", ann);
  expect(off).toMatchObject({ ok: true, value: { status: "done" } });
  expect((await world.host()).phase).toBe("drained");
  expect(world.port.host(world.hostId).done).toEqual([]);
});

test("a manager that does not lead orders nothing", async () => {
  const world = await worldOf();
  world.isLeading = false;
  const operation = await world.start(drainAction());
  await world.life.clock.advance(600_000);
  expect(world.port.host(world.hostId).done).toEqual([]);
  world.isLeading = true;
  await world.until(ends(world, operation, "done"));
});

test("an agent that refuses is named with its reason, and asked again", async () => {
  const world = await worldOf();
  const agent = world.port.host(world.hostId);
  agent.refuses = "a hold file is on this host";
  const operation = await world.start(drainAction());
  await world.until(async () => (await world.operation(operation.id)).why[0]?.code === "agent");
  expect((await world.operation(operation.id)).why[0]?.words).toContain(
    "a hold file is on this host",
  );
  agent.refuses = null;
  await world.until(ends(world, operation, "done"));
});

test("a manager that does not lead at a deadline waits quietly", async () => {
  const world = await worldOf();
  world.isLeading = false;
  const operation = await world.start(drainAction({ deadlineMs: 60_000 }));
  await world.life.clock.advance(65_000);
  const before = world.looks();
  await world.life.clock.advance(60_000);
  expect(world.looks() - before).toBeLessThan(10);
  world.isLeading = true;
  await world.until(ends(world, operation, "paused"));
});
