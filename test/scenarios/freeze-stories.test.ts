import { afterEach, beforeEach, expect, test } from "vitest";
import { openScenario, type Scenario } from "#test/support/scenario-world.ts";

let story: Scenario;
beforeEach(async () => {
  story = await openScenario();
});
afterEach(() => story.close());

test("a plan stands still while the cell is frozen, and goes on from where it was", async () => {
  for (let unit = 1; unit <= 8; unit += 1) {
    const host = await story.addHost(`web-${unit}`, { rack: `rack-0${unit}` });
    story.addWorkload(host, "systemd:shop.service", 20_000);
  }
  await story.addColleague("ada", { role: "operator", scope: "all" });
  await story.addColleague("ben", { role: "operator", scope: "all" });
  const drain = 'host drain web-1,web-2 --reason "new PDU" --yes';
  expect(await story.type(drain, { as: "ada" })).toBe(0);
  await story.later(60_000);
  await story.type('freeze --reason "smoke in row b"', { as: "ben" });
  await story.later(3_600_000);
  const plan = await story.planId();
  await story.type(`plan show ${plan}`, { as: "ada" });
  await story.type('unfreeze --reason "a toaster"', { as: "ben" });
  await story.type('unfreeze --reason "a toaster"', { as: "ada" });
  await story.later(60_000);
  expect(await story.type(`plan watch ${plan} --timeout 30m`, { as: "ada" })).toBe(0);
  await expect(await story.transcript()).toMatchFileSnapshot("./golden/freeze-in-a-plan.txt");
});

test("an operator freezes the cell in the middle of a drain, and two lift it", async () => {
  const host = await story.addHost("web-1");
  await story.addHost("web-2");
  story.addWorkload(host, "systemd:shop.service", 120_000);
  await story.addColleague("ada", { role: "operator", scope: "all" });
  await story.addColleague("ben", { role: "operator", scope: "all" });
  await story.addColleague("vera", { role: "viewer", scope: "all" });
  expect(await story.type('host drain web-1 --reason "new PDU" --yes', { as: "ada" })).toBe(0);
  await story.later(5_000);
  const why = 'freeze --reason "smoke in row b"';
  expect(await story.type(why, { as: "vera" })).toBe(4);
  expect(await story.type(why, { as: "ben" })).toBe(0);
  expect(await story.type('host drain web-2 --reason "new PDU" --yes', { as: "ada" })).toBe(5);
  await story.later(600_000);
  await story.type("host explain web-1", { as: "ada" });
  const lift = 'unfreeze --reason "it was a toaster"';
  expect(await story.type(lift, { as: "ben" })).toBe(0);
  expect(await story.type(lift, { as: "ben" })).toBe(5);
  expect(await story.type('unfreeze --reason "seen it too"', { as: "ada" })).toBe(0);
  await story.later(300_000);
  await story.type("host list web-1 -o name", { as: "ada" });
  await story.type("op list --host web-1", { as: "ada" });
  await expect(await story.transcript()).toMatchFileSnapshot("./golden/freeze.txt");
});
