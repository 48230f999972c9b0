import { expect, test } from "vitest";
import type { BlastRadius, PlanAction } from "#fleet/lifecycle/plan.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { leaseRecord, tenantIdOf, tenantRecord } from "#test/support/life-builders.ts";
import { drainFor, heard, lost, observing, planFleet } from "#test/support/plan-fleet.ts";
import { blastRadiusOf } from "./blast-radius.ts";
import { compiledBudgets } from "./budget-limits.ts";
import type { FleetSnapshot } from "./fleet-snapshot.ts";
import { indexSnapshot } from "./snapshot-index.ts";

const reboot: PlanAction = { kind: "reboot", graceMs: 0 };

function blast(
  snapshot: FleetSnapshot,
  numbers: readonly number[],
  action: PlanAction = drainFor(),
): BlastRadius {
  const index = indexSnapshot(snapshot);
  const hosts = numbers.flatMap((number) => index.hosts.get(hostIdOf(number)) ?? []);
  return blastRadiusOf({ action, hosts, index, budgets: compiledBudgets });
}

const watts = (value: number) => heard({ watts: { value, atMs: planFleet().nowMs } });

test("a host on two feeds draws half from each, and all from one when the other dies", () => {
  const { feeds } = blast(planFleet(), [1], reboot);
  expect(feeds).toEqual([
    expect.objectContaining({
      feed: "A",
      nowWatts: 1_000,
      duringWatts: 1_000,
      ifOtherFailsWatts: 2_000,
    }),
    expect.objectContaining({
      feed: "B",
      nowWatts: 1_000,
      duringWatts: 1_000,
      ifOtherFailsWatts: 2_000,
    }),
  ]);
});

test("a host that starts again may draw as much as the hungriest of its class", () => {
  const fleet = observing(planFleet(), [
    [hostIdOf(1), watts(100)],
    [hostIdOf(50), watts(700)],
  ]);
  const [feed] = blast(fleet, [1, 2], reboot).feeds;
  // One of the rack at a time: the one that may add the most, 600 W.
  expect(feed).toMatchObject({ nowWatts: 950, duringWatts: 1_250, ifOtherFailsWatts: 2_500 });
});

test("work that is drained away weighs on the hosts of the class that stay", () => {
  const fleet = {
    ...observing(planFleet({ racksPerRow: 2, hostsPerRack: 2 }), [[hostIdOf(1), watts(500)]]),
    leases: [leaseRecord(1, { hostId: hostIdOf(1), evacuation: "migrate" })],
  };
  const { feeds } = blast(fleet, [1]);
  // 300 W above the idlest, on three hosts; the drained host itself stays on.
  expect(feeds.map(({ rack, nowWatts, duringWatts }) => [rack, nowWatts, duringWatts])).toEqual([
    ["fra2/row-a/rack-01", 350, 400],
    ["fra2/row-a/rack-01", 350, 400],
    ["fra2/row-a/rack-02", 200, 300],
    ["fra2/row-a/rack-02", 200, 300],
  ]);
});

test("watts that nobody measured are told as unknown, and are no zero", () => {
  const some = observing(planFleet(), [
    [hostIdOf(1), heard({ watts: null })],
    [hostIdOf(2), heard({ watts: null })],
  ]);
  const { feeds, wattsCoverage } = blast(some, [1, 2, 3, 4]);
  expect(wattsCoverage).toBe(0.5);
  expect(feeds[0]).toMatchObject({ hosts: 10, unmeasuredHosts: 2, nowWatts: 800 });
  const none = observing(
    planFleet(),
    Array.from({ length: 10 }, (_, at) => [hostIdOf(at + 1), heard({ watts: null })] as const),
  );
  expect(blast(none, [1]).feeds[0]).toMatchObject({ nowWatts: null, duringWatts: null });
});

test("what stays for sale of each class counts what is out already", () => {
  const fleet = observing(planFleet({ classes: ["a", "b"] }), [[hostIdOf(2), lost()]]);
  const { classes } = blast(fleet, [2, 4, 6, 1]);
  expect(classes).toEqual([
    { hardwareClass: "a", site: "fra2", total: 50, outNow: 1, outDuring: 3, floor: 35 },
    { hardwareClass: "b", site: "fra2", total: 50, outNow: 0, outDuring: 1, floor: 35 },
  ]);
  expect(blast(planFleet(), [1, 2, 3, 4], reboot).classes[0]).toMatchObject({ outDuring: 2 });
});

test("tenants with several leases in one rack, or on one power line, share its fate", () => {
  const fleet = {
    ...planFleet({ sharedFeeds: true }),
    tenants: [tenantRecord(1, { name: "photo" }), tenantRecord(2, { name: "shop" })],
    leases: [
      leaseRecord(1, { hostId: hostIdOf(1) }),
      leaseRecord(2, { hostId: hostIdOf(2) }),
      leaseRecord(3, { hostId: hostIdOf(11), tenantId: tenantIdOf(2) }),
      leaseRecord(4, { hostId: hostIdOf(21), tenantId: tenantIdOf(2) }),
    ],
  };
  const { tenants, sharedFate } = blast(fleet, [1, 2, 11, 21]);
  expect(tenants).toEqual([
    { tenant: "photo", leases: 2 },
    { tenant: "shop", leases: 2 },
  ]);
  expect(sharedFate.map(({ tenant, rack }) => `${tenant} ${rack}`)).toEqual([
    "photo feed fra2/row-a A of ups-a",
    "photo feed fra2/row-a B of ups-b",
    "photo fra2/row-a/rack-01",
    "shop feed fra2/row-a A of ups-a",
    "shop feed fra2/row-a B of ups-b",
  ]);
});

test("a rack that nobody described has no feeds, and its hosts are counted", () => {
  const fleet = { ...planFleet(), racks: [] };
  const { racks, feeds } = blast(fleet, [1, 2]);
  expect(racks).toEqual([{ rack: "fra2/row-a/rack-01", hosts: 10, inPlan: 2, atOnce: 1 }]);
  expect(feeds).toEqual([]);
});
