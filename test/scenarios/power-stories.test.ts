import { afterEach, beforeEach, expect, test } from "vitest";
import { openScenario, type Scenario } from "#test/support/scenario-world.ts";

let story: Scenario;
beforeEach(async () => {
  story = await openScenario();
});
afterEach(() => story.close());

const tells = async (name: string): Promise<void> =>
  expect(await story.transcript()).toMatchFileSnapshot(`./golden/${name}.txt`);

test("an operator switches a host off and on, and reads what its BMC says", async () => {
  const bmc = story.giveBmc(await story.addHost("web-1"));
  expect(await story.type("host power status web-1")).toBe(0);
  await story.later(10_000);
  const off = 'host power off web-1 --reason "the PDU is changed" --wait';
  expect(await story.type(off, { says: "y" })).toBe(0);
  expect(bmc.isOn).toBe(false);
  await story.later(10_000);
  expect(await story.type("host power status web-1")).toBe(0);
  const on = 'host power on web-1 --reason "the PDU is changed" --wait --yes';
  expect(await story.type(on)).toBe(0);
  expect(bmc.isOn).toBe(true);
  await tells("power-off-and-on");
});

test("a BMC that says ok and does nothing is not believed", async () => {
  const bmc = story.giveBmc(await story.addHost("web-1"));
  bmc.lies.ignoredOrders = 99;
  const off = 'host power off web-1 --reason "it hangs" --wait';
  const code = await story.type(off);
  expect(code).toBe(1);
  expect(bmc.taken).toEqual(["off", "off", "off", "off"]);
  await tells("power-nothing-done");
});

test("a light blinks for whoever stands before the rack, and goes out", async () => {
  const bmc = story.giveBmc(await story.addHost("web-1"));
  const lit = 'host locate web-1 --for 30m --reason "fan 3 is changed"';
  expect(await story.type(lit)).toBe(0);
  await story.later(60_000);
  expect(bmc.isLit).toBe(true);
  await story.type(`op show ${await story.operationId()}`);
  expect(await story.type('host locate web-1 --off --reason "it is done" --wait')).toBe(0);
  expect(bmc.isLit).toBe(false);
  await tells("locate");
});

test("a host whose BMC nobody knows, and one where somebody works, are not switched", async () => {
  await story.addHost("web-1");
  expect(await story.type('host power cycle web-1 --reason "it hangs"')).toBe(5);
  expect(await story.type("host power status web-1")).toBe(5);
  const second = story.giveBmc(await story.addHost("web-2"));
  await story.type('hold add web-2 --kind power-lockout --reason "hands inside" -o name');
  expect(await story.type('host power off web-2 --reason "it hangs"')).toBe(5);
  expect(await story.type('host power soft web-2 --reason "it hangs"')).toBe(5);
  expect(second.taken).toEqual([]);
  await tells("power-refused");
});
