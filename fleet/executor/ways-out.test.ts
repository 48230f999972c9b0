import { afterEach, expect, test } from "vitest";
import { drainAction } from "#test/support/drain-builders.ts";
import { type ExecutorWorld, openExecutorWorld } from "#test/support/executor-world.ts";

const open: ExecutorWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

test("what is told as stuck is asked at once, and its adapter's words stand in the reason", async () => {
  const world = await openExecutorWorld();
  open.push(world);
  const stubborn = world.port.host(world.hostId).workloads.get("db");
  if (stubborn === undefined) throw new Error("the world has a db");
  stubborn.stopMs = Infinity;
  const operation = await world.start(drainAction());
  await world.until(async () => {
    const { detail } = await world.operation(operation.id);
    return detail.kind === "drain" && detail.remaining?.join() === "db";
  });
  stubborn.says = "evacuate: exit code 1: holds a lock";
  world.port.tell(world.hostId, {
    operationId: operation.id,
    epoch: operation.epoch,
    state: "running",
    workloads: [{ name: "db", state: "stuck", detail: stubborn.says }],
    observedMs: world.life.clock.nowUnixMs(),
  });
  await world.until(
    async () => (await world.operation(operation.id)).why[0]?.words.includes("lock") === true,
    10_000,
  );
  expect((await world.operation(operation.id)).why).toMatchObject([
    { code: "agent", words: "moving or stopping: db (evacuate: exit code 1: holds a lock)" },
  ]);
});

test("a silent host without a serial cannot be said to be off: its drain names cancel", async () => {
  const world = await openExecutorWorld({ host: { serial: null } });
  open.push(world);
  world.port.host(world.hostId).isConnected = false;
  const operation = await world.start(drainAction());
  await world.until(async () => (await world.operation(operation.id)).why.length > 0, 200_000);
  const { why } = await world.operation(operation.id);
  expect(why[0]?.command).toBe(`wws-fleet op cancel ${operation.id} --reason REASON`);
});
