import { expect, test } from "vitest";
import { replayCommand } from "#test/simulation/replay-command.ts";
import { runFleetSimulation } from "#test/simulation/fleet/run-fleet.ts";

/** Short lives of small fleets; WWS_FLEET_SEEDS widens or narrows it. */
const seeds = Number(process.env["WWS_FLEET_SEEDS"] ?? 6_000);
const size = { hosts: 24, hours: 4, pace: 14 };

test(
  `every rule holds in ${seeds} short lives of small fleets`,
  async () => {
    const failed: string[] = [];
    const looked: Record<string, number> = {};
    for (let seed = 100_000; seed < 100_000 + seeds; seed += 1) {
      const run = await runFleetSimulation(seed, size, size);
      for (const [rule, looks] of Object.entries(run.looks))
        looked[rule] = (looked[rule] ?? 0) + looks;
      const [first] = run.findings;
      if (first !== undefined)
        failed.push(
          `${replayCommand({ kind: "fleet", seed, ...size })}: ${first.rule}: ${first.words}`,
        );
    }
    expect(failed).toEqual([]);
    expect(Object.entries(looked).filter(([, looks]) => looks === 0)).toEqual([]);
  },
  seeds * 20_000,
);
