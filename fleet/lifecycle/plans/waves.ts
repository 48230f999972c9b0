import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { lifecycleNumbers } from "../numbers.ts";
import { classOf, rackOf, siteOf } from "./places.ts";
import type { SnapshotIndex } from "./snapshot-index.ts";

/**
 * Sizes of the waves over so many hosts: the canary, then shares of all of them, the last share again
 * and again. Their sum is `hosts`.
 */
export function waveSizes(hosts: number): readonly number[] {
  const sizes: number[] = [];
  let left = hosts;
  const take = (wanted: number): void => {
    const size = Math.min(left, Math.max(1, wanted));
    if (size > 0) sizes.push(size);
    left -= size;
  };
  take(lifecycleNumbers.canaryHosts);
  const shares = lifecycleNumbers.waves;
  for (let at = 0; left > 0; at += 1) {
    take(Math.ceil(hosts * (shares[Math.min(at, shares.length - 1)] ?? 1)));
  }
  return sizes;
}

/**
 * The order in which hosts go: the canary first (of the commonest class, with the fewest leases),
 * our own management last, the others so that any stretch of them lies in as many sites, rows and
 * racks as can be. The same hosts give the same order, however they were named.
 */
export function orderHosts(
  hosts: readonly HostRecord[],
  index: SnapshotIndex,
): readonly HostRecord[] {
  const { management } = index.snapshot;
  const sorted = hosts.toSorted((left, right) => compare(left.id, right.id));
  const others = sorted.filter((host) => !management.has(host.id));
  const canary = pickCanary(others, index);
  const spread = spreadOut(
    others.filter((host) => host !== canary),
    [siteOf, (host) => host.position?.row ?? "", (host) => rackOf(host) ?? ""],
  );
  const own = sorted.filter((host) => management.has(host.id));
  return canary === undefined ? own : [canary, ...spread, ...own];
}

function pickCanary(hosts: readonly HostRecord[], index: SnapshotIndex): HostRecord | undefined {
  const perClass = new Map<string, number>();
  for (const host of hosts) perClass.set(classOf(host), (perClass.get(classOf(host)) ?? 0) + 1);
  const rank = (host: HostRecord): readonly number[] => [
    index.observed(host.id).link === "connected" ? 0 : 1,
    -(perClass.get(classOf(host)) ?? 0),
    index.leasesByHost.get(host.id)?.length ?? 0,
  ];
  let best: HostRecord | undefined;
  for (const host of hosts) {
    if (best === undefined || isLess(rank(host), rank(best))) best = host;
  }
  return best;
}

/** Takes one of each group in turn, and within a group one of each of its own groups in turn. */
function spreadOut(
  hosts: readonly HostRecord[],
  keys: readonly ((host: HostRecord) => string)[],
): readonly HostRecord[] {
  const [keyOf, ...rest] = keys;
  if (keyOf === undefined || hosts.length <= 1) return hosts;
  const groups = new Map<string, HostRecord[]>();
  for (const host of hosts) {
    const group = groups.get(keyOf(host)) ?? [];
    group.push(host);
    groups.set(keyOf(host), group);
  }
  const queues = [...groups]
    .toSorted(([left], [right]) => compare(left, right))
    .map(([, group]) => spreadOut(group, rest));
  const longest = Math.max(...queues.map((queue) => queue.length));
  const ordered: HostRecord[] = [];
  for (let round = 0; round < longest; round += 1) {
    for (const queue of queues) {
      const host = queue[round];
      if (host !== undefined) ordered.push(host);
    }
  }
  return ordered;
}

function isLess(left: readonly number[], right: readonly number[]): boolean {
  for (const [at, value] of left.entries()) {
    const other = right[at] ?? 0;
    if (value !== other) return value < other;
  }
  return false;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
