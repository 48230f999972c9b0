import type { HostId } from "#proto/vocabulary/ids.ts";
import type { MonotonicMs } from "#proto/vocabulary/units.ts";
import type { GatewaySettings } from "./gateway-settings.ts";
import { createTokenBucket, type TokenBucket } from "./token-bucket.ts";

/**
 * What one host may do to us, kept across its connections: so that reconnecting buys nothing, and
 * what one host does is paid by that host alone.
 */
export interface HostGate {
  readonly messages: TokenBucket;
  /** New dictionaries: each is kept for as long as a block uses it. */
  readonly dictionaries: TokenBucket;
  /** 0: it may come in. */
  coolOffLeftMs(now: MonotonicMs): number;
  startCoolOff(now: MonotonicMs): void;
}

export interface HostGates {
  of(hostId: HostId): HostGate;
  forget(hostId: HostId): void;
}

/** A set of series changes when hardware does: a few at once, then rarely. */
const dictionaryLimits = { perSecond: 1 / 60, burst: 64 };

export function createHostGates(settings: GatewaySettings): HostGates {
  const gates = new Map<HostId, HostGate>();
  return {
    of: (hostId) => {
      const known = gates.get(hostId);
      if (known !== undefined) return known;
      const gate = createGate(settings);
      gates.set(hostId, gate);
      return gate;
    },
    forget: (hostId) => void gates.delete(hostId),
  };
}

function createGate(settings: GatewaySettings): HostGate {
  let openAt: number | null = null;
  return {
    messages: createTokenBucket({
      perSecond: settings.messagesPerSecond,
      burst: settings.messagesBurst,
    }),
    dictionaries: createTokenBucket(dictionaryLimits),
    coolOffLeftMs: (now) => (openAt === null ? 0 : Math.max(0, Math.ceil(openAt - now))),
    startCoolOff: (now) => {
      openAt = now + settings.coolOffMs;
    },
  };
}
