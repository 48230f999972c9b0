import type { PlantedBug } from "./plant.ts";

/** Every bug that is planted; docs/simulation.md says how one is added. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    name: "a host does again what it has noted as done",
    file: "agent/commands/order-memory.ts",
    find: "if (before === undefined || before.answer === null) return null;",
    replace: "return null;",
    kind: "hosts",
    seeds: [1, 2, 3],
    killedBy: "S3",
  },
];
