import { afterEach, beforeEach, expect, test } from "vitest";
import { openScenario, type Scenario } from "#test/support/scenario-world.ts";

let story: Scenario;
beforeEach(async () => {
  story = await openScenario();
  for (let unit = 1; unit <= 6; unit += 1)
    await story.addHost(`web-${unit}`, { rack: `rack-0${unit}` });
});
afterEach(() => story.close());

type Typed = Parameters<Scenario["type"]>;
const ends = async (code: number, ...typed: Typed): Promise<void> =>
  expect(await story.type(...typed), await story.transcript()).toBe(code);
const tells = async (name: string): Promise<void> =>
  expect(await story.transcript()).toMatchFileSnapshot(`./golden/${name}.txt`);
const dry = 'host drain web-1,web-2,web-3 --reason "new PDU" --dry-run -o name';

test("a plan is made, shown and applied later, and canceled half way", async () => {
  for (const { id } of await story.world.parts.inventory.hosts())
    story.addWorkload(id, "systemd:shop.service", 60_000);
  await ends(0, dry);
  const plan = await story.planId();
  await story.type("plan list");
  await ends(0, `plan apply ${plan}`);
  await story.later(120_000);
  await ends(0, `plan cancel ${plan} --reason "the PDU did not come"`);
  await story.type(`plan show ${plan}`);
  await ends(5, `plan resume ${plan} --reason "it came"`);
  await ends(5, `plan apply ${plan}`);
  await story.later(600_000);
  await story.type("op list");
  await tells("plan-canceled");
});

test("a plan whose hosts have moved since, and one that is too old", async () => {
  await story.type(dry);
  const moved = await story.planId();
  await story.type('host cordon web-2 --reason "somebody works on it" -o name');
  await ends(5, `plan apply ${moved}`);
  await story.later(1_000);
  await story.type(dry);
  const old = await story.planId();
  await story.later(25 * 3_600_000);
  await ends(5, `plan apply ${old}`);
  await ends(3, "plan apply 01980000-0000-7000-8000-000000000000");
  await tells("plan-too-late");
}, 60_000);

test("an operation is paused, resumed and followed", async () => {
  const [host] = await story.world.parts.inventory.hosts();
  if (host === undefined) throw new Error("no host");
  story.addWorkload(host.id, "systemd:shop.service", 120_000);
  await story.type(`host drain ${host.name} --reason "fan 3 is loud" --yes`);
  await story.later(10_000);
  const operation = await story.operationId();
  await ends(0, `op pause ${operation} --reason "the shop has a sale"`);
  await story.type(`op show ${operation}`);
  await ends(6, `op watch ${operation}`);
  await ends(0, `op resume ${operation} --reason "the sale is over"`);
  await ends(0, `op watch ${operation}`);
  await ends(5, `op pause ${operation} --reason "too late"`);
  await tells("op-paused");
});
