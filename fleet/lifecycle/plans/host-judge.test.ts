import { afterEach, expect, test } from "vitest";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { openPlanWorld, type PlanWorld } from "#test/support/plan-world.ts";
import type { LifeExplanation } from "../lifecycle.ts";
import { withPlans } from "../explain-life.ts";

const worlds: PlanWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});
async function open(options: Parameters<typeof openPlanWorld>[0] = {}): Promise<PlanWorld> {
  const world = await openPlanWorld(options);
  worlds.push(world);
  return world;
}

async function explain(world: PlanWorld, number: number): Promise<LifeExplanation> {
  const hostId = hostIdOf(number);
  const told = await world.life.manager().lifecycle.explain(hostId);
  if (told === undefined) throw new Error("no such host");
  return withPlans(told, await world.plans().judge(hostId));
}
const verbOf = ({ verbs }: LifeExplanation, verb: string) => {
  const found = verbs.find((one) => one.verb === verb);
  return { isAllowed: found?.isAllowed, codes: found?.why.map(({ code }) => code) };
};
const domainWhy = {
  code: "domain-event",
  words: "5 of 10 hosts of rack fra2/row-a/rack-01 were lost together",
  who: "an operator",
  command: "wws-fleet alert acknowledge ID --reason REASON",
  untilMs: null,
} as const;

test("a host that nothing stands against may be drained and waits for nothing", async () => {
  const world = await open();
  const told = await explain(world, 1);
  expect(verbOf(told, "drain")).toEqual({ isAllowed: true, codes: [] });
  expect(told.waitsFor).toEqual([]);
});

test("the budget of a host's rack is explained for its neighbour, not for the one that is out", async () => {
  const world = await open();
  const plan = await world.plan([1]);
  await world.apply(plan);
  await world.plans().advance();
  expect(await world.open()).toHaveLength(1);
  expect(verbOf(await explain(world, 2), "drain")).toEqual({
    isAllowed: false,
    codes: ["budget"],
  });
  expect(verbOf(await explain(world, 1), "drain").codes).not.toContain("budget");
  expect(verbOf(await explain(world, 11), "drain").isAllowed).toBe(true);
});

test("what an applied plan waits for is what its host waits for", async () => {
  const world = await open();
  const plan = await world.plan([1, 2, 3]);
  await world.apply(plan);
  await world.plans().advance();
  const waiting = (await world.find(plan)).hosts.find(({ state }) => state === "waiting");
  if (waiting === undefined) throw new Error("all begin at once");
  const told = await world.life.manager().lifecycle.explain(waiting.hostId);
  if (told === undefined) throw new Error("no such host");
  const { waitsFor } = withPlans(told, await world.plans().judge(waiting.hostId));
  expect(waitsFor.length).toBeGreaterThan(0);
  expect(waitsFor).toEqual(world.plans().waiting(plan, waiting));
});

test("a domain event is told once, as what the host waits for and for each verb", async () => {
  const world = await open();
  world.stopped = (host) => (host.id === hostIdOf(1) ? domainWhy : null);
  const told = await explain(world, 1);
  expect(told.waitsFor).toEqual([domainWhy]);
  expect(verbOf(told, "drain")).toEqual({ isAllowed: false, codes: ["domain-event"] });
  expect(verbOf(told, "reboot")).toEqual({ isAllowed: false, codes: ["domain-event"] });
  expect((await explain(world, 2)).waitsFor).toEqual([]);
});

test("a host that is gone waits for nothing", async () => {
  const world = await open();
  expect(await world.plans().judge(hostIdOf(9_999))).toEqual({ waits: [], verbs: new Map() });
});
