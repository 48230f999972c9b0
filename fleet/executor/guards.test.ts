import { afterEach, beforeEach, expect, test } from "vitest";
import { executorActor } from "#fleet/lifecycle/decision.ts";
import { rearm } from "#fleet/lifecycle/strengthen-drain.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { drainAction } from "#test/support/drain-builders.ts";
import { type ExecutorWorld, openExecutorWorld } from "#test/support/executor-world.ts";

let world: ExecutorWorld;
beforeEach(async () => {
  world = await openExecutorWorld();
});
afterEach(() => world.close());

/** The drain begins anew at a higher epoch; its turn comes before whatever is asked for later. */
function beginAnew(): Promise<unknown> {
  return world.life.manager().execution.change(world.hostId, (facts) => {
    const { operation } = facts;
    if (operation?.detail.kind !== "drain") return { kind: "refused", why: [] };
    const nowMs = world.life.clock.nowUnixMs();
    const deadlineMs = unixMs(nowMs + operation.detail.allowedMs);
    const { detail } = operation;
    return rearm(facts, operation, detail, deadlineMs, executorActor, nowMs, "operation.resume");
  });
}

test("what was answered at one epoch is not written at the next, though its step is the same", async () => {
  let isFirst = true;
  world.failPoint = (name) => {
    if (name !== "drain.cordon.acted" || !isFirst) return;
    isFirst = false;
    void beginAnew();
  };
  const { id } = await world.start(drainAction());
  await world.until(async () => (await world.operation(id)).status === "done");
  expect(world.port.host(world.hostId).done.slice(0, 2)).toEqual(["fence 1", "fence 2"]);
  const { epoch, history } = await world.operation(id);
  expect([epoch, history[0]?.evidence]).toEqual([
    2,
    "fence epoch 2 acknowledged by agent and tenancy",
  ]);
});

test("a manager that lost its leadership in the middle of a step orders nothing", async () => {
  world.failPoint = (name) => {
    if (name === "drain.cordon.before-intent") world.isLeading = false;
  };
  const { id } = await world.start(drainAction());
  await world.life.clock.advance(60_000);
  expect(world.port.host(world.hostId).done).toEqual([]);
  expect((await world.operation(id)).step).toBe("cordon");
  world.failPoint = () => {};
  world.isLeading = true;
  await world.until(async () => (await world.operation(id)).status === "done");
});

test("progress counts for the epoch that it is told at, and for no other", async () => {
  const { port, hostId, life } = world;
  for (const workload of port.host(hostId).workloads.values()) workload.stopMs = Infinity;
  const { id } = await world.start(drainAction());
  const isEvacuating = async () => {
    const { step, stepState } = await world.operation(id);
    return step === "evacuate" && stepState === "waiting";
  };
  await world.until(isEvacuating);
  await beginAnew();
  await world.until(async () => (await isEvacuating()) && (await world.operation(id)).epoch === 2);
  const told = { operationId: id, workloads: [], observedMs: life.clock.nowUnixMs() };
  const before = await world.operation(id);
  for (const epoch of [1, 3]) port.tell(hostId, { ...told, epoch, state: "ended" });
  await life.clock.advance(10);
  expect(await world.operation(id)).toEqual(before);
  await life.clock.advance(60_000);
  expect((await world.operation(id)).why).toEqual(before.why);
  const web = port.host(hostId).workloads.get("web");
  if (web !== undefined) web.isRunning = false;
  const db = { name: "db", state: "stopping", detail: "" } as const;
  port.tell(hostId, { ...told, epoch: 2, state: "running", workloads: [db] });
  await life.clock.advance(10);
  expect((await world.operation(id)).detail).toMatchObject({ remaining: ["db"] });
});
