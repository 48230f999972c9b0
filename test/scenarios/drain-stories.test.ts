import { afterEach, beforeEach, expect, test } from "vitest";
import { openScenario, type Scenario } from "#test/support/scenario-world.ts";

let story: Scenario;
beforeEach(async () => {
  story = await openScenario();
});
afterEach(() => story.close());

const tells = async (name: string): Promise<void> =>
  expect(await story.transcript()).toMatchFileSnapshot(`./golden/${name}.txt`);
const never = Number.POSITIVE_INFINITY;

test("an operator drains a host and returns it", async () => {
  const host = await story.addHost("web-1");
  story.addWorkload(host, "systemd:shop.service", 20_000);
  const drain = 'host drain web-1 --reason "fan 3 is loud" --wait';
  expect(await story.type(drain, { says: "y" })).toBe(0);
  expect(story.port.host(host).workloads.get("systemd:shop.service")?.isRunning).toBe(false);
  await story.type("host explain web-1");
  const back = 'host return web-1 --reason "fan changed" --wait --yes';
  expect(await story.type(back)).toBe(0);
  expect(story.port.host(host).workloads.get("systemd:shop.service")?.isRunning).toBe(true);
  await tells("drain-and-return");
});

test("a tenant's notice delays a drain", async () => {
  const host = await story.addHost("web-1");
  story.addWorkload(host, "systemd:shop.service", 20_000);
  await story.type("tenant add acme --webhook https://acme.example/notices -o name");
  await story.type("lease add acme web-1 --notice hour --evacuation stop-at-deadline -o name");
  const drain = 'host drain web-1 --reason "new PDU" --deadline 2h --wait --timeout 1m';
  expect(await story.type(drain)).toBe(6);
  await story.type("host explain web-1");
  story.note("an hour later");
  await story.later(3_600_000);
  expect(await story.type(`op watch ${await story.operationId()}`)).toBe(0);
  await tells("notice-delays");
});

test("a workload that refuses to stop: paused, explained, forced", async () => {
  const host = await story.addHost("web-1");
  story.addWorkload(host, "hook/guests:guest-7", never, "its disk is still being copied");
  const drain = 'host drain web-1 --reason "fan 3 is loud" --deadline 10m --wait';
  expect(await story.type(drain)).toBe(6);
  await story.type("host explain web-1");
  const force = 'host drain web-1 --reason "guest-7 hangs" --force --deadline 5m --wait';
  expect(await story.type(force)).toBe(0);
  await tells("refuses-then-force");
});

test("a workload that refuses to stop: the drain is canceled", async () => {
  const host = await story.addHost("web-1");
  story.addWorkload(host, "hook/guests:guest-7", never);
  await story.type('host drain web-1 --reason "fan 3 is loud" --deadline 10m --wait');
  const operation = await story.operationId();
  expect(await story.type(`op cancel ${operation} --reason "it was the other fan"`)).toBe(0);
  expect(await story.type('host uncordon web-1 --reason "it was the other fan"')).toBe(0);
  await story.later(5_000);
  await story.type("host show web-1 -o name");
  await tells("refuses-then-cancel");
});

test("a host that is offline is drained by its typed serial", async () => {
  const host = await story.addHost("web-1");
  story.disconnect(host);
  await story.later(600_000);
  const drain = 'host drain web-1 --reason "it is dead" --wait --timeout 2m';
  const code = await story.type(drain);
  expect(code, await story.transcript()).toBe(6);
  const operation = await story.operationId();
  const wrong = `op confirm-off ${operation} --serial CZ3099 --reason "pulled the cords"`;
  expect(await story.type(wrong)).toBe(5);
  const right = `op confirm-off ${operation} --serial CZ3001 --reason "pulled the cords"`;
  expect(await story.type(right)).toBe(0);
  await tells("offline-typed-serial");
});

test("a wrong name, an empty selector, and one that means everything, do nothing", async () => {
  for (const name of ["web-1", "web-2", "web-3"]) await story.addHost(name);
  expect(await story.type('host drain wbe-1 --reason "fan 3 is loud"')).toBe(3);
  expect(await story.type('host drain "" --reason "fan 3 is loud"')).toBe(2);
  expect(await story.type('host drain site=iad1 --reason "fan 3 is loud"')).toBe(2);
  expect(await story.type('host drain site=fra2 --reason "fan 3 is loud"')).toBe(5);
  expect(await story.type("host drain web-1")).toBe(2);
  expect(await story.type("host explain web-11")).toBe(3);
  await story.type("tenant add acme -o name");
  expect(await story.type("lease add acmee web-1")).toBe(3);
  expect(await story.type("site show fra1")).toBe(3);
  expect(await story.type("host drian web-1 --reason x")).toBe(2);
  expect(await story.type('host drain rak=rack-07 --reason "new PDU"')).toBe(2);
  expect(await story.type('host drain state=actve --reason "new PDU"')).toBe(2);
  await tells("wrong-names");
});

test("a host that is only watched is left alone until somebody says otherwise", async () => {
  await story.addHost("web-1", { watchedOnly: true });
  expect(await story.type('host drain web-1 --reason "fan 3 is loud" --wait')).toBe(5);
  await story.type('host manage web-1 --reason "taken over from the old team"');
  expect(await story.type('host drain web-1 --reason "fan 3 is loud" --wait')).toBe(0);
  await tells("watched-only");
});

test("a rack is drained in waves, paused and resumed", async () => {
  for (let unit = 1; unit <= 4; unit += 1) {
    const host = await story.addHost(`web-${unit}`, { rack: `rack-0${unit}` });
    story.addWorkload(host, "systemd:shop.service", 20_000);
  }
  await story.addHost("db-1", { rack: "rack-09" });
  const drain = 'host drain web-1,web-2,web-3 --reason "new PDU" --deadline 2h';
  expect(await story.type(drain, { says: "3" })).toBe(0);
  await story.later(60_000);
  const plan = await story.planId();
  await story.type(`plan show ${plan}`);
  await story.type(`plan pause ${plan} --reason "the crane is late"`);
  await story.later(600_000);
  await story.type(`plan resume ${plan} --reason "the crane is here"`);
  await story.type(`plan watch ${plan} --timeout 5m`);
  await tells("rack-in-waves");
});

test("a host that is drained already is at its goal, and the rest goes on", async () => {
  for (let unit = 1; unit <= 20; unit += 1)
    await story.addHost(`web-${unit}`, { rack: `rack-${String(unit).padStart(2, "0")}` });
  expect(await story.type('host drain web-1 --reason "x"')).toBe(2);
  expect(await story.type('host drain web-1 --reason "fan 3 is loud" --wait')).toBe(0);
  expect(await story.type('host drain web-1 --reason "fan 3 is loud" --wait')).toBe(0);
  const both = 'host drain web-1,web-2 --reason "new PDU" --wait --timeout 10m';
  expect(await story.type(both)).toBe(0);
  expect(await story.type('host drain web-1,web-2 --reason "new PDU"')).toBe(0);
  expect(await story.type('host return web-1 --reason "fan changed" --wait')).toBe(0);
  expect(await story.type('host return web-1 --reason "fan changed"')).toBe(5);
  await tells("drained-already");
});

test("a budget makes the second host of a rack wait until the first is back", async () => {
  for (const name of ["web-1", "web-2"]) await story.addHost(name);
  await story.addHost("db-1", { rack: "rack-09" });
  expect(await story.type('host drain web-1 --reason "fan 3 is loud" --wait')).toBe(0);
  expect(await story.type('host drain web-2 --reason "new DIMM" --wait --timeout 1m')).toBe(6);
  const plan = await story.planId();
  expect(await story.type('host return web-1 --reason "fan changed" --wait')).toBe(0);
  expect(await story.type(`plan watch ${plan} --timeout 10m`)).toBe(0);
  await tells("budget-waits");
});

test("a command that is killed, and a terminal that is gone, change nothing", async () => {
  const host = await story.addHost("web-1");
  story.addWorkload(host, "systemd:shop.service", 60_000);
  const drain = 'host drain web-1 --reason "fan 3 is loud" --wait';
  expect(await story.type(drain, { killAfterMs: 10_000 })).toBe(137);
  story.note("the same again, from another terminal: it is the same drain");
  expect(await story.type(drain)).toBe(0);
  await story.type("op list");
  await tells("killed");
});

test("a host that is lost in the middle of its drain is not taken for empty, and goes on when it is back", async () => {
  const host = await story.addHost("web-1");
  story.addWorkload(host, "systemd:shop.service", 300_000);
  await story.type('host drain web-1 --reason "fan 3 is loud" --yes');
  await story.later(60_000);
  story.goDark([host]);
  await story.later(1_800_000);
  await story.type("host explain web-1");
  story.note("its switch is mended");
  story.comeBack([host]);
  expect(await story.type(`op watch ${await story.operationId()}`)).toBe(0);
  await tells("lost-in-a-drain");
});

test("Ctrl-C leaves it running, and op watch comes back to it", async () => {
  const host = await story.addHost("web-1");
  story.addWorkload(host, "systemd:shop.service", 60_000);
  const drain = 'host drain web-1 --reason "fan 3 is loud" --wait';
  expect(await story.type(drain, { interruptAfterMs: 10_000 })).toBe(130);
  await story.type("op list --open -o name");
  expect(await story.type(`op watch ${await story.operationId()}`)).toBe(0);
  await tells("interrupted");
});
