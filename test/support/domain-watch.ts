import type { AuditEntry, AuditRecord } from "#fleet/audit/audit-entry.ts";
import { createEventBus } from "#fleet/inventory/event-bus.ts";
import type { FleetEvent } from "#fleet/inventory/fleet-events.ts";
import type { LinkState } from "#fleet/inventory/links.ts";
import type { KnownEvent } from "#fleet/lifecycle/domain-event-store.ts";
import { watchDomainEvents } from "#fleet/lifecycle/watch-domain-events.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf } from "./inventory-builders.ts";
import { planFleet, type PlanFleetShape } from "./plan-fleet.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { createVirtualClock } from "./virtual-clock.ts";

/** Ten racks of ten in one row of one site. */
export const watchedShape: PlanFleetShape = { racksPerRow: 10, hostsPerRack: 10 };

/**
 * The blindness brake over links, a store and a term that a test sets. `kept`: what the store has; a
 * second watch over it is the manager after a restart.
 */
export function watchDomains(
  of: PlanFleetShape = watchedShape,
  kept = new Map<string, KnownEvent>(),
  off: ReadonlySet<HostId> = new Set(),
) {
  const fleet = planFleet(of);
  const clock = createVirtualClock();
  /** The manager's: its wall clock may be set. */
  const wall = clock.hostClock({ wallOffsetMs: 0 });
  const events = createEventBus(silentLog);
  const links = new Map<HostId, { state: LinkState; heardAt: number }>();
  const told: FleetEvent[] = [];
  /** `refuses`: the store takes no write of its term. */
  const leads = { term: 1, refuses: false };
  const audit: AuditEntry[] = [];
  events.subscribe((event) => {
    if (event.kind === "domain-event") told.push(event);
  });
  const hosts = [...fleet.hosts];
  const watcher = watchDomainEvents({
    inventory: { hosts: async () => hosts, racks: async () => fleet.racks },
    links: {
      view: (id) => ({
        state: links.get(id)?.state ?? "connected",
        sinceMs: null,
        // By the wall clock as it is now, as the gateway's tracker has it.
        lastHeardMs: unixMs(
          wall.nowUnixMs() -
            wall.nowMonotonicMs() +
            (links.get(id)?.heardAt ?? wall.nowMonotonicMs()),
        ),
        sessionId: null,
        clockOffsetMs: null,
      }),
    },
    events,
    audit: {
      append: async (entry) => {
        audit.push(entry);
        return entry as AuditRecord;
      },
    },
    store: {
      readEvents: async () => [...kept.values()].filter(({ endedMs }) => endedMs === null),
      async writeEvents(changed) {
        if (leads.term === 0 || leads.refuses) return "term-over";
        for (const one of changed) kept.set(one.event.id, one);
        return "written";
      },
    },
    switchedOff: { among: async () => off },
    term: () => leads.term,
    clock: wall,
    random: createSeededRandom(3),
    log: silentLog,
  });
  const set = (numbers: readonly number[], state: LinkState): void => {
    for (const number of numbers) {
      const hostId = hostIdOf(number);
      const heardAt = wall.nowMonotonicMs() - (state === "lost" ? 90_000 : 0);
      links.set(hostId, { state, heardAt });
      events.publish({ kind: "link-changed", hostId, state });
    }
  };
  const codes = (number: number) => {
    const host = hosts[number - 1];
    return host === undefined ? null : (watcher.whyStopped(host)?.code ?? null);
  };
  const waits = (number: number) => {
    const host = hosts[number - 1];
    const why = host === undefined ? null : watcher.whyNotBegin(host);
    return why === null ? null : [why.code, (why.untilMs ?? wall.nowUnixMs()) - wall.nowUnixMs()];
  };
  return { ...watcher, clock, wall, leads, set, told, audit, codes, waits, hosts, kept };
}
