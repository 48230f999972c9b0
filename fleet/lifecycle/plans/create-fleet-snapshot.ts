import type { HealthReader } from "#fleet/health/health-reader.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Links } from "#fleet/inventory/links.ts";
import type { Tenancy } from "#fleet/tenancy/tenancy-desk.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { LifeStore } from "../life-store.ts";
import { lifecycleNumbers } from "../numbers.ts";
import type { FleetSnapshot, ObservedHost } from "./fleet-snapshot.ts";

export interface SnapshotSources {
  readonly inventory: Pick<Inventory, "hosts" | "racks" | "sites">;
  readonly store: Pick<LifeStore, "listOpenOperations" | "listOperations" | "listHolds">;
  readonly tenancy: Pick<Tenancy, "tenants" | "leases">;
  readonly links: Links;
  readonly health: Pick<HealthReader, "view">;
  readonly telemetry: PowerReadings;
  readonly clock: Clock;
  /** Since when this manager leads. */
  readonly leadsSinceMs: () => UnixMs;
  /** Hosts that run the fleet itself; those tagged `management` are too. */
  readonly management?: () => ReadonlySet<HostId>;
}

/** What is asked of telemetry: a host's newest figure of one metric, and when it was received. */
export interface PowerReadings {
  latest(
    hostId: HostId,
  ): { readonly receivedMs: UnixMs; hostWide(metric: "hw.host.power"): number | null } | undefined;
}

/** Newest operations looked at for those that began within the last minute. */
const startsMax = 100;

/** Reads the fleet as it is now: most of it from memory, open operations and holds from the store. */
export function createFleetSnapshot(sources: SnapshotSources): () => Promise<FleetSnapshot> {
  const { inventory, store, tenancy, clock } = sources;
  return async () => {
    const [hosts, racks, sites, holds, leases, tenants, operations, newest] = await Promise.all([
      inventory.hosts(),
      inventory.racks(),
      inventory.sites(),
      store.listHolds(),
      tenancy.leases(),
      tenancy.tenants(),
      store.listOpenOperations(),
      store.listOperations({ before: null, limit: startsMax }),
    ]);
    const nowMs = clock.nowUnixMs();
    const management = new Set(sources.management?.() ?? []);
    const observed = new Map<HostId, ObservedHost>();
    for (const host of hosts) {
      observed.set(host.id, observe(sources, host.id, nowMs));
      if (host.tags.includes("management")) management.add(host.id);
    }
    return {
      nowMs,
      leadsSinceMs: sources.leadsSinceMs(),
      hosts,
      racks,
      sites,
      holds,
      leases,
      tenants,
      operations,
      startsMs: newest
        .filter(({ startedMs }) => startedMs > nowMs - 60_000)
        .map(({ startedMs }) => startedMs),
      observed,
      management,
    };
  };
}

function observe(sources: SnapshotSources, hostId: HostId, nowMs: UnixMs): ObservedHost {
  const { state, sinceMs, lastHeardMs } = sources.links.view(hostId);
  return {
    link: state,
    linkSinceMs: sinceMs,
    lastHeardMs,
    verdict: sources.health.view(hostId).verdict,
    watts: wattsOf(sources.telemetry, hostId, nowMs),
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
