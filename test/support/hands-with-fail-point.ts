/**
 * Root's acting helper with one difference: /var/lib/wws-hands/fail-at names the fail point at which
 * one process of it kills itself as `kill -9` would. The product's own entry has no such switch.
 */
import { writeSync } from "node:fs";
import { runHands } from "#agent/hands/open-hands-program.ts";
import { createSystemClock } from "#agent/program/system-effects.ts";
import { dieHere, isDueOnce } from "./die-once.ts";

const code = await runHands({
  args: process.argv.slice(2),
  environment: process.env,
  pid: process.pid,
  clock: createSystemClock(),
  failPoint: (name) => {
    if (isDueOnce("/var/lib/wws-hands/fail-at", name)) dieHere();
  },
  tell: (line) => void writeSync(2, `${line}\n`),
});
process.exit(code);
