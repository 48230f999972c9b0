import type { HealthReader } from "#fleet/health/health-reader.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Links } from "#fleet/inventory/links.ts";
import type { Lifecycle, LifeView } from "#fleet/lifecycle/lifecycle.ts";
import { lifecycleNumbers } from "#fleet/lifecycle/numbers.ts";
import type { ObservedHost } from "#fleet/lifecycle/plans/fleet-snapshot.ts";
import { whyOut } from "#fleet/lifecycle/plans/serving.ts";
import { rackOf } from "#fleet/lifecycle/plans/places.ts";
import { indexSnapshot } from "#fleet/lifecycle/plans/snapshot-index.ts";
import { powerSourceOf } from "#fleet/telemetry/host-wide.ts";
import type { Telemetry } from "#fleet/telemetry/telemetry.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { FleetFacts, HardwareFacts, HostFacts, PowerReading } from "./fleet-facts.ts";

export interface FactSources {
  readonly cell: string;
  readonly inventory: Pick<Inventory, "hosts" | "racks" | "sites">;
  readonly lifecycle: Pick<Lifecycle, "view">;
  readonly links: Links;
  readonly health: Pick<HealthReader, "view">;
  readonly telemetry: Pick<Telemetry, "latest">;
  readonly clock: Clock;
  /** Cores, memory and disks; kept by `createHardwareBook`. */
  readonly hardware: (hostId: HostId) => Promise<HardwareFacts | null>;
}

/** Reads the fleet as it is now, out of memory but for the hardware of hosts not asked before. */
export async function gatherFacts(sources: FactSources): Promise<FleetFacts> {
  const { inventory, lifecycle, clock } = sources;
  const [records, racks, sites] = await Promise.all([
    inventory.hosts(),
    inventory.racks(),
    inventory.sites(),
  ]);
  const nowMs = clock.nowUnixMs();
  const lives = new Map<HostId, LifeView>();
  const observed = new Map<HostId, ObservedHost>();
  for (const record of records) {
    lives.set(record.id, lifecycle.view(record));
    observed.set(record.id, observe(sources, record.id));
  }
  // The rules by which plans count who serves; leases and tenants have no say in them.
  const index = indexSnapshot({
    nowMs,
    // A report tells what is known now; nothing is taken on the strength of it.
    leadsSinceMs: unixMs(0),
    hosts: records,
    racks,
    sites,
    holds: [...lives.values()].flatMap(({ holds }) => holds),
    leases: [],
    tenants: [],
    operations: [],
    startsMs: [],
    observed,
    management: new Set(),
  });
  const feeds = new Map(racks.map((rack) => [rack.id, rack.feeds]));
  const hosts: HostFacts[] = [];
  for (const record of records) {
    const life = lives.get(record.id);
    const seen = observed.get(record.id);
    if (life === undefined || seen === undefined) continue;
    hosts.push({
      record,
      feeds: feeds.get(rackOf(record) ?? "") ?? [],
      life,
      link: seen.link,
      verdict: seen.verdict,
      whyOut: whyOut(record, index),
      power: readPower(sources.telemetry, record, nowMs),
      hardware: life.isSchedulable ? await sources.hardware(record.id) : null,
    });
  }
  return { atMs: nowMs, cell: sources.cell, hosts, racks, sites };
}

function observe(sources: FactSources, hostId: HostId): ObservedHost {
  const { state, sinceMs, lastHeardMs } = sources.links.view(hostId);
  const { verdict } = sources.health.view(hostId);
  return { link: state, linkSinceMs: sinceMs, lastHeardMs, verdict, watts: null };
}

/**
 * What a host draws now and by which instrument; null: nothing measured within the last ten
 * minutes. Nonsense is not measured either.
 */
export function readPower(
  telemetry: Pick<Telemetry, "latest">,
  { id }: Pick<HostRecord, "id">,
  nowMs: number,
): PowerReading | null {
  const latest = telemetry.latest(id);
  if (latest === undefined || nowMs - latest.receivedMs > lifecycleNumbers.wattsFreshMs)
    return null;
  const newest = latest.newestOf("hw.host.power");
  if (newest === null || !Number.isFinite(newest.value) || newest.value < 0) return null;
  const source = powerSourceOf(newest.series);
  return { watts: newest.value, source: source === "" ? "unknown" : source };
}
