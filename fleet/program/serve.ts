import { readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pino } from "pino";
import type { ConfigProblem, FleetConfig } from "#fleet/config/fleet-config.ts";
import { readSecretFile, readSmallFile } from "#fleet/config/secret-file.ts";
import { loadFleetConfig } from "#fleet/config/load-config.ts";
import { startFleet } from "#fleet/fleet.ts";
import { createHttpCellDoor } from "#fleet/federation/http-cell-door.ts";
import { startFederation } from "#fleet/start-federation.ts";
import { createLogDestination } from "#proto/vocabulary/log-destination.ts";
import { type CellAccess, readCellAccess } from "./cell-tokens.ts";
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
      `${flags}\n  write wws-fleet serve [--federate URL,URL] [--config FILE] [--data DIR] [--port N] [--profile lab|team|provider] [--log-level LEVEL]`,
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
  const cells = config.federation === null ? null : readCellAccess(config.federation);
  if (cells?.ok === false) {
    for (const problem of cells.problem) tell(configProblemText(problem));
    return 2;
  }
  const effects = {
    clock: systemClock,
    random: systemRandom,
    log,
    pid: process.pid,
    release: fleetRelease,
    consoleFolder: join(import.meta.dirname, "../console/dist"),
    consoleTls: readConsoleTls(config),
  };
  let running: { readonly url: string; stop(): Promise<void> };
  try {
    if (cells === null) {
      const fleet = await startFleet(config, {
        ...effects,
        fetch,
        readSecret: readSecretFile,
        readPublic: readSmallFile,
      });
      process.send?.({ kind: "listening", url: fleet.url, agentsPort: fleet.agentsPort });
      running = fleet;
    } else
      running = await startFederation(config, { ...effects, cells: cells.value.map(openDoor) });
  } catch (error) {
    const text = explainStart(error);
    if (text === null) throw error;
    log.fatal({ err: error }, "manager did not start");
    tell(text);
    return 1;
  }
  const signal = await stopAsked;
  log.info({ signal }, "manager stops");
  const cancel = systemClock.after(stopMsMax, () => {
    log.fatal({ stopMsMax }, "manager did not stop in time");
    process.exit(1);
  });
  await running.stop();
  cancel();
  log.info({}, "manager stopped");
  return 0;
}

function openDoor({ url, name, token, ca }: CellAccess) {
  return { url, name, door: createHttpCellDoor({ url, token, ca }) };
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
        federate: { type: "string" },
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
