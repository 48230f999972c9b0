import type { Rule } from "../invariants/checker.ts";
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
  /** Asked every few minutes of the fleet: true ends the run, which then throws FleetStopped. */
  readonly isEnough: () => boolean;
  /** All of them where it is not given. */
  readonly rules: readonly Rule[];
  /** Is told the name of each deed and fault that happens: the same seed gives the same names. */
  readonly onDeed: (name: string) => void;
  /** By their names, the only deeds and faults that happen; what is drawn for the others is left out. */
  readonly only: ReadonlySet<string>;
}

export const month: FleetSize = { hosts: 10_000, hours: 30 * 24 };

/**
 * The pace of a believable month of 10,000 hosts; docs/simulation.md has what comes of it in numbers.
 * At pace 1 four times as much happens.
 */
export const monthPace = 0.25;
