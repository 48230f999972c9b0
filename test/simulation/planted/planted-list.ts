import type { PlantedBug } from "./plant.ts";

/** Every bug that is planted; docs/simulation.md says how one is added. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    name: "a host takes orders of an epoch that is over",
    file: "agent/commands/judge-order.ts",
    find: "if (epoch < facts.epoch) {",
    replace: "if (epoch < 0) {",
    kind: "hosts",
    seeds: Array.from({ length: 60 }, (_, index) => 1 + index),
    killedBy: "S11",
  },
];
