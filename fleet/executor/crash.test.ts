import { afterEach, expect, test } from "vitest";
import type { PlanAction } from "#fleet/lifecycle/plan.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { PlanId } from "#proto/vocabulary/ids.ts";
import { ann, drainAction } from "#test/support/drain-builders.ts";
import { type ExecutorWorld, openExecutorWorld } from "#test/support/executor-world.ts";
import { ExecutorKilled, failPoints } from "./fail-points.ts";

const open: ExecutorWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

/** Every fail point that some story has passed. */
const passed = new Set<string>();

async function worldOf(options: Parameters<typeof openExecutorWorld>[0] = {}) {
  const world = await openExecutorWorld(options);
  open.push(world);
  return world;
}

/** The executor dies at the first pass of each of these, and another is built on the same store. */
function killAt(
  world: ExecutorWorld,
  points: readonly string[],
): { readonly deaths: () => number } {
  const left = new Set(points);
  let deaths = 0;
  world.failPoint = (name) => {
    passed.add(name);
    if (!left.delete(name)) return;
    deaths += 1;
    world.life.clock.after(5_000, () => void world.restart());
    throw new ExecutorKilled(name);
  };
  return { deaths: () => deaths };
}

async function ending(world: ExecutorWorld, operation: OperationRecord): Promise<OperationRecord> {
  await world.until(
    async () => (await world.operation(operation.id)).endedMs !== null,
    3 * 3_600_000,
  );
  return world.operation(operation.id);
}

const plan = "01930000-b010-7000-8000-000000000001" as PlanId;
const kindOf = (point: string): string => point.slice(0, point.indexOf("."));

/** The story of a drain, with a tenant who must be told and moved. */
async function drainStory(points: readonly string[]) {
  const world = await worldOf();
  await world.lease({ notice: "hour" });
  const { deaths } = killAt(world, points);
  const operation = await ending(
    world,
    await world.start(drainAction({ deadlineMs: 3 * 3_600_000 })),
  );
  const host = await world.host();
  const agent = world.port.host(world.hostId);
  const outcome = {
    status: operation.status,
    phase: host.phase,
    op: host.op,
    steps: operation.history.map(({ step, outcome: ended }) => `${step} ${ended}`),
    proof: operation.detail.kind === "drain" ? operation.detail.proof?.by : null,
    notices: new Set(world.told.map(({ key }) => key)).size,
    leases: world.life.manager().tenancy.leasesOf(world.hostId).length,
    orders: agent.done,
    isFenced: agent.isFenced,
    running: [...agent.workloads.values()].filter(({ isRunning }) => isRunning).length,
  };
  return { outcome, deaths: deaths() };
}

const drained = {
  status: "done",
  phase: "drained",
  op: null,
  steps: ["cordon done", "notify done", "reserve done", "evacuate done", "prove done"],
  proof: "agent",
  notices: 1,
  leases: 0,
  orders: ["fence 1", "evacuate 1"],
  isFenced: true,
  running: 0,
};

test.each(failPoints.filter((point) => kindOf(point) === "drain"))(
  "a manager that dies at %s drains the host all the same, each order done once",
  async (point) => {
    const { outcome, deaths } = await drainStory([point]);
    expect(deaths).toBe(1);
    expect(outcome).toEqual(drained);
  },
);

test("a manager that dies at every point of a drain, one after the other, drains the host", async () => {
  const points = failPoints.filter((point) => kindOf(point) === "drain");
  const { outcome, deaths } = await drainStory(points);
  expect(deaths).toBe(points.length);
  expect(outcome).toEqual(drained);
});

test.each(failPoints.filter((point) => kindOf(point) === "reboot"))(
  "a manager that dies at %s reboots the host once",
  async (point) => {
    const world = await worldOf();
    const { deaths } = killAt(world, [point]);
    const action: PlanAction = { kind: "reboot", graceMs: 30_000 };
    const operation = await ending(world, await world.start(action, plan));
    expect(deaths()).toBe(1);
    expect(operation).toMatchObject({ status: "done", history: { length: 3 } });
    expect(world.port.host(world.hostId)).toMatchObject({ bootId: "boot-2", done: ["reboot 1"] });
    expect(await world.host()).toMatchObject({ phase: "active", op: null });
  },
);

test.each(failPoints.filter((point) => kindOf(point) === "return"))(
  "a manager that dies at %s brings the host back",
  async (point) => {
    const world = await worldOf();
    await ending(world, await world.start(drainAction()));
    const { deaths } = killAt(world, [point]);
    const operation = await ending(world, await world.start({ kind: "return" }));
    expect(deaths()).toBe(1);
    expect(operation.status).toBe("done");
    expect(await world.host()).toMatchObject({ phase: "active", op: null });
    const agent = world.port.host(world.hostId);
    expect(agent.done.filter((order) => order.startsWith("release"))).toEqual(["release 2"]);
    expect(agent.isFenced).toBe(false);
    expect([...agent.workloads.values()].every(({ isRunning }) => isRunning)).toBe(true);
  },
);

test.each(failPoints.filter((point) => kindOf(point) === "clear"))(
  "a manager that dies at %s clears the host",
  async (point) => {
    const world = await worldOf({ host: { phase: "quarantined", epoch: 3 } });
    await quarantinedBy(world);
    const { deaths } = killAt(world, [point]);
    const operation = await ending(world, await world.start({ kind: "clear" }));
    expect(deaths()).toBe(1);
    expect(operation).toMatchObject({ status: "done", detail: { backTo: "drained" } });
    expect(await world.host()).toMatchObject({ phase: "drained", op: null });
  },
);

test.each(failPoints.filter((point) => kindOf(point) === "power"))(
  "a manager that dies at %s cycles the host at most once",
  async (point) => {
    const world = await worldOf();
    const { deaths } = killAt(world, [point]);
    const action: PlanAction = { kind: "power", power: "cycle" };
    const operation = await ending(world, await world.start(action, plan));
    expect(deaths()).toBe(1);
    expect(operation.status).toBe("done");
    expect(world.bmc.taken).toEqual(["cycle"]);
    expect(await world.host()).toMatchObject({ phase: "active", op: null });
  },
);

test.each(failPoints.filter((point) => kindOf(point) === "locate"))(
  "a manager that dies at %s leaves a light that blinks until its end and goes out",
  async (point) => {
    const world = await worldOf();
    const { deaths } = killAt(world, [point]);
    const action: PlanAction = { kind: "locate", isOn: true, forMs: 600_000 };
    const operation = await ending(world, await world.start(action));
    expect(deaths()).toBe(1);
    expect([operation.status, world.bmc.isLit]).toEqual(["done", false]);
  },
);

/** A reimage that failed, as a later release writes it. */
async function quarantinedBy(world: ExecutorWorld): Promise<void> {
  const { clock, store } = world.life;
  const nowMs = clock.nowUnixMs();
  const written = await store.lifecycle.commit({
    term: 1,
    operations: [
      {
        expectedVersion: 0,
        record: {
          id: "01930000-a010-7000-8000-000000000009" as OperationRecord["id"],
          hostId: world.hostId,
          kind: "reimage",
          epoch: 3,
          planId: null,
          status: "failed",
          fromPhase: "drained",
          step: "disks",
          stepState: "intent",
          stepSinceMs: nowMs,
          attempt: 1,
          why: [],
          reason: "new image",
          by: "ann",
          startedMs: nowMs,
          deadlineMs: null,
          endedMs: nowMs,
          progressMs: nowMs,
          detail: { kind: "other" },
          history: [],
          version: 1,
        },
      },
    ],
    audit: {
      atMs: nowMs,
      actor: ann.name,
      actorKind: "person",
      action: "operation.failed",
      outcome: "failed",
      subject: { kind: "host", id: world.hostId, name: "host-1", serial: null, rack: null },
      reason: null,
      planHash: null,
      facts: {},
    },
  });
  if (!written.ok) throw new Error(written.problem.kind);
}

test("every fail point was passed", () => {
  expect(failPoints.filter((point) => !passed.has(point))).toEqual([]);
});
