import type { AlertId, DeliveryId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { AlertRecord, Transition } from "./alert.ts";

/**
 * `due`: written down, to be sent; `sending`: about to be sent, or sent and nobody knows; `sent`: taken;
 * `given-up`: refused, or tried for a day; `left-out`: beyond the channel's bound, counted in the next.
 */
export const deliveryStates = ["due", "sending", "sent", "given-up", "left-out"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/**
 * One message about one change of one alert over one channel: written with the change, before it is
 * sent. It keeps its id and its text however often it is sent, so that a receiver can tell.
 */
export interface DeliveryRecord {
  readonly id: DeliveryId;
  readonly alertId: AlertId;
  readonly channel: string;
  readonly transition: Transition;
  readonly state: DeliveryState;
  /** As it was when it changed; what is told. */
  readonly alert: AlertRecord;
  /** Those that are sent as one message have one; null before the first try. */
  readonly batchId: DeliveryId | null;
  /** Messages left out before this one; 0 before the first try. */
  readonly leftOut: number;
  readonly attempts: number;
  readonly createdMs: UnixMs;
  readonly nextMs: UnixMs;
  /** What the last try came to; null: there was none. */
  readonly outcome: string | null;
  readonly settledMs: UnixMs | null;
}

/** How a try ended. `refused`: trying again the same is of little use; `isFinal`: of none. */
export type SendOutcome =
  | { readonly kind: "sent"; readonly words: string }
  | { readonly kind: "failed"; readonly words: string; readonly retryAfterMs: number | null }
  | { readonly kind: "refused"; readonly words: string; readonly isFinal: boolean };

/** Several deliveries as one message. */
export interface Batch {
  readonly id: DeliveryId;
  readonly deliveries: readonly DeliveryRecord[];
  readonly leftOut: number;
  /** Of the messages that told of the same alerts before, oldest first. */
  readonly earlier: readonly DeliveryId[];
}

/** A way out of the house, as it was configured. */
export interface Channel {
  readonly name: string;
  readonly kind: "webhook" | "mail";
  /** What people see of where it goes: never a secret, never a path. */
  readonly target: string;
  /** The least that it is told. */
  readonly severity: "info" | "warn" | "page";
  readonly messagesPerHour: number;
  /** How long it waits for more that goes into the same message; 0: each is one. */
  readonly digestMs: number;
  readonly batchMax: number;
  /** Never rejects: what the world breaks is an outcome. */
  send(batch: Batch): Promise<SendOutcome>;
}
