import type { HealthView } from "#fleet/health/finding.ts";
import type { HealthReader } from "#fleet/health/health-reader.ts";
import type { RebootAnswer } from "#fleet/health/reboot-facts.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Links, LinkView } from "#fleet/inventory/links.ts";
import type { LatestView, Telemetry } from "#fleet/telemetry/telemetry.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { FactsCache, HostFacts } from "./host-facts.ts";
import { viewHost } from "./host-view.ts";
import type { Host } from "./host-schemas.ts";

/** Hosts as the API shows them. */
export interface HostViews {
  of(record: HostRecord): Promise<Host>;
  /** Every host of the cell, in the inventory's order. */
  all(): Promise<readonly Host[]>;
}

/** What a view was made of; the same again gives the same view. */
interface Made {
  readonly record: HostRecord;
  readonly facts: HostFacts;
  readonly link: LinkView;
  readonly health: HealthView;
  readonly lastReboot: RebootAnswer | null;
  readonly receivedMs: number | undefined;
  readonly observedMs: number | undefined;
  readonly host: Host;
}

/**
 * Remembers each view until one of its parts moves: several consoles ask for all hosts twice a
 * second, and most hosts report far more rarely.
 */
export function createHostViews(parts: {
  readonly inventory: Inventory;
  readonly links: Links;
  readonly telemetry: Telemetry;
  readonly facts: FactsCache;
  readonly health: HealthReader;
}): HostViews {
  const made = new Map<HostId, Made>();

  const of = async (record: HostRecord): Promise<Host> => {
    const facts = await parts.facts.of(record.id);
    const link = parts.links.view(record.id);
    const latest = parts.telemetry.latest(record.id);
    const health = parts.health.view(record.id);
    const lastReboot = parts.health.lastReboot(record.id);
    const now = { record, facts, link, latest, health, lastReboot };
    const known = made.get(record.id);
    if (known !== undefined && isSame(known, now)) return known.host;
    const host = viewHost(record, now);
    const { receivedMs, observedMs } = latest ?? {};
    made.set(record.id, { record, facts, link, health, lastReboot, receivedMs, observedMs, host });
    return host;
  };

  return {
    of,
    async all() {
      const records = await parts.inventory.hosts();
      const hosts = await Promise.all(records.map(of));
      if (made.size > records.length) forgetAllBut(new Set(records.map((record) => record.id)));
      return hosts;
    },
  };

  function forgetAllBut(ids: ReadonlySet<HostId>): void {
    for (const id of made.keys()) if (!ids.has(id)) made.delete(id);
  }
}

function isSame(
  known: Made,
  now: {
    readonly record: HostRecord;
    readonly facts: HostFacts;
    readonly link: LinkView;
    readonly latest: LatestView | undefined;
    readonly health: HealthView;
    readonly lastReboot: RebootAnswer | null;
  },
): boolean {
  return (
    known.record === now.record &&
    known.health === now.health &&
    known.lastReboot === now.lastReboot &&
    known.facts === now.facts &&
    known.receivedMs === now.latest?.receivedMs &&
    known.observedMs === now.latest?.observedMs &&
    known.link.state === now.link.state &&
    known.link.sinceMs === now.link.sinceMs &&
    known.link.lastHeardMs === now.link.lastHeardMs &&
    known.link.clockOffsetMs === now.link.clockOffsetMs
  );
}
