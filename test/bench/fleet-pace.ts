import { month, monthPace } from "#test/simulation/fleet/fleet-size.ts";
import { runFleetSimulation } from "#test/simulation/fleet/run-fleet.ts";

/** A share of the month: two of its days, at its own pace. */
const size = { hosts: month.hosts, hours: 48 };
const seed = 1;

export interface FleetPace {
  /** Hosts × days of simulated time for each second that one core works. */
  readonly simulatedHostDaysPerSecond: number;
  readonly conditions: Readonly<Record<string, string | number>>;
}

/** How fast a fleet is simulated, every rule checked at each step. Throws where a rule was broken. */
export async function measureFleetPace(): Promise<FleetPace> {
  const before = process.cpuUsage();
  const { findings, figures } = await runFleetSimulation(seed, size, { pace: monthPace });
  const { user, system } = process.cpuUsage(before);
  const [first] = findings;
  if (first !== undefined)
    throw new Error(`the simulated fleet broke ${first.rule}: ${first.words}`);
  return {
    simulatedHostDaysPerSecond: figures.hostDays / ((user + system) / 1_000_000),
    conditions: {
      simulatedHosts: size.hosts,
      simulatedDays: size.hours / 24,
      simulatedPace: monthPace,
      simulatedChanges: figures.changes,
      simulatedOperations: figures.operations,
      simulatedCounted:
        "CPU time (user and system) of a fleet of models under the product's own lifecycle, plans, executor, tenancy, store and audit, with its faults, people and every rule checked; a seed of its own",
    },
  };
}
