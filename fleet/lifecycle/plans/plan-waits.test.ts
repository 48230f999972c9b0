import { expect, test } from "vitest";
import type { PlanRecord } from "#fleet/lifecycle/plan.ts";
import type { Why } from "#fleet/lifecycle/why.ts";
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
import type { PlanWorld } from "#test/support/plan-world.ts";

test("the canary goes alone, then is watched, and everything that waits says why", async () => {
  const world = await openWorldOfTest();
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
  const world = await openWorldOfTest();
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
  const world = await openWorldOfTest();
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

test("a domain event stops every start in its scope, and only there", async () => {
  const world = await openWorldOfTest();
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
  const world = await openWorldOfTest({ shape: { windows } });
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
  const world = await openWorldOfTest({ shape: { racksPerRow: 10, hostsPerRack: 1 } });
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
