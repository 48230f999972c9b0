import { describe, expect, test } from "vitest";
import { replayCommand } from "#test/simulation/replay-command.ts";
import { runSimulation } from "#test/simulation/run-simulation.ts";

/** Seeds that `npm test` does not run; WWS_SOAK_SEEDS widens or narrows it. */
const seeds = Number(process.env["WWS_SOAK_SEEDS"] ?? 1_000);

describe("the simulation, many seeds", () => {
  test(
    `S1, S2 and L3 hold under ${seeds} seeds`,
    async () => {
      const failed: string[] = [];
      for (let seed = 100_000; seed < 100_000 + seeds; seed += 1) {
        const { problems } = await runSimulation({ seed, hosts: 8, faultyMs: 900_000 });
        if (problems.length > 0)
          failed.push(`${replayCommand({ kind: "samples", seed })}: ${problems[0]}`);
      }
      expect(failed).toEqual([]);
    },
    seeds * 20_000,
  );
});
