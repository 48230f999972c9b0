import { expect, test } from "vitest";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import {
  holdRecord,
  leaseRecord,
  operationRecord,
  tenantIdOf,
  tenantRecord,
} from "#test/support/life-builders.ts";
import { ana, drainFor, heard, lost, observing, planFleet } from "#test/support/plan-fleet.ts";
import { fc } from "#test/support/properties.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { virtualStartMs } from "#test/support/virtual-clock.ts";
import type { FleetSnapshot } from "./fleet-snapshot.ts";
import { type PlanAsk, type PlannedParts, planHosts } from "./plan-hosts.ts";
import { hashPlan } from "./plan-hash.ts";
import { labPolicy } from "./plan-policy.ts";
import { indexSnapshot } from "./snapshot-index.ts";

const ids = (...numbers: readonly number[]): readonly HostId[] => numbers.map(hostIdOf);
const upTo = (count: number): readonly HostId[] =>
  Array.from({ length: count }, (_, at) => hostIdOf(at + 1));

function ask(facts: Partial<PlanAsk> = {}): PlanAsk {
  return {
    action: drainFor(),
    selector: "site=fra2",
    hostIds: upTo(40),
    asker: ana,
    durationsMs: [],
    ...facts,
  };
}

function plan(snapshot: FleetSnapshot, facts: Partial<PlanAsk> = {}): PlannedParts {
  const planned = planHosts(indexSnapshot(snapshot), labPolicy, ask(facts));
  if (!planned.ok) throw new Error(JSON.stringify(planned.problem));
  return planned.value;
}

test("an empty list is an error, never everything (L6)", () => {
  const refused = planHosts(indexSnapshot(planFleet()), labPolicy, ask({ hostIds: [] }));
  expect(refused).toMatchObject({ ok: false, problem: { kind: "refused" } });
  expect(JSON.stringify(refused)).toContain("never means all");
});

test("a host that nobody knows is an error, and the others are not planned without it", () => {
  const refused = planHosts(indexSnapshot(planFleet()), labPolicy, ask({ hostIds: ids(1, 9_999) }));
  expect(refused).toMatchObject({ ok: false, problem: { kind: "unknown" } });
});

test("a host that is named twice stands in the plan once, and a warning says so", () => {
  const twice = plan(planFleet(), { hostIds: ids(1, 2, 1) });
  expect(twice.hosts).toHaveLength(2);
  expect(twice.warnings).toContain("1 hosts were named more than once");
  expect(twice.hash).toBe(plan(planFleet(), { hostIds: ids(2, 1) }).hash);
});

test("one canary, then 5, 10 and 25 of a hundred, the last again and again", () => {
  const hundred = plan(planFleet(), { hostIds: upTo(100) });
  expect(hundred.pace.waves).toEqual([1, 5, 10, 25, 25, 25, 9]);
  expect(hundred.hosts.filter(({ wave }) => wave === 0)).toHaveLength(1);
  expect(plan(planFleet(), { hostIds: ids(7) }).pace.waves).toEqual([1]);
});

test("a wave lies in as many racks as it can, over all sites", () => {
  const spread = plan(planFleet({ sites: ["fra2", "nrt1"], racksPerRow: 5 }), {
    hostIds: upTo(100),
  });
  const second = spread.hosts.filter(({ wave }) => wave === 2);
  expect(new Set(second.map(({ rack }) => rack)).size).toBe(second.length);
});

test("hosts that cannot take part are listed with why, and the rest go on", () => {
  const fleet = planFleet({
    host: (number) => {
      if (number === 1) return { phase: "drained" };
      return number === 2 ? { watchedOnly: true } : {};
    },
  });
  const planned = plan(
    {
      ...fleet,
      holds: [holdRecord(1, { hostId: hostIdOf(3), kind: "tenant", holder: "tenant acme" })],
      operations: [operationRecord(1, { hostId: hostIdOf(4), kind: "reboot" })],
    },
    { hostIds: ids(1, 2, 3, 4, 5) },
  );
  const skipped = planned.hosts.filter(({ state }) => state === "skipped");
  expect(skipped.map(({ name, why }) => [name, why[0]?.code])).toEqual([
    ["host-1", "phase"],
    ["host-2", "watched-only"],
    ["host-3", "hold"],
    ["host-4", "operation"],
  ]);
  expect(
    skipped.every(({ why }) => why.every(({ words, who }) => words !== "" && who !== "")),
  ).toBe(true);
  expect(planned.blast.hosts).toBe(1);
  expect(planned.warnings).toContain("4 of 5 hosts cannot take part");
});

test("where no host can take part there is no plan, and each reason is told", () => {
  const fleet = planFleet({ host: () => ({ phase: "drained" }) });
  const refused = planHosts(indexSnapshot(fleet), labPolicy, ask({ hostIds: ids(1, 2) }));
  expect(refused).toMatchObject({
    problem: { kind: "refused", why: [{ code: "phase" }, { code: "phase" }] },
  });
});

test("our own management goes last, and the canary is no host of ours", () => {
  const fleet = { ...planFleet(), management: new Set(ids(1, 2)) };
  const planned = plan(fleet, { hostIds: upTo(30) });
  expect(planned.hosts.slice(-2).map(({ name }) => name)).toEqual(["host-1", "host-2"]);
  expect(planned.blast.ownManagement).toEqual(["host-1", "host-2"]);
  expect(planned.warnings.join()).toContain("run the fleet itself");
});

test("a silent host may be drained, with a warning, and is not rebooted", () => {
  const fleet = observing(planFleet(), [[hostIdOf(1), lost()]]);
  expect(plan(fleet, { hostIds: ids(1, 2) }).warnings.join()).toContain("host-1 is old");
  const reboot = plan(fleet, { hostIds: ids(1, 2), action: { kind: "reboot", graceMs: 0 } });
  expect(reboot.hosts.find(({ name }) => name === "host-1")?.why[0]?.code).toBe("link");
});

test("a notice longer than the deadline, and a tenant that cannot be told, are warned of", () => {
  const fleet = {
    ...planFleet(),
    tenants: [tenantRecord(1, { name: "photo" })],
    leases: [leaseRecord(1, { hostId: hostIdOf(1), notice: "week" })],
  };
  const warnings = plan(fleet, { hostIds: ids(1) }).warnings;
  expect(warnings).toContain("the deadline is shorter than the notice of 1 lease of tenant photo");
  expect(warnings).toContain("tenant photo has no address for notices");
});

test("what cannot be undone is said for a reboot and for a forced drain", () => {
  const fleet = planFleet();
  const reboot = plan(fleet, { action: { kind: "reboot", graceMs: 0 } });
  expect(reboot.irreversible.join()).toContain("is stopped");
  const forced = plan(fleet, { action: drainFor({ force: true }) });
  expect(forced.irreversible.join()).toContain("stopped hard");
  expect(plan(fleet).irreversible).toEqual([]);
});

test("what it will take is told from what such operations took, and not where none ended", () => {
  expect(plan(planFleet()).predictedMs).toBeNull();
  const told = plan(planFleet(), { hostIds: ids(1), durationsMs: [60_000, 90_000, 600_000] });
  expect(told.predictedMs).toBe(90_000);
});

test("a closed maintenance window counts into the prediction, and is warned of", () => {
  // It is Monday 09:00 in Berlin.
  const windows = [{ days: [1], fromMinute: 22 * 60, toMinute: 23 * 60 }];
  const planned = plan(planFleet({ windows }), { hostIds: ids(1), durationsMs: [60_000] });
  expect(planned.predictedMs).toBe(13 * 3_600_000 + 60_000);
  expect(planned.warnings.join()).toContain("outside its maintenance windows");
  const degraded = plan(planFleet({ windows }), { action: drainFor({ drain: "degraded" }) });
  expect(degraded.warnings.join()).not.toContain("windows");
});

test("the same hosts give the same plan in whatever order anything came", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 60 }), (seed, count) => {
      const random = createSeededRandom(seed);
      const fleet = measured(planFleet({ sites: ["fra2", "iad1"], classes: ["a", "b"] }), seed);
      const shuffled = {
        ...fleet,
        hosts: shuffle(fleet.hosts, random),
        racks: shuffle(fleet.racks, random),
        sites: shuffle(fleet.sites, random),
        leases: shuffle(fleet.leases, random),
      };
      const hostIds = shuffle(upTo(200), random).slice(0, count);
      expect(plan(shuffled, { hostIds: shuffle(hostIds, random) })).toEqual(
        plan(fleet, { hostIds }),
      );
    }),
    { numRuns: 30 },
  );
});

test("the hash changes with anything that is frozen, and with nothing else", () => {
  const planned = plan(planFleet());
  const [first] = planned.hosts;
  if (first === undefined) throw new Error("no host");
  const withFirst = (facts: object) => ({
    ...planned,
    hosts: [{ ...first, ...facts }, ...planned.hosts.slice(1)],
  });
  const others = [
    { ...planned, action: drainFor({ force: true }) },
    { ...planned, action: drainFor({ deadlineMs: 1 }) },
    { ...planned, selector: "site=nrt1" },
    { ...planned, reason: "another" },
    { ...planned, createdBy: "ben" },
    { ...planned, createdMs: unixMs(planned.createdMs + 1) },
    { ...planned, expiresMs: unixMs(planned.expiresMs + 1) },
    { ...planned, pace: { ...planned.pace, soakMs: 1 } },
    { ...planned, pace: { ...planned.pace, waves: [40] } },
    { ...planned, irreversible: ["something"] },
    { ...planned, hosts: planned.hosts.slice(1) },
    { ...planned, hosts: planned.hosts.toReversed() },
    withFirst({ revision: first.revision + 1 }),
    withFirst({ wave: 3 }),
    withFirst({ serial: "another" }),
    withFirst({ phase: "available" }),
    withFirst({ hardwareClass: "another" }),
    withFirst({ rack: null }),
    withFirst({ steps: ["prove"] }),
    withFirst({ hostId: hostIdOf(777) }),
  ];
  const hashes = others.map(hashPlan);
  expect(new Set([planned.hash, ...hashes]).size).toBe(others.length + 1);
  expect(hashPlan(withFirst({ state: "running", endedMs: virtualStartMs }))).toBe(planned.hash);
  expect(planned.hash).toMatch(/^[0-9a-f]{64}$/);
});

test("a plan over 500 of 10,000 hosts has all of them", () => {
  const fleet = planFleet({
    sites: ["fra2", "iad1", "nrt1", "sin1", "ams1"],
    rowsPerSite: 5,
    racksPerRow: 20,
    hostsPerRack: 20,
    sharedFeeds: true,
    classes: ["a", "b", "c"],
  });
  expect(fleet.hosts).toHaveLength(10_000);
  const hostIds = fleet.hosts.filter((_, at) => at % 20 === 0).map(({ id }) => id);
  const planned = plan(fleet, { hostIds });
  expect(planned.hosts).toHaveLength(500);
});

function measured(fleet: FleetSnapshot, seed: number): FleetSnapshot {
  const random = createSeededRandom(seed ^ 77);
  return {
    ...observing(
      fleet,
      fleet.hosts.map((host) => [
        host.id,
        heard({
          watts: random.chance(0.2) ? null : { value: random.below(500), atMs: fleet.nowMs },
        }),
      ]),
    ),
    tenants: [tenantRecord(1), tenantRecord(2)],
    leases: fleet.hosts.map((host, at) =>
      leaseRecord(at, {
        hostId: host.id,
        tenantId: tenantIdOf(1 + (at % 2)),
        evacuation: "migrate",
      }),
    ),
  };
}

function shuffle<Value>(
  values: readonly Value[],
  random: ReturnType<typeof createSeededRandom>,
): readonly Value[] {
  return values
    .map((value) => ({ value, key: random.next() }))
    .toSorted((left, right) => left.key - right.key)
    .map(({ value }) => value);
}
