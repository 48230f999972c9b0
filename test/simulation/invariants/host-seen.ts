import type { HostEffect } from "#test/simulation/hosts/host-work.ts";
import type { OrderFacts } from "#agent/journal/order-journal.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";

/** What only a simulation with whole agents sees. */
export type HostSeen = Effected | OrdersNoted | SocketsOf | SamplesOf | SaidOf | BackOf;

/** Something was really done to a host, by whatever order its agent had. */
export interface Effected {
  readonly kind: "effect";
  readonly hostId: HostId;
  readonly effect: HostEffect;
  /** What the host's disk says of its orders; null: nothing yet. */
  readonly noted: OrderFacts | null;
}

/** A host's disk says something else of its orders. */
export interface OrdersNoted {
  readonly kind: "orders-noted";
  readonly hostId: HostId;
  readonly before: OrderFacts | null;
  readonly noted: OrderFacts;
  /** Highest term of any welcome that the host had kept by then. */
  readonly seenTerm: number;
  /** The term with which a command came; undefined: no such command came. */
  readonly termOf: (commandId: string) => number | undefined;
}

/** Sockets of a host whose identity was revoked; `revokedAtMs`: or since its managers run again. */
export interface SocketsOf {
  readonly kind: "sockets";
  readonly hostId: HostId;
  readonly revokedAtMs: number;
  /** Since when each is open, the world's time. */
  readonly openSinceMs: readonly number[];
}

/** What was sent, acknowledged and is readable of one host. */
export interface SamplesOf {
  readonly kind: "samples";
  readonly hostId: HostId;
  readonly acknowledgedPoints: number;
  readonly readablePoints: number;
  /** Each begins with its rule: `S1: …`. */
  readonly problems: readonly string[];
}

/** What is kept of a host that another, hostile one spoke of. */
export interface SaidOf {
  readonly kind: "said";
  readonly hostId: HostId;
  /** Everything that is kept of it, as JSON. */
  readonly kept: string;
  /** Words that only a hostile host has said. */
  readonly words: readonly string[];
}

/** Ten minutes after all trouble has ended. */
export interface BackOf {
  readonly kind: "back";
  readonly hostId: HostId;
  readonly link: string;
  readonly reportsHeld: number | null;
}
