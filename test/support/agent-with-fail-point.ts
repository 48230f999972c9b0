/**
 * `wws-agent run` with one difference: WWS_TEST_FAIL_AT names the fail point at which this process
 * kills itself as `kill -9` would; WWS_TEST_FAIL_FILE a file that names one, and goes first: once. The
 * product's own entry has no such switch.
 */
import { writeSync } from "node:fs";
import { pino } from "pino";
import { loadAgentConfig } from "#agent/config/agent-config.ts";
import { parseCommandLine } from "#agent/program/command-line.ts";
import type { ProgramEffects } from "#agent/program/program-effects.ts";
import { run } from "#agent/program/run.ts";
import { dieHere, isDueOnce } from "./die-once.ts";
import { createSystemClock, systemRandom } from "#agent/program/system-effects.ts";

const { WWS_TEST_FAIL_AT: failAt, WWS_TEST_FAIL_FILE: failFile, ...environment } = process.env;
const interruption = new AbortController();
process.on("SIGTERM", () => interruption.abort(new Error("stopped by SIGTERM")));

const effects: ProgramEffects = {
  clock: createSystemClock(),
  random: systemRandom,
  environment,
  readInput: null,
  interrupted: interruption.signal,
  openLog: (level) => pino({ level }, { write: (line) => void writeSync(2, line) }),
  failPoint: (name) => {
    if (name !== failAt && !isDueOnce(failFile, name)) return;
    dieHere();
  },
  print: (text) => void writeSync(1, `${text}\n`),
  tell: (text) => void writeSync(2, `${text}\n`),
};

const asked = parseCommandLine(process.argv.slice(2));
if (asked.verb !== "run") throw new Error("this entry only runs");
const { config, settings } = asked.common;
const code = await run(
  asked,
  loadAgentConfig({ environment, flags: settings, file: config }),
  effects,
);
process.exit(code);
