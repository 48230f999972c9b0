import type { HostRecord, RackRecord, SiteRecord } from "#fleet/inventory/host-record.ts";
import type { LeaseRecord } from "#fleet/tenancy/tenancy.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { HoldRecord } from "../hold.ts";
import type { OperationRecord } from "../operation.ts";
import { type FleetSnapshot, type ObservedHost, unobserved } from "./fleet-snapshot.ts";
import { createPlaceIndexer, grouped, type PlaceIndex } from "./place-index.ts";
import { feedLineOf, rackOf } from "./places.ts";

/** A snapshot, found by host, rack, feed, site and class without looking through it again. */
export interface SnapshotIndex {
  readonly snapshot: FleetSnapshot;
  readonly hosts: Pick<ReadonlyMap<HostId, HostRecord>, "get">;
  readonly racks: ReadonlyMap<string, RackRecord>;
  readonly sites: ReadonlyMap<string, SiteRecord>;
  readonly hostsByRack: ReadonlyMap<string, readonly HostRecord[]>;
  readonly hostsBySite: ReadonlyMap<string, readonly HostRecord[]>;
  /** By `groupOf`: class × site. */
  readonly hostsByGroup: ReadonlyMap<string, readonly HostRecord[]>;
  /** Those with an operation under way, by their record or by the operation's. */
  readonly busyHosts: readonly HostRecord[];
  /** These, and those that bear a hold. */
  readonly touchedHosts: readonly HostRecord[];
  readonly leasesByHost: ReadonlyMap<HostId, readonly LeaseRecord[]>;
  readonly holdsByHost: ReadonlyMap<HostId, readonly HoldRecord[]>;
  readonly operationByHost: ReadonlyMap<HostId, OperationRecord>;
  readonly tenantNames: ReadonlyMap<string, string>;
  observed(hostId: HostId): ObservedHost;
  /** What feeds a host's rack, as lines that fail as one; empty: nobody said. */
  feedLines(host: HostRecord): readonly string[];
}

/**
 * Linear in the snapshot, and only in what is asked for: each grouping is made when it is first
 * wanted. Planned and retired hosts are in no place.
 */
export function indexSnapshot(snapshot: FleetSnapshot): SnapshotIndex {
  const places = once(() => snapshot.places ?? createPlaceIndexer()(snapshot.hosts));
  const leasesByHost = once(() =>
    grouped(
      snapshot.leases.filter((lease) => lease.endedMs === null),
      (lease) => lease.hostId,
    ),
  );
  const { racks, linesByRack } = indexRacks(snapshot.racks);
  const operationByHost = new Map(
    snapshot.operations.map((operation) => [operation.hostId, operation]),
  );
  const holdsByHost = grouped(
    snapshot.holds.filter(({ expiresMs }) => expiresMs === null || expiresMs > snapshot.nowMs),
    (hold) => hold.hostId,
  );
  const busyHosts = once(() => hostsAmong(places(), places().busy, operationByHost.keys()));
  const touchedHosts = once(() => hostsAmong(places(), busyHosts(), holdsByHost.keys()));
  return {
    snapshot,
    racks,
    sites: new Map(snapshot.sites.map((site) => [site.code, site])),
    hosts: { get: (id) => places().host(id) },
    get hostsByRack() {
      return places().byRack;
    },
    get hostsBySite() {
      return places().bySite;
    },
    get hostsByGroup() {
      return places().byGroup;
    },
    get busyHosts() {
      return busyHosts();
    },
    get touchedHosts() {
      return touchedHosts();
    },
    get leasesByHost() {
      return leasesByHost();
    },
    holdsByHost,
    operationByHost,
    tenantNames: new Map(snapshot.tenants.map((tenant) => [tenant.id, tenant.name])),
    observed: (hostId) => snapshot.observed.get(hostId) ?? unobserved,
    feedLines: (host) => linesByRack.get(rackOf(host) ?? "") ?? [],
  };
}

/** Some hosts, and those of the ids that are not among them. */
function hostsAmong(
  places: PlaceIndex,
  hosts: readonly HostRecord[],
  ids: Iterable<HostId>,
): readonly HostRecord[] {
  const found = new Map(hosts.map((host) => [host.id, host]));
  for (const id of ids) {
    const host = found.has(id) ? undefined : places.host(id);
    if (host !== undefined) found.set(id, host);
  }
  return [...found.values()];
}

interface RackIndex {
  readonly racks: ReadonlyMap<string, RackRecord>;
  readonly linesByRack: ReadonlyMap<string, readonly string[]>;
}

/** Racks change seldom: one list of them is indexed once. */
const indexedRacks = new WeakMap<readonly RackRecord[], RackIndex>();

function indexRacks(list: readonly RackRecord[]): RackIndex {
  const known = indexedRacks.get(list);
  if (known !== undefined) return known;
  const made = {
    racks: new Map(list.map((rack) => [rack.id, rack])),
    linesByRack: new Map(
      list.map((rack) => [rack.id, rack.feeds.map((feed) => feedLineOf(rack, feed))]),
    ),
  };
  indexedRacks.set(list, made);
  return made;
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
