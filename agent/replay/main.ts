import { writeSync } from "node:fs";
import { pino } from "pino";
import { createSystemClock, systemRandom } from "#agent/program/system-effects.ts";
import { createLogDestination } from "#proto/vocabulary/log-destination.ts";
import {
  type ReplayedHost,
  type ReplayFleet,
  type ReplayProgress,
  startReplayFleet,
} from "./replay-fleet.ts";

/**
 * The one extra process of `npm run demo`: hundreds of agents over recorded machines. It is told by
 * the environment where manager, recordings and its data are; over the channel to its starter it
 * asks for join tokens, which neither arguments nor environment should hold, and says how far it is.
 */
const clock = createSystemClock();
const interruption = new AbortController();
const log = pino(
  { level: process.env["WWS_LOG_LEVEL"] ?? "warn", base: { program: "wws-replay" } },
  createLogDestination((bytes) => writeSync(2, bytes), clock),
);

for (const reason of ["SIGINT", "SIGTERM", "disconnect"] as const)
  process.on(reason, () => {
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort(new Error(`stopped by ${reason}`));
  });

process.exit(await main());

async function main(): Promise<number> {
  const stopped = new Promise<void>((resolve) => {
    interruption.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  let fleet: ReplayFleet;
  try {
    fleet = await startReplayFleet({
      hosts: await askParent<readonly ReplayedHost[]>("hosts", {}),
      fixturesFolder: required("WWS_REPLAY_FIXTURES"),
      dataFolder: required("WWS_REPLAY_DATA"),
      manager: required("WWS_MANAGER"),
      speed: Number(process.env["WWS_REPLAY_SPEED"] ?? "1"),
      askTokens: async (names) =>
        new Map(await askParent<readonly [string, string][]>("tokens", { names })),
      clock,
      random: systemRandom,
      log,
      signal: interruption.signal,
    });
  } catch (error) {
    if (interruption.signal.aborted) return 0;
    log.fatal({ err: error }, "the simulated hosts did not start");
    return 1;
  }
  report(fleet);
  await stopped;
  await fleet.stop();
  return 0;
}

/** Says how far it is until all hosts are there, and whenever that changes. */
function report(fleet: ReplayFleet): void {
  let said = "";
  const look = (): void => {
    const progress: ReplayProgress = fleet.progress();
    const text = JSON.stringify(progress);
    if (text !== said && process.connected) process.send?.({ kind: "progress", ...progress });
    said = text;
    clock.after(1_000, look);
  };
  look();
}

function askParent<Answer>(kind: string, question: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) {
      reject(new Error("this program is started by `npm run demo`"));
      return;
    }
    const listen = (message: unknown): void => {
      if (typeof message !== "object" || message === null) return;
      if (Reflect.get(message, "kind") !== kind) return;
      process.off("message", listen);
      resolve(Reflect.get(message, "answer") as Answer);
    };
    process.on("message", listen);
    process.send({ kind, ...question });
  });
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set`);
  return value;
}
