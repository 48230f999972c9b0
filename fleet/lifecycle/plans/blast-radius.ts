import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { BlastRadius, PlanAction } from "../plan.ts";
import { type Budgets, servingFloor, siteLimit } from "./budget-limits.ts";
import { addedWatts, drawsOf, loadOfRack } from "./feed-load.ts";
import { classOf, groupOf, rackOf, siteOf } from "./places.ts";
import { takesHosts, whyOut } from "./serving.ts";
import { grouped } from "./place-index.ts";
import type { SnapshotIndex } from "./snapshot-index.ts";

/** What a plan over these hosts touches, and what stays while it runs. Linear in the fleet. */
export function blastRadiusOf(ask: {
  readonly action: PlanAction;
  /** Those that take part. */
  readonly hosts: readonly HostRecord[];
  readonly index: SnapshotIndex;
  readonly budgets: Budgets;
}): BlastRadius {
  const { hosts, index } = ask;
  const byRack = grouped(hosts, rackOf);
  const racks = [...byRack]
    .map(([rack, inPlan]) => ({
      rack,
      hosts: index.hostsByRack.get(rack)?.length ?? inPlan.length,
      inPlan: inPlan.length,
      atOnce: Math.min(inPlan.length, ask.budgets.rack),
    }))
    .toSorted(by(({ rack }) => rack));
  const measured = hosts.filter((host) => index.observed(host.id).watts !== null).length;
  return {
    hosts: hosts.length,
    tenants: tenantsOf(hosts, index),
    classes: classesOf(ask),
    feeds: feedsOf(ask, racks),
    racks,
    sharedFate: sharedFateOf(hosts, index),
    ownManagement: hosts
      .filter((host) => index.snapshot.management.has(host.id))
      .map((host) => host.name)
      .toSorted(),
    wattsCoverage: hosts.length === 0 ? 0 : measured / hosts.length,
  };
}

/**
 * How many of a plan's hosts may be out at a time, by every budget but the floor. At least one.
 */
export function atOnceMaxOf(
  hosts: readonly HostRecord[],
  index: SnapshotIndex,
  budgets: Budgets,
): number {
  const capped = (groups: ReadonlyMap<string, readonly unknown[]>, cap: number): number =>
    [...groups.values()].reduce((sum, group) => sum + Math.min(group.length, cap), 0);
  const withRack = grouped(hosts, rackOf);
  const rackless = hosts.filter((host) => host.position === null).length;
  let bySite = 0;
  for (const [site, inPlan] of grouped(hosts, siteOf))
    bySite += Math.min(inPlan.length, siteLimit(budgets, index.hostsBySite.get(site)?.length ?? 0));
  // A host hangs on several lines; its first one bounds it here, the rest at its start.
  const unfed = hosts.filter((host) => index.feedLines(host).length === 0).length;
  const byFeed =
    unfed +
    capped(
      grouped(hosts, (host) => index.feedLines(host)[0] ?? null),
      budgets.feed,
    );
  const byRack = rackless + capped(withRack, budgets.rack);
  return Math.max(1, Math.min(hosts.length, budgets.cell, bySite, byFeed, byRack));
}

function tenantsOf(hosts: readonly HostRecord[], index: SnapshotIndex): BlastRadius["tenants"] {
  const leases = new Map<string, number>();
  for (const host of hosts) {
    for (const { tenantId } of index.leasesByHost.get(host.id) ?? []) {
      const tenant = index.tenantNames.get(tenantId) ?? tenantId;
      leases.set(tenant, (leases.get(tenant) ?? 0) + 1);
    }
  }
  return [...leases]
    .map(([tenant, count]) => ({ tenant, leases: count }))
    .toSorted(by(({ tenant }) => tenant));
}

/** A drained host stays out; one that is restarted is out with as many as the site allows at once. */
function classesOf(ask: Parameters<typeof blastRadiusOf>[0]): BlastRadius["classes"] {
  const { action, hosts, index, budgets } = ask;
  return [...grouped(hosts, groupOf)]
    .flatMap(([group, inPlan]) => {
      const [first] = inPlan;
      if (first === undefined) return [];
      const all = index.hostsByGroup.get(group) ?? [];
      const outNow = all.filter((host) => whyOut(host, index) !== null).length;
      const taken = takesHosts(action.kind)
        ? inPlan.filter((host) => whyOut(host, index) === null).length
        : 0;
      const site = siteOf(first);
      const limit = siteLimit(budgets, index.hostsBySite.get(site)?.length ?? 0);
      const out = action.kind === "drain" ? taken : Math.min(taken, limit);
      return [
        {
          hardwareClass: classOf(first),
          site,
          total: all.length,
          outNow,
          outDuring: Math.min(all.length, outNow + out),
          floor: servingFloor(budgets, all.length),
        },
      ];
    })
    .toSorted(by(({ site, hardwareClass }) => `${site} ${hardwareClass}`));
}

/** Of every rack that the plan touches, or that takes over its work. */
function feedsOf(
  ask: Parameters<typeof blastRadiusOf>[0],
  racks: BlastRadius["racks"],
): BlastRadius["feeds"] {
  const { action, hosts, index } = ask;
  const draws = drawsOf(index);
  const added = addedWatts({ action, inPlan: hosts, index, draws });
  const planned = new Set(hosts);
  const atOnce = new Map(racks.map((rack) => [rack.rack, rack.atOnce]));
  const touched = new Set(atOnce.keys());
  for (const group of new Set(hosts.map(groupOf))) {
    for (const host of index.hostsByGroup.get(group) ?? []) {
      const rack = rackOf(host);
      if (rack !== null && !touched.has(rack) && added(host) > 0) touched.add(rack);
    }
  }
  return [...touched].toSorted().flatMap((id) => {
    const rack = index.racks.get(id);
    if (rack === undefined) return [];
    return loadOfRack({ rack, atOnce: atOnce.get(id) ?? 0, planned, index, added });
  });
}

/** Several shares of one tenant in one rack, or on one power line, that go out together. */
function sharedFateOf(
  hosts: readonly HostRecord[],
  index: SnapshotIndex,
): BlastRadius["sharedFate"] {
  const counts = new Map<
    string,
    { tenant: string; rack: string; hosts: Set<string>; leases: number }
  >();
  for (const host of hosts) {
    const rack = rackOf(host);
    if (rack === null) continue;
    // A line that feeds this rack alone says nothing that the rack does not.
    const lines = index.feedLines(host).filter((line) => !line.startsWith(`${rack} `));
    for (const { tenantId } of index.leasesByHost.get(host.id) ?? []) {
      const tenant = index.tenantNames.get(tenantId) ?? tenantId;
      for (const place of [rack, ...new Set(lines.map((line) => `feed ${line}`))]) {
        const key = `${place}\n${tenant}`;
        const seen = counts.get(key) ?? { tenant, rack: place, hosts: new Set(), leases: 0 };
        seen.hosts.add(host.id);
        seen.leases += 1;
        counts.set(key, seen);
      }
    }
  }
  return [...counts.values()]
    .filter(({ leases }) => leases > 1)
    .map(({ tenant, rack, leases }) => ({ tenant, rack, leases }))
    .toSorted(by(({ tenant, rack }) => `${tenant} ${rack}`));
}

function by<Value>(keyOf: (value: Value) => string): (left: Value, right: Value) => number {
  return (left, right) => {
    const [one, other] = [keyOf(left), keyOf(right)];
    return one < other ? -1 : one > other ? 1 : 0;
  };
}
