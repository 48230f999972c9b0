import { afterEach, beforeEach, expect, test } from "vitest";
import { unjudged } from "#fleet/health/finding.ts";
import type { Verdict } from "#fleet/health/verdict.ts";
import { createInventory } from "#fleet/inventory/create-inventory.ts";
import { createEventBus } from "#fleet/inventory/event-bus.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import { labPolicy } from "#fleet/lifecycle/plans/plan-policy.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { ann, ben, drainAction } from "#test/support/drain-builders.ts";
import { hostIdOf, hostRecord, testCell } from "#test/support/inventory-builders.ts";
import { someHost } from "#test/support/life-world.ts";
import { openMemoryStore } from "#test/support/memory-store.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createSimulatedHostPort } from "#test/support/simulated-host-port.ts";
import { createVirtualClock, type VirtualClock } from "#test/support/virtual-clock.ts";
import { type Life, type LifeEffects, openLife } from "./start-life.ts";

const hostId = hostIdOf(1);
const hold = { hostId, kind: "protect", expiresMs: null, reviewMs: null, forWhom: null } as const;

let clock: VirtualClock;
let store: Awaited<ReturnType<typeof openMemoryStore>>;
let opened: Life[];
/** Of every host, as health judges it now. */
let verdict: Verdict;
beforeEach(async () => {
  verdict = "unknown";
  clock = createVirtualClock();
  store = await openMemoryStore(clock);
  await store.inventory.insertHost(someHost());
  opened = [];
});
afterEach(async () => {
  for (const life of opened) await life.stop();
  await store.close();
});

async function manager(
  holder: string,
  differs: Partial<LifeEffects["store"]> = {},
): Promise<{ life: Life; inventory: Inventory }> {
  const events = createEventBus(silentLog);
  const parts = { cell: testCell, store: store.inventory, clock, events, log: silentLog };
  const inventory = createInventory(parts);
  const random = createSeededRandom(opened.length + 1);
  const life = await openLife({
    store: { ...store, ...differs },
    inventory,
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
      view: () => ({ ...unjudged, verdict }),
      lastReboot: () => null,
      explain: () => ({ ...unjudged, pending: [], rules: [] }),
      events: async () => [],
    },
    hosts: createSimulatedHostPort(clock, random.fork("port")),
    notify: { tell: async () => ({ isDelivered: true, detail: "told" }) },
    events,
    clock,
    random,
    log: silentLog,
    holder,
    policy: labPolicy,
    management: () => new Set(),
  });
  opened.push(life);
  return { life, inventory };
}

const until = async (holds: () => boolean): Promise<void> => {
  for (let second = 0; second < 120 && !holds(); second += 1) await clock.advance(1_000);
  expect(holds()).toBe(true);
};

test("who takes over goes on with the hosts as the other manager left them", async () => {
  const first = await manager("a");
  const second = await manager("b");
  await first.life.start();
  await second.life.start();
  const drain = await first.life.lifecycle.start({
    hostId,
    action: drainAction(),
    planId: null,
    asker: ann,
  });
  if (!drain.ok) throw new Error(drain.problem.kind);
  expect(await first.life.lifecycle.pause(drain.value.id, ann)).toMatchObject({ ok: true });
  await store.inventory.insertHost(hostRecord(2));
  await clock.advance(2_000);
  await first.life.stop();
  await until(second.life.isLeader);
  expect((await second.inventory.hosts()).map(({ name }) => name)).toEqual(["host-1", "host-2"]);
  expect(await second.inventory.host(hostId)).toMatchObject({ op: { id: drain.value.id } });
  expect(await second.life.lifecycle.addHold(hold, ben)).toMatchObject({ ok: true });
  expect(await second.life.lifecycle.cancel(drain.value.id, ben)).toMatchObject({
    value: { status: "canceled" },
  });
});

test("nothing is written while what another manager wrote is read, so nothing of it is forgotten", async () => {
  let letGo = (): void => {};
  let isListed = false;
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const first = await manager("a");
  await first.life.start();
  const slow = {
    ...store.lifecycle,
    async listHolds() {
      const listed = await store.lifecycle.listHolds();
      if (opened.length < 2) return listed;
      isListed = true;
      await gate;
      return listed;
    },
  };
  const second = await manager("b", { lifecycle: slow });
  await second.life.start();
  await first.life.stop();
  await until(() => isListed);
  const early = await second.life.lifecycle.addHold(hold, ben);
  letGo();
  await until(second.life.isLeader);
  const host = await second.inventory.host(hostId);
  if (host === undefined) throw new Error("no host");
  const holds = () => second.life.lifecycle.view(host).holds.map(({ kind }) => kind);
  expect([early.ok, holds()]).toEqual([false, []]);
  expect(
    await second.life.tenancy.addTenant({ name: "acme", webhook: null, by: "ann" }),
  ).toMatchObject({ ok: true });
  expect(await second.life.lifecycle.addHold(hold, ben)).toMatchObject({ ok: true });
  expect(holds()).toEqual(["protect"]);
});

test("a fault that was over while the store was not trusted is taken away when it is", async () => {
  verdict = "failing";
  const before = await manager("a");
  await before.life.start();
  await clock.settle();
  expect(await store.lifecycle.listHolds()).toMatchObject([{ kind: "fault" }]);
  await before.life.stop();
  const term = before.life.term() + 9;
  await store.safeMode.enter({ seenTerm: term, hosts: [], atMs: clock.nowUnixMs() });
  verdict = "ok";
  const { life } = await manager("b");
  await life.start();
  await clock.settle();
  expect(await store.lifecycle.listHolds()).toHaveLength(1);
  await life.safeMode.acknowledge("ada", "looked at the difference");
  await life.safeMode.acknowledge("bob", "looked too");
  expect(await store.lifecycle.listHolds()).toEqual([]);
});

test("what stands still because the store is not trusted says so, until two people told any manager", async () => {
  const { life } = await manager("a");
  const other = await manager("b");
  await life.start();
  const ask = { hostId, action: drainAction(), planId: null, asker: ann } as const;
  const drain = await life.lifecycle.start(ask);
  const made = await life.plans.plan({ ...ask, selector: "host-1", hostIds: [hostId] });
  if (!drain.ok || !made.ok) throw new Error(JSON.stringify([drain, made]));
  const [planned] = made.value.hosts;
  if (planned === undefined) throw new Error("a plan without hosts");
  // The one host of the cell knows a term that this store never had.
  life.safeMode.told(hostId, 7);
  await until(() => life.safeMode.mode() !== null && life.isLeader());
  const says = async () => ({
    operation: (await life.lifecycle.operation(drain.value.id))?.why.map(({ code }) => code),
    host: (await life.lifecycle.explain(hostId))?.waitsFor.map(({ code }) => code),
    plan: life.plans.waiting(made.value, planned).map(({ code }) => code),
  });
  const held = expect.arrayContaining(["safe-mode"]);
  expect(await says()).toEqual({ operation: held, host: held, plan: ["safe-mode"] });
  await other.life.safeMode.acknowledge("ann", "compared");
  await other.life.safeMode.acknowledge("ben", "compared too");
  await until(() => life.safeMode.mode() === null);
  const { operation, host, plan } = await says();
  expect([operation, host, plan].flat()).not.toContain("safe-mode");
});
