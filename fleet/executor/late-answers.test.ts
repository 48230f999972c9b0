import { afterEach, expect, test } from "vitest";
import { ann, drainAction } from "#test/support/drain-builders.ts";
import { type ExecutorWorld, openExecutorWorld } from "#test/support/executor-world.ts";
import { noFaults } from "#test/support/simulated-host-port.ts";

const open: ExecutorWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

async function slowWorld(): Promise<ExecutorWorld> {
  const world = await openExecutorWorld();
  open.push(world);
  world.port.faults = { ...noFaults, delayMs: 20_000 };
  return world;
}

test("an acknowledgement of the old epoch closes no fence of the new one", async () => {
  const world = await slowWorld();
  const operation = await world.start(drainAction());
  await world.life.clock.advance(1_000);
  const stronger = await world.start(drainAction({ drain: "degraded", deadlineMs: 3_600_000 }));
  expect(stronger).toMatchObject({ id: operation.id, epoch: 2 });
  await world.until(async () => (await world.operation(operation.id)).endedMs !== null);
  const { history, detail } = await world.operation(operation.id);
  expect(history.filter(({ step }) => step === "cordon")).toMatchObject([
    { evidence: "fence epoch 2 acknowledged by agent and tenancy" },
  ]);
  expect(detail).toMatchObject({ proof: { epoch: 2 } });
});

test("what is answered after a pause moves nothing on", async () => {
  const world = await slowWorld();
  const operation = await world.start(drainAction());
  await world.life.clock.advance(1_000);
  await world.life.manager().lifecycle.pause(operation.id, ann);
  await world.life.clock.advance(300_000);
  expect(await world.operation(operation.id)).toMatchObject({
    status: "paused",
    step: "cordon",
    history: [],
  });
});

test("progress of another epoch, operation or host is for nobody", async () => {
  const world = await openExecutorWorld();
  open.push(world);
  for (const workload of world.port.host(world.hostId).workloads.values())
    workload.stopMs = 900_000;
  const operation = await world.start(drainAction());
  await world.until(async () => (await world.operation(operation.id)).stepState === "waiting");
  const told = {
    operationId: operation.id,
    epoch: operation.epoch + 1,
    state: "ended",
    workloads: [],
    observedMs: world.life.clock.nowUnixMs(),
  } as const;
  world.port.tell(world.hostId, told);
  world.port.tell(world.hostId, { ...told, epoch: operation.epoch - 1 });
  await world.life.clock.advance(5_000);
  expect((await world.operation(operation.id)).detail).toMatchObject({ remaining: ["db", "web"] });
});

test("with everything late, lost and twice, a drain still ends, each order done once", async () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const world = await openExecutorWorld({ seed });
    open.push(world);
    world.port.faults = { loss: 0.4, duplicate: 0.5, delayMs: 40_000 };
    const operation = await world.start(drainAction({ deadlineMs: 86_400_000 }));
    await world.until(
      async () => (await world.operation(operation.id)).status === "done",
      86_000_000,
    );
    const { done } = world.port.host(world.hostId);
    expect(done).toEqual([...new Set(done)]);
    expect((await world.host()).phase).toBe("drained");
  }
});

test("a host that falls silent before its proof is not called drained", async () => {
  const world = await openExecutorWorld();
  open.push(world);
  world.failPoint = (name) => {
    if (name === "drain.prove.before-intent") world.port.host(world.hostId).isConnected = false;
  };
  const operation = await world.start(drainAction());
  await world.until(async () => (await world.operation(operation.id)).step === "prove");
  await world.life.clock.advance(1_200_000);
  expect((await world.host()).phase).toBe("active");
  expect((await world.operation(operation.id)).why[0]?.code).toBe("link");
});
