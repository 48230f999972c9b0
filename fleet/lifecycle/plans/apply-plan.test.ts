import { expect, test } from "vitest";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { ana, bob } from "#test/support/plan-fleet.ts";
import { openWorldOfTest, reboot, states, upTo } from "#test/support/plan-rounds.ts";
import type { PlanWorld } from "#test/support/plan-world.ts";

test("apply refuses another hash, an altered list, and one that is too old", async () => {
  const world = await openWorldOfTest();
  const plan = await world.plan([1, 2]);
  const other = await world.plans().apply(plan.id, "0".repeat(64), ana);
  expect(other).toMatchObject({ problem: { kind: "refused", why: [{ code: "plan" }] } });
  await world.life.clock.advance(24 * 3_600_000 + 1);
  expect((await world.plans().apply(plan.id, plan.hash, ana)).ok).toBe(false);
  expect((await world.find(plan)).status).toBe("expired");
});

test("a list that was edited after the plan was made is refused (F33)", async () => {
  const world = await openWorldOfTest();
  const plan = await world.plan([1, 2]);
  const [first] = plan.hosts;
  if (first === undefined) throw new Error("no host");
  await world.life.store.lifecycle.commit({
    plans: [
      {
        record: { ...plan, hosts: [...plan.hosts, { ...first, hostId: hostIdOf(99) }], version: 2 },
        expectedVersion: 1,
      },
    ],
    term: 1,
    audit: {
      atMs: plan.createdMs,
      actor: "thief",
      actorKind: "person",
      action: "plan.edit",
      outcome: "done",
      subject: { kind: "plan", id: plan.id, name: "", serial: null, rack: null },
      reason: null,
      planHash: null,
      facts: {},
    },
  });
  const refused = await world.plans().apply(plan.id, plan.hash, ana);
  expect(JSON.stringify(refused)).toContain("altered after it was made");
});

async function move(world: PlanWorld, number: number): Promise<void> {
  const asker = { ...ana, reason: "mine" };
  const hostId = hostIdOf(number);
  const { lifecycle } = world.life.manager();
  await lifecycle.setWatchedOnly(hostId, true, asker);
}

test("a canary that moved since, or more than 5 % of the hosts, void the plan", async () => {
  const world = await openWorldOfTest();
  const plan = await world.plan(upTo(40), reboot);
  const canary = plan.hosts.find(({ wave }) => wave === 0);
  const others = plan.hosts.filter(({ wave }) => wave > 0).map(({ name }) => Number(name.slice(5)));
  await move(world, others[0] ?? 0);
  await move(world, others[1] ?? 0);
  const fine = await world.plan(upTo(40), reboot);
  expect(states(fine, "skipped")).toBe(2);
  const two = await world.plans().apply(plan.id, plan.hash, ana);
  expect(two.ok && states(two.value, "skipped")).toBe(2);

  await move(world, others[2] ?? 0);
  await move(world, others[3] ?? 0);
  await move(world, others[4] ?? 0);
  const three = await world.plans().apply(fine.id, fine.hash, ana);
  expect(three).toMatchObject({ problem: { why: [{ code: "moved" }] } });

  const again = await world.plan(upTo(30), reboot);
  await move(world, Number(canary?.name.slice(5)));
  const refused = await world.plans().apply(again.id, again.hash, ana);
  expect(JSON.stringify(refused)).toContain("the canary moved");
});

test("hosts that fell silent since make what is known of them old: the apply is refused", async () => {
  const world = await openWorldOfTest();
  const plan = await world.plan(upTo(20));
  for (const number of [5, 6])
    world.silentSince.set(hostIdOf(number), world.life.clock.nowUnixMs());
  await world.life.clock.advance(100_000);
  const refused = await world.plans().apply(plan.id, plan.hash, ana);
  expect(refused).toMatchObject({ problem: { why: [{ code: "stale" }] } });
});

test("where the policy wants two people, the maker's own apply is not enough", async () => {
  const world = await openWorldOfTest({ policy: { approval: "second-person" } });
  const plan = await world.plan(upTo(26), reboot);
  const alone = await world.plans().apply(plan.id, plan.hash, ana);
  expect(alone).toMatchObject({ problem: { why: [{ code: "approval" }] } });
  const both = await world.plans().apply(plan.id, plan.hash, bob);
  expect(both).toMatchObject({ ok: true, value: { appliedBy: "bob" } });
  // To let it go on is to say so for another day.
  expect(await world.plans().pause(plan.id, ana)).toMatchObject({ ok: true });
  expect(await world.plans().resume(plan.id, ana)).toMatchObject({
    problem: { why: [{ code: "approval", untilMs: null }] },
  });
  expect(await world.plans().resume(plan.id, bob)).toMatchObject({ value: { status: "applying" } });
  const small = await world.plan([50], reboot);
  expect((await world.plans().apply(small.id, small.hash, ana)).ok).toBe(true);
});
