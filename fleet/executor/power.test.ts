import { afterEach, expect, test } from "vitest";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { PowerOrder } from "#fleet/lifecycle/power.ts";
import { ann, ben } from "#test/support/drain-builders.ts";
import { type ExecutorWorld, openExecutorWorld } from "#test/support/executor-world.ts";
import { planIdOf } from "#test/support/life-builders.ts";
import { ExecutorKilled } from "./fail-points.ts";

const open: ExecutorWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

async function worldOf(): Promise<ExecutorWorld> {
  const world = await openExecutorWorld();
  open.push(world);
  return world;
}

const order = (world: ExecutorWorld, power: PowerOrder) =>
  world.start({ kind: "power", power }, planIdOf(1));

async function ending(world: ExecutorWorld, { id }: OperationRecord): Promise<OperationRecord> {
  await world.until(async () => (await world.operation(id)).endedMs !== null);
  return world.operation(id);
}

const last = ({ history }: OperationRecord) => history.at(-1)?.evidence;

test("off is believed when its BMC says off and its agent is gone; its phase is as it was", async () => {
  const world = await worldOf();
  const ended = await ending(world, await order(world, "off"));
  expect([ended.status, last(ended)]).toEqual(["done", "off by its BMC, and its agent is gone"]);
  expect(world.bmc.taken).toEqual(["off"]);
  expect(await world.host()).toMatchObject({ phase: "active", op: null });
});

test("what is off is switched on, and back when its agent answers", async () => {
  const world = await worldOf();
  world.bmc.switchTo("off");
  const ended = await ending(world, await order(world, "on"));
  expect(ended.status).toBe("done");
  expect(world.bmc.isOn).toBe(true);
});

test("a cycle is proven by another boot", async () => {
  const world = await worldOf();
  const ended = await ending(world, await order(world, "cycle"));
  expect(ended.status).toBe("done");
  expect(world.bmc.taken).toEqual(["cycle"]);
});

test("a host that is off is not cycled: the refusal names the way on", async () => {
  const world = await worldOf();
  world.bmc.switchTo("off");
  const ended = await ending(world, await order(world, "cycle"));
  expect(ended).toMatchObject({
    status: "failed",
    why: [{ code: "bmc", command: "wws-fleet host power on host-1 --reason REASON" }],
  });
  expect(world.bmc.taken).toEqual([]);
});

test("a system that does not listen to its button is still on at the deadline, and was asked once", async () => {
  const world = await worldOf();
  world.bmc.softMs = Infinity;
  const ended = await ending(world, await order(world, "soft"));
  expect(ended).toMatchObject({ status: "failed", why: [{ code: "bmc" }] });
  expect(ended.why[0]?.words).toContain("is still on by its BMC");
  expect(world.bmc.taken).toEqual(["soft"]);
});

test("a BMC that says ok and does nothing is ordered once more, and believed by what is so", async () => {
  const world = await worldOf();
  world.bmc.lies.ignoredOrders = 1;
  const ended = await ending(world, await order(world, "off"));
  expect(ended.status).toBe("done");
  expect(world.bmc.taken).toEqual(["off", "off"]);
  const deaf = await worldOf();
  deaf.bmc.lies.ignoredOrders = 9;
  const failed = await ending(deaf, await order(deaf, "off"));
  expect(failed).toMatchObject({ status: "failed", why: [{ code: "bmc" }] });
  expect(deaf.bmc.taken).toEqual(["off", "off"]);
});

test("a cycle of which nothing came is not ordered again: it fails, and says what is so", async () => {
  const world = await worldOf();
  world.bmc.lies.ignoredOrders = 1;
  const ended = await ending(world, await order(world, "cycle"));
  expect(ended.status).toBe("failed");
  expect(ended.why[0]?.words).toContain("still runs the same boot");
  expect(world.bmc.taken).toEqual(["cycle"]);
});

test("a state that is 30 s old is waited for, not believed", async () => {
  const world = await worldOf();
  world.bmc.lies.staleMs = 30_000;
  const ended = await ending(world, await order(world, "off"));
  expect([ended.status, world.bmc.isOn]).toEqual(["done", false]);
  expect(world.bmc.taken).toEqual(["off"]);
});

test("off by a BMC whose host still answers is no evidence", async () => {
  const world = await worldOf();
  world.bmc.onPower = () => {};
  const ended = await ending(world, await order(world, "off"));
  expect(ended.status).toBe("failed");
  expect(ended.why[0]?.words).toContain("its agent answers");
});

test("slow and full controllers are waited for, and the wait says so", async () => {
  const world = await worldOf();
  world.bmc.lies.isFull = true;
  const operation = await order(world, "off");
  await world.life.clock.advance(60_000);
  expect((await world.operation(operation.id)).why[0]?.words).toContain("session table is full");
  world.bmc.lies.isFull = false;
  world.bmc.lies.answerMs = 20_000;
  expect((await ending(world, operation)).status).toBe("done");
  expect(world.bmc.taken).toEqual(["off"]);
});

test("while somebody is at the machine nothing is switched", async () => {
  const world = await worldOf();
  const { lifecycle } = world.life.manager();
  world.bmc.lies.answerMs = 8_000;
  const operation = await order(world, "off");
  await world.life.clock.advance(7_000);
  const lockout = await lifecycle.addHold(
    { hostId: world.hostId, kind: "power-lockout", expiresMs: null, reviewMs: null, forWhom: null },
    ben,
  );
  if (!lockout.ok) throw new Error("no lockout");
  await world.life.clock.advance(120_000);
  expect(world.bmc.taken).toEqual([]);
  expect((await world.operation(operation.id)).why).toMatchObject([{ code: "hold" }]);
  await lifecycle.releaseHold(lockout.value.id, ann);
  expect((await ending(world, operation)).status).toBe("done");
  const refused = await lifecycle.start({
    hostId: world.hostId,
    action: { kind: "power", power: "off" },
    planId: null,
    asker: ann,
  });
  expect(refused).toMatchObject({ problem: { why: [{ code: "plan" }] } });
});

test("a host whose BMC nobody knows is refused, and told what is missing", async () => {
  const world = await worldOf();
  world.life.hasBmc = () => false;
  const refused = await world.life.manager().lifecycle.start({
    hostId: world.hostId,
    action: { kind: "power", power: "on" },
    planId: planIdOf(1),
    asker: ann,
  });
  expect(refused).toMatchObject({ problem: { kind: "refused", why: [{ code: "bmc" }] } });
});

test("a clock that was set back a little hides no order that was given before a death", async () => {
  const world = await worldOf();
  world.jumpWall(-3_000);
  let dies = true;
  world.failPoint = (name) => {
    if (!dies || name !== "power.order.acted") return;
    dies = false;
    throw new ExecutorKilled(name);
  };
  const operation = await order(world, "cycle");
  await world.until(async () => !dies);
  await world.restart();
  expect((await ending(world, operation)).status).toBe("done");
  expect(world.bmc.taken).toEqual(["cycle"]);
});

test("another order than the one that is under way is refused, and names it", async () => {
  const world = await worldOf();
  const running = await order(world, "on");
  const ask = { hostId: world.hostId, planId: planIdOf(1), asker: ann };
  const { lifecycle } = world.life.manager();
  const on = await lifecycle.start({ ...ask, action: { kind: "power", power: "on" } });
  expect(on).toMatchObject({ ok: true, value: { id: running.id } });
  const off = await lifecycle.start({ ...ask, action: { kind: "power", power: "off" } });
  expect(off).toMatchObject({
    ok: false,
    problem: { why: [{ code: "operation", words: expect.stringContaining("power by ann") }] },
  });
});
