import { expect, test } from "vitest";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { ana, bob, drainFor } from "#test/support/plan-fleet.ts";
import {
  openWorldOfTest,
  reboot,
  rounds,
  runToEnd,
  states,
  upTo,
} from "#test/support/plan-rounds.ts";

test("a plan is shown, applied by its hash, and runs to its end", async () => {
  const world = await openWorldOfTest();
  const plan = await world.plan(upTo(6), reboot);
  expect(plan).toMatchObject({ status: "planned", version: 1 });
  await world.apply(plan);
  const done = await runToEnd(world, plan);
  expect(done.status).toBe("done");
  expect(states(done, "done")).toBe(6);
});

test("a drain asked again through a plan is the same drain, and a forced one makes it stronger", async () => {
  const world = await openWorldOfTest();
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
  const world = await openWorldOfTest();
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
  const world = await openWorldOfTest();
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
  const world = await openWorldOfTest();
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
  const world = await openWorldOfTest();
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
  const world = await openWorldOfTest();
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

test("a manager whose term is over begins nothing and writes nothing (S11)", async () => {
  const world = await openWorldOfTest();
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
  const world = await openWorldOfTest();
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
