import type { HealthView } from "#fleet/health/finding.ts";
import type { HealthReader } from "#fleet/health/health-reader.ts";
import type { RebootAnswer } from "#fleet/health/reboot-facts.ts";
import type { Lifecycle, LifeView } from "#fleet/lifecycle/lifecycle.ts";
import type { FeedRecord, HostRecord, RackRecord } from "#fleet/inventory/host-record.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Links, LinkView } from "#fleet/inventory/links.ts";
import type { LatestView, Telemetry } from "#fleet/telemetry/telemetry.ts";
import { rackOf } from "#fleet/lifecycle/plans/places.ts";
import type { TenantRecord } from "#fleet/tenancy/tenancy.ts";
import type { Tenancy } from "#fleet/tenancy/tenancy-desk.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { FactsCache, HostFacts } from "./host-facts.ts";
import { viewHost } from "./host-view.ts";
import type { Host } from "./host-schemas.ts";
import type { Sight } from "./sight.ts";
import { tenantNames } from "./life-view.ts";

/** Hosts as the API shows them. */
export interface HostViews {
  of(record: HostRecord): Promise<Host>;
  /** Every host of the cell that the asker sees, in the inventory's order. */
  all(sight: Sight): Promise<readonly Host[]>;
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
  readonly life: LifeView;
  readonly tenants: readonly TenantRecord[];
  readonly feeds: readonly FeedRecord[];
  readonly host: Host;
}

/** What of the cell is the same for every host. */
interface Around {
  readonly tenants: readonly TenantRecord[];
  /** By a rack's id. */
  readonly feeds: ReadonlyMap<string, readonly FeedRecord[]>;
}

const noFeeds: readonly FeedRecord[] = [];

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
  readonly lifecycle: Pick<Lifecycle, "view">;
  readonly tenancy: Pick<Tenancy, "tenants">;
}): HostViews {
  const made = new Map<HostId, Made>();
  let feeds: { readonly racks: readonly RackRecord[]; readonly byRack: Around["feeds"] } = {
    racks: [],
    byRack: new Map(),
  };

  const make = async (record: HostRecord, around: Around): Promise<Host> => {
    const { tenants } = around;
    const feeds = around.feeds.get(rackOf(record) ?? "") ?? noFeeds;
    const facts = await parts.facts.of(record.id);
    const link = parts.links.view(record.id);
    const latest = parts.telemetry.latest(record.id);
    const health = parts.health.view(record.id);
    const lastReboot = parts.health.lastReboot(record.id);
    const life = parts.lifecycle.view(record);
    const now = { record, facts, link, latest, health, lastReboot, life, tenants, feeds };
    const known = made.get(record.id);
    if (known !== undefined && isSame(known, now)) return known.host;
    const host = viewHost(record, { ...now, nameTenant: tenantNames(tenants) });
    const { receivedMs, observedMs } = latest ?? {};
    made.set(record.id, { ...now, receivedMs, observedMs, host });
    return host;
  };

  return {
    of: async (record) => make(record, await lookAround()),
    async all(sight) {
      const records = await parts.inventory.hosts();
      const around = await lookAround();
      const hosts = await Promise.all(records.map((record) => make(record, around)));
      if (made.size > records.length) forgetAllBut(new Set(records.map((record) => record.id)));
      return sight.isAll ? hosts : hosts.filter((host) => sight.sees(host));
    },
  };

  async function lookAround(): Promise<Around> {
    const [tenants, racks] = await Promise.all([parts.tenancy.tenants(), parts.inventory.racks()]);
    if (racks !== feeds.racks) {
      feeds = { racks, byRack: new Map(racks.map((rack) => [rack.id, rack.feeds])) };
    }
    return { tenants, feeds: feeds.byRack };
  }

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
    readonly life: LifeView;
    readonly tenants: readonly TenantRecord[];
    readonly feeds: readonly FeedRecord[];
  },
): boolean {
  return (
    known.record === now.record &&
    known.health === now.health &&
    known.lastReboot === now.lastReboot &&
    known.facts === now.facts &&
    known.feeds === now.feeds &&
    known.receivedMs === now.latest?.receivedMs &&
    known.observedMs === now.latest?.observedMs &&
    known.link.state === now.link.state &&
    known.link.sinceMs === now.link.sinceMs &&
    known.link.lastHeardMs === now.link.lastHeardMs &&
    known.link.clockOffsetMs === now.link.clockOffsetMs &&
    isSameLife(known.life, now.life) &&
    (now.life.leases.length === 0 || known.tenants === now.tenants)
  );
}

/** Records are never changed in place; what is computed anew is compared by what it says. */
function isSameLife(known: LifeView, now: LifeView): boolean {
  if (known === now) return true;
  return (
    known.lifecycle === now.lifecycle &&
    known.data === now.data &&
    known.isSchedulable === now.isSchedulable &&
    isSameList(known.holds, now.holds) &&
    isSameList(known.leases, now.leases) &&
    known.whyNotSchedulable.length === now.whyNotSchedulable.length &&
    known.whyNotSchedulable.every((why, index) => {
      const other = now.whyNotSchedulable[index];
      return why.words === other?.words && why.untilMs === other.untilMs;
    })
  );
}

function isSameList<Item>(known: readonly Item[], now: readonly Item[]): boolean {
  return known.length === now.length && known.every((item, index) => item === now[index]);
}
