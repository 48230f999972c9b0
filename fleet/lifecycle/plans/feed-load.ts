import type { HostRecord, RackRecord } from "#fleet/inventory/host-record.ts";
import type { FeedLoad, PlanAction } from "../plan.ts";
import { groupOf } from "./places.ts";
import type { SnapshotIndex } from "./snapshot-index.ts";

/** Measured watts of each class × site: the least and the most that one of its hosts draws now. */
export interface Draw {
  readonly least: number;
  readonly most: number;
}

/** Only groups in which somebody is measured. */
export function drawsOf(index: SnapshotIndex): ReadonlyMap<string, Draw> {
  const draws = new Map<string, Draw>();
  for (const [group, hosts] of index.hostsByGroup) {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (const host of hosts) {
      const watts = index.observed(host.id).watts?.value;
      if (watts === undefined) continue;
      least = Math.min(least, watts);
      most = Math.max(most, watts);
    }
    if (most >= least) draws.set(group, { least, most });
  }
  return draws;
}

/**
 * What may be added to each host's draw while the plan runs, watts.
 * A host that starts again may draw as much as the hungriest of its class. Work that a drain moves
 * lands on the hosts of the class that stay: what the drained ones draw above the idlest is shared
 * out among them. A drained host is not counted as drawing less: it stays on.
 */
export function addedWatts(ask: {
  readonly action: PlanAction;
  readonly inPlan: readonly HostRecord[];
  readonly index: SnapshotIndex;
  readonly draws: ReadonlyMap<string, Draw>;
}): (host: HostRecord) => number {
  const { action, index, draws } = ask;
  const planned = new Set(ask.inPlan);
  const wattsOf = (host: HostRecord): number | undefined => index.observed(host.id).watts?.value;
  const isStarting =
    action.kind === "reboot" ||
    (action.kind === "power" && (action.power === "on" || action.power === "cycle"));
  if (isStarting) {
    return (host) => {
      const watts = wattsOf(host);
      const most = draws.get(groupOf(host))?.most;
      return planned.has(host) && watts !== undefined && most !== undefined ? most - watts : 0;
    };
  }
  if (action.kind !== "drain") return () => 0;
  const moved = new Map<string, number>();
  const leaving = new Map<string, number>();
  for (const host of ask.inPlan) {
    const group = groupOf(host);
    leaving.set(group, (leaving.get(group) ?? 0) + 1);
    const watts = wattsOf(host);
    const least = draws.get(group)?.least;
    const moves = index.leasesByHost
      .get(host.id)
      ?.some(({ evacuation }) => evacuation === "migrate" || evacuation === "replace");
    if (moves === true && watts !== undefined && least !== undefined)
      moved.set(group, (moved.get(group) ?? 0) + watts - least);
  }
  return (host) => {
    const group = groupOf(host);
    const watts = moved.get(group);
    if (watts === undefined || planned.has(host)) return 0;
    const staying = (index.hostsByGroup.get(group)?.length ?? 0) - (leaving.get(group) ?? 0);
    return staying > 0 ? watts / staying : 0;
  };
}

/**
 * Each feed of a rack, from measured watts. A host draws equally from all feeds of its rack; when
 * one of them dies the others carry it. `atOnce`: how many of the plan's hosts here run at a time;
 * the hungriest are taken.
 */
export function loadOfRack(ask: {
  readonly rack: RackRecord;
  readonly atOnce: number;
  readonly planned: ReadonlySet<HostRecord>;
  readonly index: SnapshotIndex;
  readonly added: (host: HostRecord) => number;
}): readonly FeedLoad[] {
  const { rack, index, added, planned, atOnce } = ask;
  const hosts = index.hostsByRack.get(rack.id) ?? [];
  let nowSum = 0;
  let unmeasured = 0;
  let landing = 0;
  const starting: number[] = [];
  for (const host of hosts) {
    const watts = index.observed(host.id).watts?.value;
    if (watts === undefined) {
      unmeasured += 1;
      continue;
    }
    nowSum += watts;
    if (planned.has(host)) starting.push(added(host));
    else landing += added(host);
  }
  const peak = starting
    .toSorted((left, right) => right - left)
    .slice(0, atOnce)
    .reduce((sum, watts) => sum + watts, 0);
  const duringSum = nowSum + landing + peak;
  const isKnown = unmeasured < hosts.length;
  const feeds = rack.feeds.length;
  const watts = (sum: number, over: number): number | null =>
    isKnown ? Math.round(sum / over) : null;
  return rack.feeds.map((feed) => ({
    rack: rack.id,
    feed: feed.name,
    hosts: hosts.length,
    unmeasuredHosts: unmeasured,
    budgetWatts: feed.budgetWatts,
    nowWatts: watts(nowSum, feeds),
    duringWatts: watts(duringSum, feeds),
    ifOtherFailsWatts: watts(duringSum, Math.max(1, feeds - 1)),
  }));
}
