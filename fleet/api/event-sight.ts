import type { FleetEvent, FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Plans } from "#fleet/lifecycle/lifecycle.ts";
import type { DomainWatch } from "#fleet/lifecycle/watch-domain-events.ts";
import type { HostId, PlanId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Placed, Sight } from "./sight.ts";

/** Which events a watcher with few rights is told of, decided without waiting. */
export interface EventSight {
  isSeen(event: FleetEvent, sight: Sight): boolean;
  close(): void;
}

/** A plan's hosts never change: the newest plans' are kept. */
const plansMax = 1_000;

/**
 * Keeps where each host is, and which hosts each plan names. What is not known yet is not told: its
 * watcher sees it at the next change, or when it asks.
 */
export function createEventSight(parts: {
  readonly inventory: Pick<Inventory, "hosts" | "host">;
  readonly plans: Pick<Plans, "find">;
  readonly domains: Pick<DomainWatch, "open">;
  readonly events: FleetEvents;
  readonly log: Log;
}): EventSight {
  const { inventory, plans, domains, events, log } = parts;
  const places = new Map<HostId, Placed>();
  const planHosts = new Map<PlanId, readonly HostId[]>();
  const whenFailed = (err: unknown): void =>
    log.warn({ err }, "where a thing is could not be read: watchers of single sites are not told");

  const loadAll = async (): Promise<void> => {
    for (const host of await inventory.hosts()) places.set(host.id, host);
  };
  const loadHost = async (id: HostId): Promise<void> => {
    const host = await inventory.host(id);
    if (host !== undefined) places.set(id, host);
  };
  const loadPlan = async (id: PlanId): Promise<void> => {
    const plan = await plans.find(id);
    if (plan === undefined) return;
    planHosts.set(
      id,
      plan.hosts.map(({ hostId }) => hostId),
    );
    const oldest = planHosts.keys().next();
    if (planHosts.size > plansMax && !oldest.done) planHosts.delete(oldest.value);
  };
  loadAll().catch(whenFailed);
  const unsubscribe = events.subscribe((event) => {
    if (event.kind === "host-changed") loadHost(event.hostId).catch(whenFailed);
    if (event.kind === "plan-changed" && !planHosts.has(event.planId))
      loadPlan(event.planId).catch(whenFailed);
  });

  const seesHost = (id: HostId, sight: Sight): boolean => {
    const place = places.get(id);
    return place !== undefined && sight.sees(place);
  };
  return {
    isSeen(event, sight) {
      if (sight.isAll) return true;
      if (event.kind === "freeze-changed") return true;
      if ("hostId" in event) return seesHost(event.hostId, sight);
      if (event.kind === "plan-changed")
        return planHosts.get(event.planId)?.every((id) => seesHost(id, sight)) ?? false;
      if (event.kind === "domain-event") {
        const found = domains.open().find(({ id }) => id === event.alertId);
        return found?.lost.every((id) => seesHost(id, sight)) ?? false;
      }
      // What waits sits nowhere yet; the rest concerns whole cells.
      return false;
    },
    close: unsubscribe,
  };
}

/** For a manager that cannot tell where a thing is: whoever sees everything is told everything. */
export const wholeSight: EventSight = { isSeen: (_event, sight) => sight.isAll, close() {} };
