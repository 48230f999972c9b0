import { describe, expect, test } from "vitest";
import { replayCommand } from "./replay-command.ts";
import { runSimulation } from "./run-simulation.ts";

const seeds = Array.from({ length: 12 }, (_, index) => 1_000 + index);

describe("the manager core and eight agent cores on virtual time", { timeout: 120_000 }, () => {
  test.each(seeds)("hold S1, S2 and L3 under the faults of seed %d", async (seed) => {
    const result = await runSimulation({ seed, hosts: 8, faultyMs: 900_000 });
    expect(result.problems, replayCommand({ kind: "samples", seed })).toEqual([]);
    expect(result.acknowledgedPoints).toBeGreaterThan(8 * 3 * 600);
  });
});
