import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Component, HostState } from "#proto/messages/state.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { HardwareFacts } from "./fleet-facts.ts";

/** The hardware of each host as it last said, at hand; null: it has not said anything. */
export interface HardwareBook {
  of(hostId: HostId): Promise<HardwareFacts | null>;
  close(): void;
}

/** As large as the fleet; a host is forgotten when its state changes. */
export function createHardwareBook(
  inventory: Pick<Inventory, "state">,
  events: Pick<FleetEvents, "subscribe">,
): HardwareBook {
  const known = new Map<HostId, Promise<HardwareFacts | null>>();
  const unsubscribe = events.subscribe((event) => {
    if (event.kind === "host-state" || event.kind === "host-removed") known.delete(event.hostId);
  });
  return {
    of(hostId) {
      const found = known.get(hostId);
      if (found !== undefined) return found;
      const reading = inventory.state(hostId).then(hardwareOf);
      known.set(hostId, reading);
      reading.catch(() => {
        if (known.get(hostId) === reading) known.delete(hostId);
      });
      return reading;
    },
    close: unsubscribe,
  };
}

export function hardwareOf(state: HostState | undefined): HardwareFacts | null {
  if (state === undefined) return null;
  const { processor, memoryBytes, components } = state.identity;
  const disks = components.filter(isOwnDisk);
  const sizes = disks.flatMap(({ sizeBytes }) => (sizeBytes === null ? [] : [sizeBytes]));
  return {
    cores: processor?.cores ?? null,
    memoryBytes,
    // Half a sum is a wrong figure, not a smaller one.
    diskBytes: sizes.length < disks.length ? null : sizes.reduce((sum, size) => sum + size, 0),
  };
}

/** Not a stick, and not a BMC's virtual medium. */
function isOwnDisk({ kind, sizeBytes, interface: bus }: Component): boolean {
  return kind === "disk" && sizeBytes !== 0 && bus !== "usb" && bus !== "mmc";
}
