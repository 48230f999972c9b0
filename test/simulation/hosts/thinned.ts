/**
 * How telemetry is thinned: the orders of a host are what this simulation is about, and samples at
 * every second are what test/simulation/run-simulation.ts is about. Agents begin with it as well: a
 * manager that sets another step is another story.
 */
export const thinned = { stepMs: 60_000, reportIntervalMs: 300_000 } as const;
