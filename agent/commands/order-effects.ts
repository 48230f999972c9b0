import type { OrderJournal } from "#agent/journal/order-journal.ts";
import type { BootId, HostId } from "#proto/vocabulary/ids.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { HoldNotice } from "./hold-file.ts";
import type { HostControl } from "./host-control.ts";

/**
 * Moments between two steps of an order: a test ends the process there. The program itself hands in
 * nothing that could.
 */
export const orderFailPoints = [
  "order-taken",
  "order-received",
  "order-started",
  "order-acted",
  "order-done",
  "evacuation-asked",
  "evacuation-over",
] as const;
export type OrderFailPoint = (typeof orderFailPoints)[number];

/** What an agent needs to carry orders out, beside what it has for its reports. */
export interface OrderHands {
  readonly journal: OrderJournal;
  readonly control: HostControl;
  /** null: nobody holds this host. */
  readonly readHold: () => HoldNotice | null;
  readonly failPoint: (name: OrderFailPoint) => void;
}

export interface OrderDeskEffects extends OrderHands {
  readonly clock: Clock;
  readonly log: Log;
  readonly bootId: BootId;
  readonly hostId: HostId;
  readonly generation: number;
  /** The manager's time: what expires does so by its clock, whatever the host's says. */
  readonly nowMs: () => UnixMs;
  /** Highest term of any welcome. */
  readonly term: () => number;
  /** null: not known; undefined: not looked for yet. */
  readonly serial: () => string | null | undefined;
  /** There is progress to send. */
  readonly onProgress: () => void;
}
