/** One fleet by hand: `node test/simulation/fleet/simulate-fleet.ts SEED [HOSTS] [HOURS] [PACE]`. */
import { existsSync } from "node:fs";
import { runFleetSimulation } from "./run-fleet.ts";

const [seed = 1, hosts = 200, hours = 24, pace = 1] = process.argv.slice(2).map(Number);
const folder = existsSync("/dev/shm") ? "/dev/shm" : null;
const before = process.cpuUsage();
const run = await runFleetSimulation(seed, { hosts, hours }, { pace, folder });
const { user, system } = process.cpuUsage(before);
process.stdout.write(
  `${JSON.stringify({ ...run, cpuSeconds: (user + system) / 1e6, rssMiB: Math.round(process.memoryUsage.rss() / 2 ** 20) }, null, 2)}\n`,
);
process.exit(run.findings.length === 0 ? 0 : 1);
