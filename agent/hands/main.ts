import { writeSync } from "node:fs";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";
import { runHands } from "./open-hands-program.ts";

/**
 * Root's acting helper, a program of its own: one process a question, started by the connection
 * (docs/decisions/0016). It has no settings but root's part of the agent's file.
 */
const clock: Clock = {
  nowUnixMs: () => unixMs(Date.now()),
  nowMonotonicMs: () => monotonicMs(performance.now()),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

const code = await runHands({
  args: process.argv.slice(2),
  environment: process.env,
  pid: process.pid,
  clock,
  failPoint: () => {},
  tell: (line) => void writeSync(2, `${line}\n`),
});
process.exit(code);
