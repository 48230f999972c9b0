import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { BootRequest, SystemCall } from "./boot-witness.ts";

/**
 * What others than the BMC know of the host at the moment of a decision. Handed in anew each time;
 * times are by our own clock.
 */
export interface BootEvidence {
  /** Since the loop began, oldest first. */
  readonly requests: readonly BootRequest[];
  readonly calls: readonly SystemCall[];
  /** When an agent of this host was last heard; null: never. */
  readonly heardMs: UnixMs | null;
  /** Of the host's port at its switch; `down` also where the port was closed and read back. */
  readonly link: { readonly state: "up" | "down"; readonly observedMs: UnixMs } | null;
  /** At the outlet, by a meter that is not the BMC. */
  readonly outlet: { readonly milliwatts: number; readonly observedMs: UnixMs } | null;
  /** A person at the machine said that it is off, with its serial. */
  readonly personSaysOffMs: UnixMs | null;
  /** Why its power must not be cut now. */
  readonly noCuts: readonly NoCut[];
}

/** `untilMs` null: until whoever handed it in takes it away. */
export interface NoCut {
  readonly kind: "flash" | "erase" | "lease";
  readonly untilMs: UnixMs | null;
  readonly words: string;
}

export const noEvidence: BootEvidence = {
  requests: [],
  calls: [],
  heardMs: null,
  link: null,
  outlet: null,
  personSaysOffMs: null,
  noCuts: [],
};
