/** Replays seeds by hand: `npm run simulate -- SEED [COUNT]`. */
import { runSimulation } from "./run-simulation.ts";

const [first = 1, count = 1] = process.argv.slice(2).map(Number);
let failed = 0;
for (let seed = first; seed < first + count; seed += 1) {
  const result = await runSimulation({ seed, hosts: 8, faultyMs: 900_000 });
  if (result.problems.length > 0) failed += 1;
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
process.exit(failed === 0 ? 0 : 1);
