import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";

/** Under `npm start` the one host that was adopted as it stands is the machine we run on. */
export function awaitThisMachine(
  events: FleetEvents,
  inventory: Inventory,
  log: Log,
): { readonly hasReported: () => boolean; readonly hostIds: () => readonly HostId[] } {
  let hasReported = false;
  const hostIds: HostId[] = [];
  const leave = events.subscribe((event) => {
    if (event.kind !== "host-telemetry" || hasReported) return;
    inventory.host(event.hostId).then(
      (host) => {
        if (host?.adopted !== true || host.simulated) return;
        hasReported = true;
        hostIds.push(host.id);
        leave();
      },
      // The next report asks again.
      (error: unknown) => log.warn({ err: error }, "a reporting host could not be looked up"),
    );
  });
  return { hasReported: () => hasReported, hostIds: () => hostIds };
}
