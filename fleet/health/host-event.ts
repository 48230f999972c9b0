import type { HostId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { FindingChange } from "./finding.ts";
import type { RebootAnswer } from "./reboot-facts.ts";

/** One thing that happened to a host, as its history keeps it. */
export interface HostEvent {
  /** UUIDv7: in the order in which they were noted. */
  readonly id: string;
  readonly hostId: HostId;
  /** By the manager's clock. */
  readonly atMs: UnixMs;
  readonly what: HostEventFacts;
}

export type HostEventFacts =
  | { readonly kind: "finding"; readonly change: FindingChange }
  | { readonly kind: "reboot"; readonly reboot: RebootAnswer };

/** Events that are kept of one host; older ones go. */
export const hostEventsMax = 500;
