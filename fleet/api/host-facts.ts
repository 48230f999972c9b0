import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { HostState } from "#proto/messages/state.ts";
import { absenceReasons } from "#proto/vocabulary/absence.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";

/** The little of a host's slow facts that every list needs. */
export interface HostFacts {
  readonly powerSource: string | null;
  /** Why the host gives no power; null where it does, or where nothing was said. */
  readonly powerReason: string | null;
  /** Collectors that gave nothing at their last run, with what they said. */
  readonly failedCollectors: readonly string[];
  readonly hasState: boolean;
}

export interface FactsCache {
  of(hostId: HostId): Promise<HostFacts>;
  close(): void;
}

/**
 * Keeps the facts of each host at hand, so that a list of thousands does not read as many states.
 * As large as the fleet; forgotten when the host's state changes.
 */
export function createFactsCache(inventory: Inventory, events: FleetEvents): FactsCache {
  const facts = new Map<HostId, Promise<HostFacts>>();
  const unsubscribe = events.subscribe((event) => {
    if (event.kind === "host-state" || event.kind === "host-removed") facts.delete(event.hostId);
  });
  return {
    of(hostId) {
      const known = facts.get(hostId);
      if (known !== undefined) return known;
      const reading = inventory.state(hostId).then(factsOf);
      facts.set(hostId, reading);
      reading.catch(() => {
        if (facts.get(hostId) === reading) facts.delete(hostId);
      });
      return reading;
    },
    close: unsubscribe,
  };
}

export function factsOf(state: HostState | undefined): HostFacts {
  if (state === undefined) {
    return { powerSource: null, powerReason: null, failedCollectors: [], hasState: false };
  }
  const absence = state.absences.find((entry) => entry.what === "hw.host.power");
  const detail = absence?.detail ? ` (${absence.detail})` : "";
  return {
    powerSource: state.powerSource,
    powerReason: absence === undefined ? null : `${absenceReasons[absence.reason]}${detail}`,
    failedCollectors: state.collectors
      .filter((collector) => collector.outcome === "failed")
      .map((collector) => `${collector.subject}: ${collector.detail}`),
    hasState: true,
  };
}
