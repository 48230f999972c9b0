import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Links, LinkState } from "#fleet/inventory/links.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { LostNeighbours } from "./reboot-facts.ts";

/** Two silences that begin within this began at the same moment: a heartbeat is sent every 10 s. */
export const sameMomentMs = 30_000;

/** When each host was last heard before it fell silent; what tells one machine's end from a rack's. */
export interface Silences {
  linkChanged(hostId: HostId, state: LinkState): void;
  forget(hostId: HostId): void;
  /** How many others of its rack and site fell silent with a host that was last heard then. */
  neighboursOf(host: HostRecord, lastHeardMs: number, hosts: readonly HostRecord[]): LostNeighbours;
}

export function createSilences(links: Links): Silences {
  const lastHeard = new Map<HostId, number>();
  return {
    linkChanged(hostId, state) {
      if (state !== "late" && state !== "lost") return;
      const { lastHeardMs } = links.view(hostId);
      if (lastHeardMs !== null) lastHeard.set(hostId, lastHeardMs);
    },
    forget: (hostId) => void lastHeard.delete(hostId),
    neighboursOf(host, lastHeardMs, hosts) {
      const { position } = host;
      if (position === null) return { rack: null, site: null };
      const rack = { lost: 0, of: 0 };
      const site = { lost: 0, of: 0 };
      for (const other of hosts) {
        if (other.id === host.id || other.position?.site !== position.site) continue;
        if (links.view(other.id).state === "never") continue;
        const began = lastHeard.get(other.id);
        const isLost = began !== undefined && Math.abs(began - lastHeardMs) <= sameMomentMs;
        const isInRack =
          other.position.row === position.row && other.position.rack === position.rack;
        for (const count of isInRack ? [rack, site] : [site]) {
          count.of += 1;
          if (isLost) count.lost += 1;
        }
      }
      return { rack: rack.of === 0 ? null : rack, site: site.of === 0 ? null : site };
    },
  };
}
