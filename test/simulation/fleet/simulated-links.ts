import type { Links } from "#fleet/inventory/links.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { VirtualClock } from "#test/support/virtual-clock.ts";
import type { FleetNetwork } from "./fleet-network.ts";

const [lateMs, lostMs, graceMs] = [30_000, 90_000, 300_000];

/**
 * What one manager knows of the links, as the gateway's own tracker says it: all times are by its wall
 * clock as it is now, also where that has leapt since.
 */
export function createSimulatedLinks(parts: {
  readonly network: Pick<FleetNetwork, "heard" | "isHeard">;
  /** The world's. */
  readonly clock: VirtualClock;
  /** The manager's wall clock against the world's, ms. */
  readonly wallMs: () => number;
}): Links {
  const { network, clock, wallMs } = parts;
  const startedMs = clock.nowMonotonicMs();
  const view: Links["view"] = (hostId) => {
    const { isHeard, sinceMs } = network.heard(hostId);
    const nowMs = clock.nowUnixMs();
    const silentMs = isHeard ? 0 : nowMs - sinceMs;
    const isInGrace = clock.nowMonotonicMs() - startedMs < graceMs;
    const state =
      silentMs < lateMs ? "connected" : silentMs < lostMs || isInGrace ? "late" : "lost";
    const begunMs = isHeard ? sinceMs : sinceMs + (state === "lost" ? lostMs : lateMs);
    return {
      state,
      sinceMs: unixMs(begunMs + wallMs()),
      lastHeardMs: unixMs((isHeard ? nowMs : sinceMs) + wallMs()),
      sessionId: null,
      clockOffsetMs: 0,
    };
  };
  return {
    view,
    isConnected: (hostId) => network.isHeard(hostId) || view(hostId).state === "connected",
  };
}
