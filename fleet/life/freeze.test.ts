import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { unjudged } from "#fleet/health/finding.ts";
import { createInventory } from "#fleet/inventory/create-inventory.ts";
import { createEventBus } from "#fleet/inventory/event-bus.ts";
import type { Freeze, FreezeFile } from "#fleet/lifecycle/freeze.ts";
import { labPolicy } from "#fleet/lifecycle/plans/plan-policy.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { ann, drainAction } from "#test/support/drain-builders.ts";
import { hostIdOf, testCell } from "#test/support/inventory-builders.ts";
import { someHost } from "#test/support/life-world.ts";
import { openMemoryStore } from "#test/support/memory-store.ts";
import { fc } from "#test/support/properties.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createSimulatedHostPort } from "#test/support/simulated-host-port.ts";
import { createVirtualClock, type VirtualClock } from "#test/support/virtual-clock.ts";
import { type Life, type LifeEffects, openLife } from "./start-life.ts";

const hostId = hostIdOf(1);
let clock: VirtualClock;
let store: Awaited<ReturnType<typeof openMemoryStore>>;
let opened: Life[];
beforeEach(async () => {
  opened = [];
  clock = createVirtualClock();
  store = await openMemoryStore(clock);
  await store.inventory.insertHost(someHost());
});
afterEach(async () => {
  for (const life of opened) await life.stop();
  await store.close();
});

async function manager(differs: Partial<LifeEffects> = {}): Promise<Life> {
  const events = createEventBus(silentLog);
  const parts = { cell: testCell, store: store.inventory, clock, events, log: silentLog };
  const random = createSeededRandom(opened.length + 1);
  const port = createSimulatedHostPort(clock, random.fork("port"));
  port.host(hostId).serial = "CZ3042H8KD";
  port.host(hostId).workloads.set("web", { isRunning: true, stopMs: 10_000, wasStopped: false });
  const life = await openLife({
    store,
    inventory: createInventory(parts),
    telemetry: { latest: () => undefined },
    links: {
      view: () => ({
        state: "connected",
        sinceMs: null,
        lastHeardMs: null,
        sessionId: null,
        clockOffsetMs: 0,
      }),
    },
    health: {
      view: () => unjudged,
      lastReboot: () => null,
      explain: () => ({ ...unjudged, pending: [], rules: [] }),
      events: async () => [],
    },
    hosts: port,
    notify: { tell: async () => ({ isDelivered: true, detail: "told" }) },
    events,
    clock,
    random,
    log: silentLog,
    holder: "a",
    policy: labPolicy,
    management: () => new Set(),
    ...differs,
  });
  opened.push(life);
  await life.start();
  return life;
}

const startDrain = (life: Life) =>
  life.lifecycle.start({ hostId, action: drainAction(), planId: null, asker: ann });

async function drain(life: Life) {
  const started = await startDrain(life);
  if (!started.ok) throw new Error(JSON.stringify(started.problem));
  return started.value.id;
}

/** Long enough for any drain of the simulated host. */
const longMs = 10 * 60_000;
/** In steps in which the leadership is kept. */
const pass = async (ms: number): Promise<void> => {
  for (let left = ms; left > 0; left -= 1_000) await clock.advance(Math.min(1_000, left));
};
const stored = async (id: Awaited<ReturnType<typeof drain>>) => store.lifecycle.findOperation(id);

describe("while the cell is frozen", () => {
  test("nothing begins, and the refusal names who, why and the way out", async () => {
    const life = await manager();
    await life.freeze.begin("ann", "smoke in row b");
    expect(await startDrain(life)).toMatchObject({
      ok: false,
      problem: {
        why: [
          {
            code: "freeze",
            words: expect.stringMatching(
              /^the cell is frozen by ann since 20.* UTC: smoke in row b$/,
            ),
            command: "wws-fleet unfreeze --reason REASON",
          },
        ],
      },
    });
    expect(await life.tenancy.addTenant({ name: "acme", webhook: null, by: "ann" })).toMatchObject({
      ok: false,
    });
  });

  test("a running drain takes no step, says why, and goes on from there when two have lifted it", async () => {
    const life = await manager();
    const id = await drain(life);
    await clock.advance(50);
    await life.freeze.begin("ann", "smoke in row b");
    const before = await stored(id);
    await pass(longMs);
    expect(await stored(id)).toEqual(before);
    expect(await life.lifecycle.operation(id)).toMatchObject({
      status: "running",
      why: expect.arrayContaining([expect.objectContaining({ code: "freeze" })]),
    });
    expect((await life.lifecycle.explain(hostId))?.waitsFor[0]).toMatchObject({ code: "freeze" });
    expect(await life.freeze.lift("ann", "it was a toaster", false)).toMatchObject({
      ok: true,
      value: { liftAsked: { by: "ann" } },
    });
    expect(await life.freeze.lift("ann", "it was a toaster", false)).toEqual({
      ok: false,
      problem: "same-person",
    });
    await pass(longMs);
    expect(await stored(id)).toEqual(before);
    expect(await life.freeze.lift("ben", "seen", false)).toEqual({ ok: true, value: null });
    await pass(longMs);
    expect(await stored(id)).toMatchObject({ status: "done" });
  });

  test("what restricts goes on: holds are added, a drain is paused and canceled", async () => {
    const life = await manager();
    const id = await drain(life);
    await life.freeze.begin("ann", "smoke in row b");
    const hold = {
      hostId,
      kind: "protect",
      expiresMs: null,
      reviewMs: null,
      forWhom: null,
    } as const;
    expect(await life.lifecycle.addHold(hold, ann)).toMatchObject({ ok: true });
    expect(await life.lifecycle.pause(id, ann)).toMatchObject({ ok: true });
    expect(await life.lifecycle.resume(id, ann)).toMatchObject({ ok: false });
    expect(await life.lifecycle.cancel(id, ann)).toMatchObject({ ok: true });
  });

  test("it stands in the way of no light: what is missing is the BMC", async () => {
    const life = await manager();
    await life.freeze.begin("ann", "smoke in row b");
    const action = { kind: "locate", isOn: true, forMs: 60_000 } as const;
    expect(await life.lifecycle.start({ hostId, action, planId: null, asker: ann })).toMatchObject({
      ok: false,
      problem: { why: [{ code: "bmc" }] },
    });
  });

  test("a restart finds it so", async () => {
    const first = await manager();
    await first.freeze.begin("ann", "smoke in row b");
    await first.stop();
    const second = await manager();
    expect(second.freeze.freeze()).toMatchObject({ by: "ann", reason: "smoke in row b" });
    expect(await startDrain(second)).toMatchObject({ ok: false });
  });

  test("another manager on the same store writes nothing either, whatever it remembers", async () => {
    const life = await manager();
    const freeze: Freeze = {
      sinceMs: clock.nowUnixMs(),
      by: "eve",
      reason: "there",
      liftAsked: null,
    };
    await store.freeze.begin(freeze);
    expect(life.freeze.freeze()).toBeNull();
    expect(await startDrain(life)).toMatchObject({ problem: { why: [{ code: "freeze" }] } });
  });

  test("each word is one record of the audit, and lifting what is not frozen is none", async () => {
    const life = await manager();
    await life.freeze.begin("ann", "smoke in row b");
    await life.freeze.begin("ben", "smoke, I say");
    await life.freeze.lift("ann", "it was a toaster", false);
    await life.freeze.lift("ben", "seen", false);
    expect(await life.freeze.lift("ben", "again", false)).toEqual({
      ok: false,
      problem: "not-frozen",
    });
    const records = await store.audit.read(1, 50);
    const words = records.filter(({ action }) => action.includes("freeze"));
    expect(words.map(({ action, actor }) => `${action} ${actor}`)).toEqual([
      "cell.freeze ann",
      "cell.unfreeze-ask ann",
      "cell.unfreeze ben",
    ]);
  });
});

test("in profile lab one person lifts it", async () => {
  const life = await manager();
  await life.freeze.begin("ann", "smoke in row b");
  expect(await life.freeze.lift("ann", "it was a toaster", true)).toEqual({
    ok: true,
    value: null,
  });
});

test("a full disk does not keep it from holding, also over a restart, and the store has it later", async () => {
  let isFull = true;
  let kept: Freeze | null = null;
  const file: FreezeFile = {
    read: () => kept,
    write(freeze) {
      kept = freeze;
    },
  };
  const full: LifeEffects["store"] = {
    ...store,
    freeze: {
      ...store.freeze,
      begin: async (freeze) => {
        if (isFull) throw new Error("database or disk is full");
        return store.freeze.begin(freeze);
      },
    },
  };
  const first = await manager({ store: full, freezeFile: file });
  const id = await drain(first);
  await clock.advance(50);
  await first.freeze.begin("ann", "smoke in row b");
  const before = await stored(id);
  await pass(longMs);
  expect(await stored(id)).toEqual(before);
  expect(await store.freeze.read()).toBeNull();
  await first.stop();
  const second = await manager({ store: full, freezeFile: file });
  expect(second.freeze.freeze()).toMatchObject({ by: "ann" });
  expect(second.isLeader()).toBe(true);
  isFull = false;
  await clock.advance(10_000);
  expect(await store.freeze.read()).toMatchObject({ by: "ann" });
  expect(kept).toBeNull();
  expect(await stored(id)).toEqual(before);
});

test("frozen at any moment of a drain, nothing moves until it is lifted, and then it ends well", () =>
  fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 120_000 }), async (afterMs) => {
      clock = createVirtualClock();
      store = await openMemoryStore(clock);
      await store.inventory.insertHost(someHost());
      const life = await manager();
      const id = await drain(life);
      await pass(afterMs);
      await life.freeze.begin("ann", "smoke in row b");
      const before = await stored(id);
      await pass(longMs);
      expect(await stored(id)).toEqual(before);
      await life.freeze.lift("ann", "over", true);
      await pass(longMs);
      expect(await stored(id)).toMatchObject({ status: "done" });
      await life.stop();
      opened.pop();
      await store.close();
      store = await openMemoryStore(clock);
    }),
    { numRuns: 12 },
  ));

describe("two managers of one cell", () => {
  /** The second one leads nothing, and whoever sees smoke does not ask which one does. */
  const two = async () => ({ leading: await manager(), other: await manager({ holder: "b" }) });

  test("one that leads hears within half a minute of a freeze that was said to the other", async () => {
    const { leading, other } = await two();
    expect(other.isLeader()).toBe(false);
    await other.freeze.begin("ann", "smoke in row b");
    expect(leading.freeze.freeze()).toBeNull();
    await pass(31_000);
    expect(leading.freeze.freeze()).toMatchObject({ by: "ann" });
  });

  test("one whose write is refused for it knows of it from then on", async () => {
    const { leading, other } = await two();
    await other.freeze.begin("ann", "smoke in row b");
    expect((await startDrain(leading)).ok).toBe(false);
    await clock.settle();
    expect(leading.freeze.freeze()).toMatchObject({ by: "ann" });
  });

  test("a freeze that is said where one seems to stand still, and was lifted elsewhere, stands", async () => {
    const { leading, other } = await two();
    await other.freeze.begin("ann", "smoke in row b");
    await leading.freeze.lift("ben", "a toaster", false);
    await leading.freeze.lift("cho", "seen", false);
    expect(await other.freeze.begin("dee", "smoke again")).toMatchObject({ by: "dee" });
    await pass(31_000);
    expect(await store.freeze.read()).toMatchObject({ by: "dee" });
    expect(leading.freeze.freeze()).toMatchObject({ by: "dee" });
  });
});
