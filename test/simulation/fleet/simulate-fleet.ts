/**
 * One fleet by hand: `node test/simulation/fleet/simulate-fleet.ts SEED [HOSTS] [HOURS] [PACE]`. Says on
 * standard error after each simulated day how much CPU time it took; the outcome is one JSON object.
 */
import { existsSync } from "node:fs";
import { runFleetSimulation } from "./run-fleet.ts";

const dayMs = 86_400_000;
const [seed = 1, hosts = 200, hours = 24, pace = 1] = process.argv.slice(2).map(Number);
const folder = existsSync("/dev/shm") ? "/dev/shm" : null;
const before = process.cpuUsage();
const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};
let startMs: number | undefined;
let days = 0;
const run = await runFleetSimulation(
  seed,
  { hosts, hours },
  {
    pace,
    folder,
    watch({ atMs }) {
      startMs ??= atMs;
      if (atMs - startMs < (days + 1) * dayMs) return;
      days = Math.floor((atMs - startMs) / dayMs);
      process.stderr.write(`day ${days}: ${Math.round(cpuSeconds())} CPU s\n`);
    },
  },
);
process.stdout.write(
  `${JSON.stringify({ ...run, cpuSeconds: cpuSeconds(), rssMiB: Math.round(process.memoryUsage.rss() / 2 ** 20) }, null, 2)}\n`,
);
process.exit(run.findings.length === 0 ? 0 : 1);
