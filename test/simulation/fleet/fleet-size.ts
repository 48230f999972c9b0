import type { Seen } from "../invariants/seen.ts";

/** How large a simulated fleet is, how long it lives, and how hard its life is. */
export interface FleetSize {
  readonly hosts: number;
  readonly hours: number;
}

export interface FleetOptions {
  /** How often things happen, by this factor; 1: about as often as in a lively fleet of 10,000. */
  readonly pace: number;
  /** Where copies of the store lie while it is restored from one; a folder in memory is quicker. */
  readonly folder: string | null;
  /** Is told everything that is seen, before the rules are. */
  readonly watch: (seen: Seen) => void;
}

export const month: FleetSize = { hosts: 10_000, hours: 30 * 24 };
