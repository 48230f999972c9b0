import { afterEach, expect, test } from "vitest";
import type { PlanId } from "#proto/vocabulary/ids.ts";
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

const plan = "01930000-b010-7000-8000-000000000001" as PlanId;
const reboot = { kind: "reboot", graceMs: 30_000 } as const;

test("a reboot is done when another boot is seen and the agent is back", async () => {
  const world = await worldOf();
  const operation = await world.start(reboot, plan);
  await world.until(async () => (await world.operation(operation.id)).status === "done");
  const done = await world.operation(operation.id);
  expect(done.history.map(({ step, evidence }) => `${step}: ${evidence}`)).toEqual([
    "ask: the agent restarts it",
    "down: its link is lost",
    "back: boot boot-2",
  ]);
  expect(await world.host()).toMatchObject({ phase: "active", op: null });
});

test("a host that goes down and is not back fails, and stays in its phase", async () => {
  const world = await worldOf();
  world.port.onReboot = () => world.setConnected(false);
  const operation = await world.start(reboot, plan);
  await world.until(async () => (await world.operation(operation.id)).status === "failed");
  expect((await world.operation(operation.id)).why).toMatchObject([{ code: "link" }]);
  expect(await world.host()).toMatchObject({ phase: "active", op: null });
});

test("a host that was told to restart and does not fails", async () => {
  const world = await worldOf();
  world.port.onReboot = () => {};
  const operation = await world.start(reboot, plan);
  await world.until(async () => (await world.operation(operation.id)).status === "failed");
  expect((await world.operation(operation.id)).why[0]?.words).toContain("still runs the same boot");
});

test("an agent that refuses a restart fails it with its words", async () => {
  const world = await worldOf();
  world.port.host(world.hostId).refuses = "a hold file is on this host";
  const operation = await world.start(reboot, plan);
  await world.until(async () => (await world.operation(operation.id)).status === "failed");
  expect((await world.operation(operation.id)).why[0]?.words).toContain("hold file");
});

test("a quarantined host goes back to where it was when the cause is gone", async () => {
  const world = await worldOf({ host: { phase: "quarantined" } });
  const answer = await world.life.manager().lifecycle.start({
    hostId: world.hostId,
    action: { kind: "clear" },
    planId: null,
    asker: { name: "ann", kind: "person", reason: "dimm swapped" },
  });
  expect(answer).toMatchObject({ ok: false, problem: { why: [{ code: "phase" }] } });
});
