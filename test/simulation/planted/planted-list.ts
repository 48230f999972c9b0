import { fleetBugs } from "./fleet-bugs.ts";
import { hostBugs } from "./host-bugs.ts";
import type { PlantedBug } from "./plant.ts";

/** Every bug that is planted; docs/simulation.md says how one is added. */
export const plantedBugs: readonly PlantedBug[] = [...hostBugs, ...fleetBugs];
