import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { labPolicy, type PlanPolicy } from "#fleet/lifecycle/plans/plan-policy.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { openScenario, type Scenario } from "#test/support/scenario-world.ts";

let story: Scenario;
afterEach(() => story.close());

const opens = async (policy: Partial<PlanPolicy> = {}): Promise<void> => {
  story = await openScenario({ policy: { ...labPolicy, ...policy } });
};
type Typed = Parameters<Scenario["type"]>;
const ends = async (code: number, ...typed: Typed): Promise<void> =>
  expect(await story.type(...typed), await story.transcript()).toBe(code);
const tells = async (name: string): Promise<void> =>
  expect(await story.transcript()).toMatchFileSnapshot(`./golden/${name}.txt`);

test("an emergency needs a second person, who applies the same plan", async () => {
  await opens({ approval: "second-person" });
  await story.addHost("web-1");
  await story.addColleague("ada", { role: "operator", scope: "all" });
  await story.addColleague("ben", { role: "operator", scope: "all" });
  const drain = 'host drain web-1 --kind emergency --reason "it smokes" --yes';
  await ends(4, drain, { as: "ada" });
  await ends(0, `plan apply ${await story.planId()}`, { as: "ben" });
  await tells("second-person");
});

test("a site has its hours, and no more begins in a minute than may", async () => {
  await opens({ budgets: { ...labPolicy.budgets, startsPerMinute: 1 } });
  for (let number = 1; number <= 8; number += 1)
    await story.addHost(`web-${number}`, { rack: `rack-0${number}` });
  const folder = mkdtempSync(join(tmpdir(), "wws-story-"));
  const file = join(folder, "hours.json");
  story.mask(file, "hours.json");
  const site = {
    region: "eu",
    site: "fra2",
    timeZone: "Europe/Berlin",
    windows: "mon 10:00-11:00",
  };
  writeFileSync(file, JSON.stringify({ format: "wws-estate/1", sites: [site] }));
  await ends(0, `inventory import ${file} --yes`);
  rmSync(folder, { recursive: true });
  await ends(6, 'host drain web-1 --reason "new PDU" --wait --timeout 5m');
  await story.type("host explain web-1");
  const first = await story.planId();
  await ends(6, 'host drain web-2 --reason "new PDU" --wait --timeout 1m');
  const second = await story.planId();
  story.note("ten o'clock in Frankfurt");
  await story.later(unixMs(Date.UTC(2026, 10, 2, 9, 0, 20)) - story.clock.nowUnixMs());
  await story.type("host explain web-2");
  await ends(0, `plan watch ${first} --timeout 10m`);
  await ends(0, `plan watch ${second} --timeout 10m`);
  await tells("hours-and-starts");
});

test("an evacuation that does not move is stalled, and says what is left", async () => {
  await opens();
  const slow = await story.addHost("web-1");
  story.addWorkload(slow, "hook/guests:guest-7", Number.POSITIVE_INFINITY, "copying");
  await story.type('host drain web-1 --reason "fan 3 is loud" --yes');
  await story.later(1_800_000);
  await story.type("host explain web-1");
  await tells("stalled");
}, 60_000);

test("a host on which a tenant's disk is still mounted is not empty", async () => {
  await opens();
  const mounted = await story.addHost("web-1");
  story.port.host(mounted).tenantMounts = ["/srv/tenants/acme"];
  await story.type('host drain web-1 --reason "new DIMM" --yes');
  await story.later(5_000);
  await story.type("host explain web-1");
  await tells("not-empty");
}, 60_000);

test("what fell silent since it was planned is not begun, and what is not clean is not sold", async () => {
  await opens();
  const host = await story.addHost("web-1");
  await story.addHost("web-2", { phase: "available", rack: "rack-09" });
  await ends(0, 'host drain web-1 --reason "new PDU" --dry-run -o name');
  const plan = await story.planId();
  await story.later(120_000);
  story.goDark([host]);
  await story.later(600_000);
  await ends(5, `plan apply ${plan}`);
  await story.type("host explain web-1");
  await story.type("host explain web-2");
  await tells("silent-since");
});
