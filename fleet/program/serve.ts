import { readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pino } from "pino";
import type { ConfigProblem, FleetConfig } from "#fleet/config/fleet-config.ts";
import { loadFleetConfig } from "#fleet/config/load-config.ts";
import { type Fleet, startFleet } from "#fleet/fleet.ts";
import { createLogDestination } from "#proto/vocabulary/log-destination.ts";
import { explainStart } from "./explain-start.ts";
import { fleetRelease } from "./release.ts";
import { systemClock, systemRandom } from "./system-effects.ts";

/** A stop that takes longer is broken off: whoever stops us wants the process gone. */
const stopMsMax = 5_000;

/** `wws-fleet serve`: the manager, until SIGTERM or SIGINT. Logs to stdout. The exit code. */
export async function serve(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args);
  if (typeof flags === "string") {
    tell(
      `${flags}\n  write wws-fleet serve [--config FILE] [--data DIR] [--port N] [--profile lab|team|provider] [--log-level LEVEL]`,
    );
    return 2;
  }
  const loaded = loadFleetConfig({
    flags,
    environment: process.env,
    workingFolder: process.cwd(),
  });
  if (!loaded.ok) {
    for (const problem of loaded.problem) tell(configProblemText(problem));
    return 2;
  }
  const { config } = loaded.value;
  const log = pino(
    {
      level: config.logLevel,
      base: { program: "wws-fleet" },
      redact: ["token", "secret", "privateKeyPem", "*.token", "*.secret", "*.privateKeyPem"],
    },
    createLogDestination((bytes) => writeSync(1, bytes), systemClock),
  );
  const stopAsked = new Promise<string>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const)
      process.once(signal, () => resolve(signal));
    // Whoever started us with a channel (npm start) is gone: nobody else would stop us.
    process.once("disconnect", () => resolve("disconnect"));
  });
  let fleet: Fleet;
  try {
    fleet = await startFleet(config, {
      clock: systemClock,
      random: systemRandom,
      log,
      fetch,
      pid: process.pid,
      release: fleetRelease,
      consoleFolder: join(import.meta.dirname, "../console/dist"),
      consoleTls: readConsoleTls(config),
    });
  } catch (error) {
    const text = explainStart(error);
    if (text === null) throw error;
    log.fatal({ err: error }, "manager did not start");
    tell(text);
    return 1;
  }
  process.send?.({ kind: "listening", url: fleet.url, agentsPort: fleet.agentsPort });
  const signal = await stopAsked;
  log.info({ signal }, "manager stops");
  const cancel = systemClock.after(stopMsMax, () => {
    log.fatal({ stopMsMax }, "manager did not stop in time");
    process.exit(1);
  });
  await fleet.stop();
  cancel();
  log.info({}, "manager stopped");
  return 0;
}

export function configProblemText({ where, detail, hint }: ConfigProblem): string {
  return `${where}: ${detail}\n  ${hint}`;
}

function parseFlags(
  args: readonly string[],
): Readonly<Record<string, string | undefined>> | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        config: { type: "string" },
        data: { type: "string" },
        port: { type: "string" },
        profile: { type: "string" },
        "log-level": { type: "string" },
      },
      strict: true,
    });
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [`--${name}`, value]));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function readConsoleTls({ console: settings }: FleetConfig): {
  readonly certificate: string;
  readonly key: string;
} | null {
  const { certificate, privateKey } = settings;
  if (certificate === null || privateKey === null) return null;
  return { certificate: readFileSync(certificate, "utf8"), key: readFileSync(privateKey, "utf8") };
}

/** Not by process.stderr: where that cannot write it ends the program. */
function tell(text: string): void {
  createLogDestination((bytes) => writeSync(2, bytes), systemClock).write(`wws-fleet: ${text}\n`);
}
