import { afterEach, expect, test } from "vitest";
import type { PlanRecord } from "#fleet/lifecycle/plan.ts";
import type { Why } from "#fleet/lifecycle/why.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { ana, bob, drainFor } from "#test/support/plan-fleet.ts";
import { openPlanWorld, type PlanWorld } from "#test/support/plan-world.ts";

const worlds: PlanWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});
async function open(options: Parameters<typeof openPlanWorld>[0] = {}): Promise<PlanWorld> {
  const world = await openPlanWorld(options);
  worlds.push(world);
  return world;
}

const reboot = { kind: "reboot", graceMs: 0 } as const;
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at + 1);
const states = (plan: PlanRecord, state: string): number =>
  plan.hosts.filter((host) => host.state === state).length;
/** Rounds of the plans until nothing more begins by itself. */
async function rounds(world: PlanWorld, count = 1): Promise<void> {
  for (let at = 0; at < count; at += 1) await world.plans().advance();
}

async function runToEnd(world: PlanWorld, plan: PlanRecord, roundsMax = 400): Promise<PlanRecord> {
  for (let at = 0; at < roundsMax; at += 1) {
    await world.plans().advance();
    const now = await world.find(plan);
    if (now.endedMs !== null) return now;
    for (const { hostId } of await world.open()) await world.end(hostId);
    await world.life.clock.advance(61_000);
  }
  throw new Error("it never ended");
}

test("a plan is shown, applied by its hash, and runs to its end", async () => {
  const world = await open();
  const plan = await world.plan(upTo(6), reboot);
  expect(plan).toMatchObject({ status: "planned", version: 1 });
  await world.apply(plan);
  const done = await runToEnd(world, plan);
  expect(done.status).toBe("done");
  expect(states(done, "done")).toBe(6);
});

test("the canary goes alone, then is watched, and everything that waits says why", async () => {
  const world = await open();
  const plan = await world.plan(upTo(30), reboot);
  await world.apply(plan);
  await rounds(world);
  let now = await world.find(plan);
  expect(states(now, "running")).toBe(1);
  const later = now.hosts.find(({ wave }) => wave === 1);
  if (later === undefined) throw new Error("no second wave");
  expect(world.plans().waiting(now, later)[0]?.words).toBe("wave 1 comes after the canary");
  const [canary] = await world.open();
  if (canary === undefined) throw new Error("no canary");
  await world.end(canary.hostId);
  await rounds(world);
  now = await world.find(plan);
  expect(states(now, "running")).toBe(0);
  expect(world.plans().waiting(now, later)[0]).toMatchObject({
    words: "the canary is watched before wave 1 begins",
    untilMs: world.life.clock.nowUnixMs() + 120_000,
  });
  await world.life.clock.advance(121_000);
  expect(states(await world.find(plan), "running")).toBeGreaterThan(0);
});

test("every waiting host of every round has a reason with an exit", async () => {
  const world = await open();
  const plan = await world.plan(upTo(40), reboot);
  await world.apply(plan);
  for (let round = 0; round < 30; round += 1) {
    await rounds(world);
    const now = await world.find(plan);
    for (const host of now.hosts) {
      if (host.state !== "waiting") continue;
      const why = world.plans().waiting(now, host);
      expect(why.length).toBeGreaterThan(0);
      for (const { words, who } of why) expect(words !== "" && who !== "").toBe(true);
    }
    const [first] = await world.open();
    if (first !== undefined) await world.end(first.hostId);
    await world.life.clock.advance(20_000);
  }
});

test("budgets are shared with another plan and with a single host: who comes later waits (F34)", async () => {
  const world = await open();
  const single = await world.plans().gate.start({
    hostId: hostIdOf(1),
    action: drainFor(),
    planId: null,
    asker: ana,
  });
  expect(single.ok).toBe(true);
  const plan = await world.plan([2], reboot);
  await world.apply(plan);
  await rounds(world);
  const now = await world.find(plan);
  expect(states(now, "running")).toBe(0);
  expect(now.why.map(({ code }) => code)).toEqual(["budget"]);
  expect(world.plans().waitsOf(hostIdOf(2))).toMatchObject([
    { planId: plan.id, why: [{ code: "budget" }] },
  ]);
  expect(await world.plans().gate.whyNot(hostIdOf(3), "drain")).toMatchObject([{ code: "budget" }]);
  const refused = await world.plans().gate.start({
    hostId: hostIdOf(3),
    action: drainFor(),
    planId: null,
    asker: ana,
  });
  expect(refused).toMatchObject({ problem: { kind: "refused", why: [{ code: "budget" }] } });
  await world.end(hostIdOf(1));
  await rounds(world);
  expect(states(await world.find(plan), "running")).toBe(1);
});

test("a drain asked again through a plan is the same drain, and a forced one makes it stronger", async () => {
  const world = await open();
  const first = await world.plan([1]);
  await world.apply(first);
  await rounds(world);
  const [running] = await world.open();
  const again = await world.plan([1]);
  await world.apply(again);
  await rounds(world);
  const forced = await world.plan([1], drainFor({ force: true, deadlineMs: 600_000 }));
  await world.apply(forced);
  await rounds(world);
  const now = await world.open();
  expect(now.map(({ id }) => id)).toEqual([running?.id]);
  expect(now[0]?.detail).toMatchObject({ kind: "drain", force: true });
  await world.end(hostIdOf(1));
  await rounds(world);
  for (const plan of [first, again, forced]) expect((await world.find(plan)).status).toBe("done");
});

test("pause begins nothing more, resume goes on, and both may be said twice", async () => {
  const world = await open();
  const plan = await world.plan(upTo(10), reboot);
  await world.apply(plan);
  await rounds(world);
  expect((await world.plans().pause(plan.id, bob)).ok).toBe(true);
  expect((await world.plans().pause(plan.id, bob)).ok).toBe(true);
  const [canary] = await world.open();
  await world.end(canary?.hostId ?? hostIdOf(0));
  await world.life.clock.advance(600_000);
  const paused = await world.find(plan);
  expect([paused.status, states(paused, "done"), states(paused, "running")]).toEqual([
    "paused",
    1,
    0,
  ]);
  expect(paused.why[0]?.words).toContain("paused by bob");
  await world.plans().resume(plan.id, ana);
  await rounds(world);
  expect(states(await world.find(plan), "running")).toBeGreaterThan(0);
});

test("cancel ends what waits, and what runs where that can be taken back", async () => {
  const world = await open();
  const plan = await world.plan(upTo(10));
  await world.apply(plan);
  await rounds(world);
  const canceled = await world.plans().cancel(plan.id, bob);
  expect(canceled).toMatchObject({ ok: true, value: { status: "canceled" } });
  expect(await world.open()).toEqual([]);
  await rounds(world, 2);
  const now = await world.find(plan);
  expect(states(now, "skipped")).toBe(10);
  expect(now.hosts.every(({ why }) => why.length > 0)).toBe(true);
  expect((await world.plans().cancel(plan.id, bob)).ok).toBe(true);
  expect((await world.plans().resume(plan.id, bob)).ok).toBe(false);
});

test("a canary that breaks ends the plan before anything else is touched", async () => {
  const world = await open();
  const plan = await world.plan(upTo(20), reboot);
  await world.apply(plan);
  await rounds(world);
  const [canary] = await world.open();
  await world.end(canary?.hostId ?? hostIdOf(0), "deadline");
  await rounds(world);
  const now = await world.find(plan);
  expect(now.status).toBe("stopped");
  expect(now.why[0]?.words).toMatch(/^the canary host-\d+ failed: it failed by deadline$/);
  expect(states(now, "waiting")).toBe(19);
});

test("a canary whose operation somebody canceled showed nothing, and the plan ends", async () => {
  const world = await open();
  const plan = await world.plan(upTo(20));
  await world.apply(plan);
  await rounds(world);
  const [canary] = await world.open();
  if (canary === undefined) throw new Error("no canary");
  await world.life.manager().lifecycle.cancel(canary.id, bob);
  await rounds(world, 2);
  expect((await world.find(plan)).status).toBe("stopped");
});

test("a failure on the way is tried again after a minute, and the plan goes on", async () => {
  const world = await open();
  const plan = await world.plan(upTo(3), reboot);
  await world.apply(plan);
  await rounds(world);
  const [first] = await world.open();
  if (first === undefined) throw new Error("no canary");
  await world.end(first.hostId, "link");
  await rounds(world);
  const waiting = (await world.find(plan)).hosts.find(({ hostId }) => hostId === first.hostId);
  expect(waiting?.state).toBe("waiting");
  expect(waiting?.why[0]?.words).toContain("try 1 of 2 failed on the way");
  await world.life.clock.advance(61_000);
  const done = await runToEnd(world, plan);
  expect([done.status, states(done, "done")]).toEqual(["done", 3]);
});

test("a domain event stops every start in its scope, and only there", async () => {
  const world = await open();
  const why: Why = {
    code: "domain-event",
    words: "rack fra2/row-a/rack-02 went dark",
    who: "an operator",
    command: null,
    untilMs: null,
  };
  world.stopped = (host) => (host.position?.rack === "rack-02" ? why : null);
  const plan = await world.plan([1, 11], reboot);
  await world.apply(plan);
  const blocked = await runUntilStill(world, plan);
  expect(states(blocked, "waiting")).toBe(1);
  const host = blocked.hosts.find(({ state }) => state === "waiting");
  if (host === undefined) throw new Error("nothing waits");
  expect(world.plans().waiting(blocked, host)[0]?.code).toBe("domain-event");
  world.stopped = () => null;
  expect((await runToEnd(world, plan)).status).toBe("done");
});

async function runUntilStill(world: PlanWorld, plan: PlanRecord): Promise<PlanRecord> {
  for (let at = 0; at < 10; at += 1) {
    await rounds(world);
    for (const { hostId } of await world.open()) await world.end(hostId);
    await world.life.clock.advance(121_000);
  }
  return world.find(plan);
}

test("a site's maintenance window is waited for, by the clock of the site", async () => {
  // The world begins on Monday at 09:00 in Berlin.
  const windows = [{ days: [1], fromMinute: 600, toMinute: 660 }];
  const world = await open({ shape: { windows } });
  const plan = await world.plan([1], reboot);
  await world.apply(plan);
  await rounds(world);
  const before = await world.find(plan);
  expect(before.why[0]).toMatchObject({ code: "window", untilMs: before.createdMs + 3_600_000 });
  await world.life.clock.advance(3_600_000);
  await rounds(world);
  expect(states(await world.find(plan), "running")).toBe(1);
  const degraded = await world.plan([31], drainFor({ drain: "degraded" }));
  expect(degraded.warnings.join()).not.toContain("window");
});

test("nothing begins a day after the apply until somebody says so again", async () => {
  const world = await open({ shape: { racksPerRow: 10, hostsPerRack: 1 } });
  const plan = await world.plan(upTo(3), drainFor({ deadlineMs: 14 * 86_400_000 }));
  await world.apply(plan);
  await rounds(world);
  const [canary] = await world.open();
  // Nobody looks at it meanwhile: the manager is away.
  await world.plans().stop();
  await world.life.clock.advance(25 * 3_600_000);
  await world.restart();
  await rounds(world);
  const over = await world.find(plan);
  expect([over.status, over.why[0]?.code]).toEqual(["paused", "approval"]);
  await world.end(canary?.hostId ?? hostIdOf(0));
  await world.plans().resume(plan.id, bob);
  await rounds(world);
  await world.life.clock.advance(121_000);
  expect(states(await world.find(plan), "running")).toBe(1);
});

test("a manager whose term is over begins nothing and writes nothing (S11)", async () => {
  const world = await open();
  const plan = await world.plan(upTo(4), reboot);
  await world.apply(plan);
  const other = await world.plan([50], reboot);
  const { leader } = world.life.store;
  const nowMs = world.life.clock.nowUnixMs();
  await leader.lead({ holder: "old", nowMs, untilMs: unixMs(nowMs + 1) });
  const taken = await leader.lead({
    holder: "new",
    nowMs: unixMs(nowMs + 2),
    untilMs: unixMs(nowMs + 1e9),
  });
  expect(taken.term).toBeGreaterThan(world.life.term);
  await rounds(world, 3);
  expect(await world.open()).toEqual([]);
  expect((await world.plans().pause(plan.id, bob)).ok).toBe(false);
  const late = await world.plans().apply(other.id, other.hash, ana);
  expect(late).toMatchObject({ problem: { kind: "conflict" } });
  world.life.term = taken.term;
  expect((await runToEnd(world, plan)).status).toBe("done");
});

test("a manager that is replaced after every single round changes nothing in the outcome", async () => {
  const world = await open();
  const plan = await world.plan(upTo(8), reboot);
  await world.apply(plan);
  const begun: string[] = [];
  for (let at = 0; at < 200; at += 1) {
    await world.restart();
    await rounds(world);
    const now = await world.find(plan);
    if (now.endedMs !== null) break;
    for (const { id, hostId } of await world.open()) {
      if (!begun.includes(id)) begun.push(id);
      await world.end(hostId);
    }
    await world.life.clock.advance(61_000);
  }
  const done = await world.find(plan);
  expect([done.status, states(done, "done"), begun.length]).toEqual(["done", 8, 8]);
});
