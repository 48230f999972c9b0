import { existsSync } from "node:fs";
import type { FleetOptions, FleetSize } from "./fleet-size.ts";
import { type FleetRun, runFleetSimulation } from "./run-fleet.ts";

/** A fleet's run as data: it can be kept in a file, and made smaller. */
export interface FleetStory extends FleetSize {
  readonly kind: "fleet";
  readonly seed: number;
  readonly pace: number;
  /** Names of the deeds and faults that happen; null: all that the seed brings. */
  readonly only: readonly string[] | null;
}

/** The same story gives the same run. */
export function playFleet(
  story: FleetStory,
  options: Partial<Pick<FleetOptions, "rules" | "watch" | "onDeed" | "isEnough">> = {},
): Promise<FleetRun> {
  const { seed, hosts, hours, pace, only } = story;
  return runFleetSimulation(
    seed,
    { hosts, hours },
    {
      ...options,
      pace,
      folder: existsSync("/dev/shm") ? "/dev/shm" : null,
      ...(only !== null && { only: new Set(only) }),
    },
  );
}
