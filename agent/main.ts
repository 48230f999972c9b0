#!/usr/bin/env node
import { writeSync } from "node:fs";
import { isatty } from "node:tty";
import { pino } from "pino";
import { type AgentConfig, loadAgentConfig } from "#agent/config/agent-config.ts";
import { ConfigError } from "#agent/config/config-error.ts";
import { FixtureError } from "#agent/hardware/fixture-format.ts";
import { JournalError } from "#agent/journal/journal-error.ts";
import {
  type CommonFlags,
  type Invocation,
  parseCommandLine,
  usage,
} from "#agent/program/command-line.ts";
import { enroll } from "#agent/program/enroll.ts";
import { type ExitCode, exitCodes } from "#agent/program/exit-codes.ts";
import { firstBoot } from "#agent/program/first-boot.ts";
import { inspect, record, replay } from "#agent/program/look.ts";
import type { ProgramEffects } from "#agent/program/program-effects.ts";
import { run } from "#agent/program/run.ts";
import { showStatus } from "#agent/program/status.ts";
import { createSystemClock, systemRandom } from "#agent/program/system-effects.ts";
import { UsageError } from "#agent/program/usage-error.ts";
import { agentRelease } from "#agent/release.ts";
import { createLogDestination } from "#proto/vocabulary/log-destination.ts";

/** The oldest Node whose TypeScript, TLS and SQLite this program was seen to work with. */
const nodeMajorMin = 22;

/** More than any token. */
const inputCharactersMax = 4_096;

const interruption = new AbortController();

const clock = createSystemClock();
/** Not process.stderr: where that cannot write it ends the program. */
const standardError = createLogDestination((bytes) => writeSync(2, bytes), clock);

const effects: ProgramEffects = {
  clock,
  random: systemRandom,
  environment: process.env,
  readInput: isatty(0) ? null : readStandardInput,
  failPoint: () => {},
  interrupted: interruption.signal,
  openLog: (level) =>
    pino(
      {
        level,
        base: { program: "wws-agent" },
        redact: ["token", "privateKeyPem", "*.token", "*.privateKeyPem"],
      },
      standardError,
    ),
  print: (text) => void process.stdout.write(`${text}\n`),
  tell: (text) => standardError.write(`wws-agent: ${text}\n`),
};

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // The second time somebody means it.
    if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
    interruption.abort(new Error(`stopped by ${signal}`));
  });
}
// Whoever started us with a channel (npm start) is gone: nobody else would stop us.
process.once("disconnect", () => interruption.abort(new Error("the parent process is gone")));

void main(process.argv.slice(2)).then((code) => process.exit(code));

/** Carries out a command; what goes wrong becomes a sentence and an exit code. */
async function main(args: readonly string[]): Promise<ExitCode> {
  if (Number(process.versions.node.split(".")[0]) < nodeMajorMin) {
    effects.tell(
      `Node ${process.version} is too old: use ${nodeMajorMin} or newer, as \`npm ci\` brings`,
    );
    return exitCodes.failed;
  }
  try {
    return await carryOut(parseCommandLine(args));
  } catch (error) {
    if (error instanceof UsageError || error instanceof ConfigError) {
      effects.tell(error.message);
      return exitCodes.usage;
    }
    const isTold = error instanceof JournalError || error instanceof FixtureError;
    if (isTold || isSystemError(error)) {
      effects.tell(error.message);
      return exitCodes.failed;
    }
    throw error;
  }
}

async function carryOut(asked: Invocation): Promise<ExitCode> {
  switch (asked.verb) {
    case "help":
      effects.print(usage);
      return exitCodes.ok;
    case "version":
      effects.print(agentRelease);
      return exitCodes.ok;
    case "run":
      return run(asked, configOf(asked.common), effects);
    case "enroll":
      return enroll(asked, configOf(asked.common), effects);
    case "status":
      return showStatus(asked, configOf(asked.common), effects);
    case "inspect":
      return inspect(asked, configOf(asked.common), effects);
    case "record":
      return record(asked, configOf(asked.common), effects);
    case "replay":
      return replay(asked, effects);
    case "first-boot":
      return firstBoot(asked.folder, configOf(asked.common).root, effects);
  }
}

function configOf({ config, settings }: CommonFlags): AgentConfig {
  return loadAgentConfig({ environment: process.env, flags: settings, file: config });
}

function isSystemError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && "syscall" in error;
}

async function readStandardInput(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.length > inputCharactersMax) break;
  }
  return text;
}
