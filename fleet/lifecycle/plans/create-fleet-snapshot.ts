import type { HealthReader } from "#fleet/health/health-reader.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Links } from "#fleet/inventory/links.ts";
import type { Tenancy } from "#fleet/tenancy/tenancy-desk.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import type { LifeStore } from "../life-store.ts";
import { lifecycleNumbers } from "../numbers.ts";
import type { FleetSnapshot, ObservedHost } from "./fleet-snapshot.ts";
import { createPlaceIndexer, type PlaceIndex } from "./place-index.ts";

export interface SnapshotSources {
  readonly inventory: Pick<Inventory, "hosts" | "racks" | "sites">;
  readonly store: Pick<LifeStore, "listOpenOperations" | "listStarts" | "listHolds">;
  readonly tenancy: Pick<Tenancy, "tenants" | "leases">;
  readonly links: Links;
  readonly health: Pick<HealthReader, "view">;
  readonly telemetry: PowerReadings;
  readonly clock: Clock;
  /** Since when this manager leads and hears. */
  readonly leadsSinceMs: () => UnixMs;
  /** Hosts that run the fleet itself; those tagged `management` are too. */
  readonly management?: () => ReadonlySet<HostId>;
  /** Whether a host's BMC is known and may be asked; absent: no host's is. */
  readonly hasBmc?: (host: HostRecord) => boolean;
}

/** What is asked of telemetry: a host's newest figure of one metric, and when it was received. */
export interface PowerReadings {
  latest(
    hostId: HostId,
  ): { readonly receivedMs: UnixMs; hostWide(metric: "hw.host.power"): number | null } | undefined;
}

/** Newest operations looked at for those that began within the last minute. */
const startsMax = 100;
const startsWithinMs = 60_000;

/** Reads the fleet as it is now: most of it from memory, open operations and holds from the store. */
export function createFleetSnapshot(sources: SnapshotSources): () => Promise<FleetSnapshot> {
  const { inventory, store, tenancy, clock } = sources;
  const placesOf = createPlaceIndexer();
  return async () => {
    const askedMs = clock.nowUnixMs();
    const [hosts, racks, sites, holds, leases, tenants, operations, started] = await Promise.all([
      inventory.hosts(),
      inventory.racks(),
      inventory.sites(),
      store.listHolds(),
      tenancy.leases(),
      tenancy.tenants(),
      store.listOpenOperations(),
      store.listStarts(unixMs(askedMs - startsWithinMs), startsMax),
    ]);
    const nowMs = clock.nowUnixMs();
    const places = placesOf(hosts);
    const management = new Set(sources.management?.() ?? []);
    for (const { id } of places.management) management.add(id);
    return {
      nowMs,
      leadsSinceMs: sources.leadsSinceMs(),
      hosts,
      places,
      racks,
      sites,
      holds,
      leases,
      tenants,
      operations,
      startsMs: started.filter((startedMs) => startedMs > nowMs - startsWithinMs),
      observed: observedWhenAsked(sources, nowMs),
      management,
      ...(sources.hasBmc !== undefined && { withBmc: bmcWhenAsked(sources.hasBmc, places) }),
    };
  };
}

/** Asked of the hosts of a plan alone. */
function bmcWhenAsked(
  hasBmc: (host: HostRecord) => boolean,
  places: PlaceIndex,
): NonNullable<FleetSnapshot["withBmc"]> {
  return {
    has(hostId) {
      const host = places.host(hostId);
      return host !== undefined && hasBmc(host);
    },
  };
}

/** Of each host once, when somebody wants to know: most rounds ask of a few. */
function observedWhenAsked(sources: SnapshotSources, nowMs: UnixMs): FleetSnapshot["observed"] {
  const observed = new Map<HostId, ObservedHost>();
  const { health } = sources;
  const { isConnected } = sources.links;
  return {
    get(hostId) {
      const known = observed.get(hostId) ?? observe(sources, hostId, nowMs);
      observed.set(hostId, known);
      return known;
    },
    ...(isConnected !== undefined && {
      isUp(hostId) {
        // What was told once stays so for as long as the snapshot is looked at.
        const known = observed.get(hostId);
        if (known !== undefined) return known.link === "connected" && known.verdict !== "failed";
        return isConnected(hostId) && health.view(hostId).verdict !== "failed";
      },
    }),
  };
}

function observe(sources: SnapshotSources, hostId: HostId, nowMs: UnixMs): ObservedHost {
  const { state, sinceMs, lastHeardMs } = sources.links.view(hostId);
  return {
    link: state,
    linkSinceMs: sinceMs,
    lastHeardMs,
    verdict: sources.health.view(hostId).verdict,
    // Whoever counts who serves looks at thousands, and at nobody's watts.
    get watts() {
      return wattsOf(sources.telemetry, hostId, nowMs);
    },
  };
}

/** null: not measured, or too old to plan by. Nonsense is not measured either. */
function wattsOf(telemetry: PowerReadings, hostId: HostId, nowMs: UnixMs): ObservedHost["watts"] {
  const latest = telemetry.latest(hostId);
  if (latest === undefined || nowMs - latest.receivedMs > lifecycleNumbers.wattsFreshMs)
    return null;
  const value = latest.hostWide("hw.host.power");
  if (value === null || !Number.isFinite(value) || value < 0) return null;
  return { value, atMs: latest.receivedMs };
}
