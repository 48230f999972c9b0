import { expect, test } from "vitest";
import { runFleetSimulation } from "#test/simulation/fleet/run-fleet.ts";

/**
 * Short lives of small fleets; WWS_FLEET_SEEDS widens or narrows it. One that was interrupted goes on
 * from the seed that it named last: WWS_FLEET_FROM.
 */
const seeds = Number(process.env["WWS_FLEET_SEEDS"] ?? 4_000);
const from = Number(process.env["WWS_FLEET_FROM"] ?? 100_000);
const toldEvery = 50;

test(
  `every rule holds in ${seeds} short lives of small fleets, from seed ${from}`,
  async () => {
    const failed: string[] = [];
    const looked: Record<string, number> = {};
    for (let seed = from; seed < from + seeds; seed += 1) {
      const run = await runFleetSimulation(seed, { hosts: 24, hours: 4 }, { pace: 14 });
      for (const [rule, looks] of Object.entries(run.looks))
        looked[rule] = (looked[rule] ?? 0) + looks;
      const [first] = run.findings;
      if (first !== undefined) {
        const words = `node test/simulation/fleet/simulate-fleet.ts ${seed} 24 4 14: ${first.rule}: ${first.words}`;
        failed.push(words);
        // Said at once: hours may pass before the end, and somebody may stop it.
        process.stderr.write(`${words}\n`);
      }
      const done = seed - from + 1;
      if (done % toldEvery === 0)
        process.stderr.write(
          `${done} fleets lived, ${failed.length} broke a rule; next: ${seed + 1}\n`,
        );
    }
    expect(failed).toEqual([]);
    expect(Object.entries(looked).filter(([, looks]) => looks === 0)).toEqual([]);
  },
  seeds * 60_000,
);
