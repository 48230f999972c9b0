import { expect, test } from "vitest";
import type { LifeStore } from "#fleet/lifecycle/life-store.ts";
import type { PlanAction, PlanRecord } from "#fleet/lifecycle/plan.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { ana, bob, drainFor } from "#test/support/plan-fleet.ts";
import { openPlanWorld, type PlanWorld } from "#test/support/plan-world.ts";
import { fc } from "#test/support/properties.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { compiledBudgets, siteLimit } from "./budget-limits.ts";

const reboot: PlanAction = { kind: "reboot", graceMs: 0 };
const shape = { sites: ["fra2", "nrt1"], racksPerRow: 4, hostsPerRack: 3, sharedFeeds: true };
const hosts = 24;

/** Counted by hand, from records and operations alone, at the moment of a start. */
async function expectWithinBudgets(world: PlanWorld): Promise<void> {
  const open = await world.open();
  const records = await world.life.manager().inventory.hosts();
  const byId = new Map(records.map((host) => [host.id, host]));
  const racks = new Map<string, number>();
  const lines = new Map<string, number>();
  const sites = new Map<string, number>();
  const busy = new Set<string>();
  for (const operation of open) {
    const position = byId.get(operation.hostId)?.position;
    if (operation.kind === "return" || position === null || position === undefined) continue;
    busy.add(operation.hostId);
    // One that was silent already when it began costs nothing.
    if (world.silentSince.has(operation.hostId) || operation.fromPhase !== "active") continue;
    const { site, row, rack } = position;
    racks.set(`${site}/${row}/${rack}`, (racks.get(`${site}/${row}/${rack}`) ?? 0) + 1);
    lines.set(`${site}/${row}`, (lines.get(`${site}/${row}`) ?? 0) + 1);
    sites.set(site, (sites.get(site) ?? 0) + 1);
  }
  for (const taken of racks.values()) expect(taken).toBeLessThanOrEqual(compiledBudgets.rack);
  for (const taken of lines.values()) expect(taken).toBeLessThanOrEqual(compiledBudgets.feed);
  for (const taken of sites.values())
    expect(taken).toBeLessThanOrEqual(siteLimit(compiledBudgets, hosts / 2));
}

/** How many of a site serve: the floor must hold wherever we took the last one. */
async function servingIn(world: PlanWorld, site: string): Promise<number> {
  const busy = new Set((await world.open()).map(({ hostId }) => hostId));
  const records = await world.life.manager().inventory.hosts();
  return records.filter(
    (host) =>
      host.position?.site === site &&
      host.phase === "active" &&
      !busy.has(host.id) &&
      !world.silentSince.has(host.id),
  ).length;
}

test("budgets are never exceeded, whoever starts what and whoever dies meanwhile (S5, L7)", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const random = createSeededRandom(seed);
      const world = await openPlanWorld({ shape });
      const plans: PlanRecord[] = [];
      const floors = new Map<string, number>();
      try {
        for (let step = 0; step < 40; step += 1) {
          const before = (await world.open()).length;
          for (const site of shape.sites) floors.set(site, await servingIn(world, site));
          await someStep(world, plans, random);
          await expectWithinBudgets(world);
          const after = (await world.open()).length;
          if (after <= before) continue;
          // Something began: no site is below its floor by what we took.
          for (const site of shape.sites) {
            const serving = await servingIn(world, site);
            if (serving < (floors.get(site) ?? 0))
              expect(serving).toBeGreaterThanOrEqual(Math.ceil((hosts / 2) * 0.7));
          }
        }
      } finally {
        await world.close();
      }
    }),
    { numRuns: 12 },
  );
}, 60_000);

async function someStep(
  world: PlanWorld,
  plans: PlanRecord[],
  random: ReturnType<typeof createSeededRandom>,
): Promise<void> {
  const action = random.chance(0.5) ? reboot : drainFor();
  const hostId = hostIdOf(1 + random.below(hosts));
  switch (random.below(8)) {
    case 0: {
      const hostIds = Array.from({ length: 1 + random.below(20) }, () =>
        hostIdOf(1 + random.below(hosts)),
      );
      const made = await world.plans().plan({ action, selector: "some", hostIds, asker: ana });
      if (!made.ok) return;
      const applied = await world.plans().apply(made.value.id, made.value.hash, ana);
      if (applied.ok) plans.push(applied.value);
      return;
    }
    case 1:
    case 2:
      // A single host, and a round of all plans, at the same time.
      await Promise.all([
        world.plans().gate.start({ hostId, action: drainFor(), planId: null, asker: bob }),
        world.plans().advance(),
        world.plans().gate.start({
          hostId: hostIdOf(1 + random.below(hosts)),
          action: drainFor(),
          planId: null,
          asker: ana,
        }),
      ]);
      return;
    case 3:
      for (const open of await world.open())
        if (random.chance(0.5))
          await world.end(open.hostId, random.chance(0.2) ? "link" : undefined);
      return;
    case 4: {
      const isBusy = (await world.open()).some((open) => open.hostId === hostId);
      if (world.silentSince.size < 2 && !isBusy)
        world.silentSince.set(hostId, world.life.clock.nowUnixMs() - 200_000);
      return;
    }
    case 5:
      await world.restart();
      return;
    case 6: {
      const plan = plans[random.below(Math.max(1, plans.length))];
      if (plan === undefined) return;
      if (random.chance(0.3)) await world.plans().cancel(plan.id, bob);
      else await world.plans().pause(plan.id, bob);
      if (random.chance(0.7)) await world.plans().resume(plan.id, bob);
      return;
    }
    default:
      await world.life.clock.advance(1_000 * (1 + random.below(300)));
  }
}

/** A store whose n-th commit fails: before it is written, or after, when its answer is lost. */
function failing(at: number, when: "before" | "after") {
  let commits = 0;
  let hasFailed = false;
  return {
    hasFailed: () => hasFailed,
    wrap: (store: LifeStore): LifeStore => ({
      ...store,
      commit: async (change) => {
        commits += 1;
        const isIt = commits === at;
        if (isIt) hasFailed = true;
        if (isIt && when === "before") throw new Error("killed before the commit");
        const written = await store.commit(change);
        if (isIt) throw new Error("killed after the commit");
        return written;
      },
    }),
  };
}

test.each(["before", "after"] as const)(
  "a manager that dies %s any one of its commits changes nothing in the outcome",
  async (when) => {
    let hasFailed = true;
    for (let at = 1; hasFailed; at += 1) {
      expect(at).toBeLessThan(100);
      const fault = failing(at, when);
      // The lifecycle and the plans write through one store that dies once.
      let wrapped: LifeStore | undefined;
      const world = await openPlanWorld({
        shape: { racksPerRow: 4, hostsPerRack: 2 },
        wrapStore: (store) => {
          wrapped ??= fault.wrap(store);
          return wrapped;
        },
      });
      const made = await again(world, () => world.plan([1, 3, 5], reboot));
      await again(world, () => world.apply(made));
      const begun = new Set<string>();
      for (let round = 0; round < 60; round += 1) {
        await again(world, () => world.plans().advance());
        if ((await world.find(made)).endedMs !== null) break;
        for (const { id, hostId } of await world.open()) {
          begun.add(id);
          await again(world, () => world.end(hostId), hostId);
        }
        await world.life.clock.advance(61_000);
      }
      const done = await world.find(made);
      expect([at, done.status, begun.size]).toEqual([at, "done", 3]);
      expect(done.hosts.every(({ state }) => state === "done")).toBe(true);
      hasFailed = fault.hasFailed();
      await world.close();
    }
  },
  60_000,
);

/** What dies is asked once more of the manager that comes after it. */
async function again<Value>(
  world: PlanWorld,
  run: () => Promise<Value>,
  hostId?: string,
): Promise<Value> {
  try {
    return await run();
  } catch {
    await world.restart();
    const isOver =
      hostId !== undefined && !(await world.open()).some((open) => open.hostId === hostId);
    return isOver ? (undefined as Value) : run();
  }
}
