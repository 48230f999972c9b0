import type {
  HostRecord,
  MaintenanceWindow,
  RackRecord,
  SiteRecord,
} from "#fleet/inventory/host-record.ts";
import type { Asker } from "#fleet/lifecycle/lifecycle.ts";
import type { PlanAction } from "#fleet/lifecycle/plan.ts";
import type { FleetSnapshot, ObservedHost } from "#fleet/lifecycle/plans/fleet-snapshot.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostRecord, positionOf, testCell } from "./inventory-builders.ts";
import { virtualStartMs } from "./virtual-clock.ts";

export interface PlanFleetShape {
  readonly sites?: readonly string[];
  readonly rowsPerSite?: number;
  readonly racksPerRow?: number;
  readonly hostsPerRack?: number;
  readonly feedWatts?: number;
  /** Feed A of all racks of a row hangs on one line, feed B on another. */
  readonly sharedFeeds?: boolean;
  readonly classes?: readonly string[];
  readonly windows?: readonly MaintenanceWindow[];
  readonly host?: (number: number) => Partial<HostRecord>;
}

/** A fleet at rest: every host active, heard and measured at 200 W. Hosts are numbered from 1. */
export function planFleet(shape: PlanFleetShape = {}): FleetSnapshot {
  const nowMs = unixMs(virtualStartMs);
  const hosts: HostRecord[] = [];
  const racks: RackRecord[] = [];
  const codes = shape.sites ?? ["fra2"];
  const sites: SiteRecord[] = codes.map((code) => ({
    code,
    region: "eu",
    timeZone: "Europe/Berlin",
    cell: testCell,
    windows: shape.windows ?? [],
  }));
  const classes = shape.classes ?? ["compute"];
  for (const site of codes) {
    for (let row = 0; row < (shape.rowsPerSite ?? 1); row += 1) {
      for (let rack = 0; rack < (shape.racksPerRow ?? 10); rack += 1) {
        const name = `rack-${String(rack + 1).padStart(2, "0")}`;
        const letter = `row-${String.fromCharCode(97 + row)}`;
        const upstream = (feed: string) =>
          shape.sharedFeeds === true ? `ups-${feed.toLowerCase()}` : null;
        racks.push({
          id: `${site}/${letter}/${name}`,
          region: "eu",
          site,
          row: letter,
          rack: name,
          heightUnits: 48,
          feeds: ["A", "B"].map((feed) => ({
            name: feed,
            budgetWatts: shape.feedWatts ?? 5_000,
            upstream: upstream(feed),
          })),
        });
        for (let unit = 1; unit <= (shape.hostsPerRack ?? 10); unit += 1) {
          const number = hosts.length + 1;
          hosts.push(
            hostRecord(number, {
              position: positionOf(`eu/${site}/${letter}/${name}/u${unit}`),
              hardwareClass: classes[number % classes.length] ?? null,
              serial: `SN${number}`,
              bootId: "0f4c6b0e-5df4-4f20-8b2c-3b9a3f1a2b3c" as HostRecord["bootId"],
              ...shape.host?.(number),
            }),
          );
        }
      }
    }
  }
  return {
    nowMs,
    leadsSinceMs: unixMs(nowMs - 86_400_000),
    hosts,
    racks,
    sites,
    holds: [],
    leases: [],
    tenants: [],
    operations: [],
    startsMs: [],
    observed: new Map(hosts.map((host) => [host.id, heard()])),
    management: new Set<HostId>(),
  };
}

/** Connected, in good health, measured. */
export function heard(facts: Partial<ObservedHost> = {}): ObservedHost {
  return {
    link: "connected",
    linkSinceMs: unixMs(virtualStartMs - 3_600_000),
    lastHeardMs: unixMs(virtualStartMs),
    verdict: "ok",
    watts: { value: 200, atMs: unixMs(virtualStartMs) },
    ...facts,
  };
}

/** Silent for ten minutes. */
export function lost(facts: Partial<ObservedHost> = {}): ObservedHost {
  return heard({
    link: "lost",
    linkSinceMs: unixMs(virtualStartMs - 510_000),
    lastHeardMs: unixMs(virtualStartMs - 600_000),
    watts: null,
    ...facts,
  });
}

/** The snapshot with other observations of some hosts. */
export function observing(
  snapshot: FleetSnapshot,
  others: readonly (readonly [HostId, ObservedHost])[],
): FleetSnapshot {
  const differing = new Map(others);
  return {
    ...snapshot,
    observed: { get: (id) => differing.get(id) ?? snapshot.observed.get(id) },
  };
}

/** A planned drain of two hours. */
export function drainFor(
  facts: Partial<Extract<PlanAction, { kind: "drain" }>> = {},
): Extract<PlanAction, { kind: "drain" }> {
  return {
    kind: "drain",
    drain: "planned",
    deadlineMs: 2 * 3_600_000,
    force: false,
    graceMs: 60_000,
    ...facts,
  };
}

export const ana: Asker = { name: "ana", kind: "person", reason: "new fans" };
export const bob: Asker = { name: "bob", kind: "person", reason: "as agreed" };
