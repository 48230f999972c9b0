import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ApiClient, ClientError, createApiClient } from "#fleet/api/client.ts";
import { type Clock, sleep } from "#proto/vocabulary/clock.ts";
import { type ChildEnd, type ChildProgram, startChild } from "./child-program.ts";
import { type KeptProgram, keepDefaults, keepRunning } from "./keep-running.ts";
import { plainLines } from "./log-lines.ts";

/** The manager and the agent of this machine, each in its own process, looked after by this one. */
export interface ThisMachine {
  /** Of the console and the API. */
  readonly url: string;
  readonly agentsPort: number;
  readonly client: ApiClient;
  /** Rejects with StartError when one of them died too often. */
  readonly broken: Promise<never>;
  /** The agent first, so that its last report still finds the manager. */
  stop(): Promise<void>;
  kill(): void;
}

export interface ThisMachineParts {
  /** Folder of the checkout: agent/main.ts and fleet/main.ts are below it. */
  readonly root: string;
  readonly dataFolder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly newKey: () => string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly tell: (text: string) => void;
}

/** `npm start` cannot go on; the message is for people. */
export class StartError extends Error {
  override readonly name = "StartError";
}

const listenMsMax = 60_000;
const readyMsMax = 60_000;
export const stopGraceMs = 6_000;
const tokenValidMs = 600_000;

/** What agent/main.ts ends with when the manager turned it away for good. */
const turnedAwayCode = 4;

/**
 * Resolves once this machine's first report is on the manager's disk, or the manager wants none of
 * it, which is told. Throws StartError.
 */
export async function startThisMachine(parts: ThisMachineParts): Promise<ThisMachine> {
  const { dataFolder, signal } = parts;
  const started: KeptProgram[] = [];
  const stop = async (): Promise<void> => {
    for (const kept of started.toReversed()) await kept.stop(stopGraceMs);
  };
  try {
    const manager = await startManager(parts, (kept) => started.push(kept));
    const client = createApiClient({
      fetch: parts.fetch,
      url: manager.url,
      token: readToken(dataFolder),
      signal,
    });
    const agent = await startAgent(parts, manager.agentsPort, client);
    started.push(agent);
    const broken = Promise.race(
      started.map(async (kept) => {
        const end = await kept.gaveUp;
        throw deathOf(kept.current(), end);
      }),
    );
    broken.catch(() => {});
    await Promise.race([awaitReady(parts, manager.url), agent.over, broken, aborted(signal)]);
    await manageThisMachine(parts, client);
    const kill = (): void => {
      for (const kept of started) kept.kill();
    };
    return { url: manager.url, agentsPort: manager.agentsPort, client, broken, stop, kill };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

/**
 * A machine that is taken in as it stands is only watched, until an operator says otherwise: whoever
 * starts this on their own machine says so, once. What they say later stands.
 */
async function manageThisMachine(parts: ThisMachineParts, client: ApiClient): Promise<void> {
  const hostId = readHostId(join(parts.dataFolder, "agent/journal.json"));
  const saidFile = join(parts.dataFolder, "managed-host");
  if (hostId === null || readText(saidFile) === hostId) return;
  try {
    const host = await client.host(hostId);
    if (host.watchedOnly) await client.manageHost(hostId, "npm start: this very machine");
    writeFileSync(saidFile, hostId, { mode: 0o600 });
  } catch (error) {
    // It stays watched; the host's page says so and with which command that ends.
    if (!(error instanceof ClientError)) throw error;
    parts.tell(`this machine is only watched: ${error.message}`);
  }
}

/** Looks after one more child as it does after manager and agent. */
export function keepChild(
  parts: Pick<ThisMachineParts, "clock" | "tell">,
  start: (cameUp: () => void) => ChildProgram,
): KeptProgram {
  return keepRunning({
    start,
    clock: parts.clock,
    limits: keepDefaults,
    onDeath: (child, end, restartMs) => tellRestart(parts, child, end, restartMs),
  });
}

/** A child that is given up is told by `broken`. */
function tellRestart(
  { tell }: Pick<ThisMachineParts, "tell">,
  child: ChildProgram,
  end: ChildEnd,
  restartMs: number | null,
): void {
  if (restartMs !== null) tell(`${deathOf(child, end).message}\nit is started again`);
}

interface Listening {
  readonly url: string;
  readonly agentsPort: number;
}

async function startManager(
  parts: ThisMachineParts,
  onStarted: (kept: KeptProgram) => void,
): Promise<Listening> {
  const { root, dataFolder, env, clock, signal } = parts;
  let onListening: (listening: Listening) => void = () => {};
  const listening = new Promise<Listening>((resolve) => {
    onListening = resolve;
  });
  const start = (cameUp: () => void): ChildProgram => {
    const child = startChild(
      {
        name: "manager",
        script: join(root, "fleet/main.ts"),
        args: ["serve"],
        env: {
          ...env,
          WWS_DATA: dataFolder,
          WWS_PROFILE: env["WWS_PROFILE"] ?? "lab",
          WWS_REPORT_INTERVAL_MS: env["WWS_REPORT_INTERVAL_MS"] ?? "2000",
          WWS_WITH_THIS_MACHINE: "true",
        },
        logFile: join(dataFolder, "log/manager.log"),
      },
      clock,
    );
    child.onMessage((message) => {
      const found = parseListening(message);
      if (found === null) return;
      cameUp();
      onListening(found);
    });
    return child;
  };
  // The first one must come up: what keeps it from that is for a person to change.
  const first = start(() => {});
  const died = first.exited.then((end) => {
    throw deathOf(first, end);
  });
  died.catch(() => {});
  let found: Listening;
  try {
    found = await Promise.race([
      listening,
      died,
      aborted(signal),
      late(clock, listenMsMax, "the manager does not listen"),
    ]);
  } catch (cause) {
    await first.stop(stopGraceMs);
    throw cause;
  }
  let isFirst = true;
  const kept = keepChild(parts, (cameUp) => {
    if (!isFirst) return start(cameUp);
    isFirst = false;
    cameUp();
    return first;
  });
  onStarted(kept);
  return found;
}

async function startAgent(
  parts: ThisMachineParts,
  agentsPort: number,
  client: ApiClient,
): Promise<KeptProgram> {
  const { root, dataFolder, clock } = parts;
  const folder = join(dataFolder, "agent");
  let token: string | undefined;
  if (!(await isKnownHost(parts, join(folder, "journal.json"), client))) {
    const made = await client.createToken({ kind: "adopt", validMs: tokenValidMs }, parts.newKey());
    token = made.token;
  }
  const start = (): ChildProgram =>
    startChild(
      {
        name: "agent",
        script: join(root, "agent/main.ts"),
        args: ["run"],
        env: {
          ...withoutManagerSecrets(parts.env),
          WWS_MANAGER: `127.0.0.1:${agentsPort}`,
          WWS_AGENT_DATA: folder,
          // By the environment: arguments are there for everybody to read.
          ...(token === undefined ? {} : { WWS_JOIN_TOKEN: token }),
        },
        logFile: join(dataFolder, "log/agent.log"),
      },
      clock,
    );
  return keepRunning({
    start,
    clock,
    limits: keepDefaults,
    isOver: ({ code }) => code === turnedAwayCode,
    onDeath: (child, end, restartMs) => {
      if (end.code === turnedAwayCode)
        parts.tell(`${deathOf(child, end).message}\n${turnedAwayText}`);
      else tellRestart(parts, child, end, restartMs);
    },
  });
}

const turnedAwayText = `this machine is not watched any more; the manager goes on
to take this machine in again, as a new host, stop this (Ctrl-C) and start it again`;

/** What is the manager's alone; agents need none of it. */
export function withoutManagerSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const {
    WWS_CONFIG: _fleetConfig,
    WWS_TOKEN: _apiToken,
    WWS_DATABASE_URL: _database,
    ...rest
  } = env;
  return rest;
}

/**
 * Whether the agent's journal holds an identity that this manager knows. One of a host that was
 * removed, or of another store, is set aside with its key: as that host it would be turned away at
 * every start. Until the agent runs nobody else writes there.
 */
async function isKnownHost(
  { clock, tell }: ThisMachineParts,
  path: string,
  client: ApiClient,
): Promise<boolean> {
  const hostId = readHostId(path);
  if (hostId === null) return false;
  try {
    await client.host(hostId);
    return true;
  } catch (error) {
    if (!(error instanceof ClientError) || error.problem?.status !== 404) throw error;
    const time = new Date(clock.nowUnixMs()).toISOString().replaceAll(":", "");
    const aside = `${path}.removed-${time}`;
    renameSync(path, aside);
    tell(
      `the manager does not know this machine as ${hostId}: it was removed, or the store is another\n` +
        `it is taken in as a new host; its former identity is kept in ${aside}`,
    );
    return false;
  }
}

/** null: the agent has no identity yet. */
function readHostId(journalPath: string): string | null {
  const journal = readJson(journalPath);
  if (typeof journal !== "object" || journal === null || !("identity" in journal)) return null;
  const { identity } = journal;
  return typeof identity === "object" && identity !== null && "hostId" in identity
    ? String(identity.hostId)
    : null;
}

function readToken(dataFolder: string): string | null {
  const file = readJson(join(dataFolder, "cli.json"));
  return typeof file === "object" && file !== null && "token" in file ? String(file.token) : null;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readText(path) ?? "");
  } catch {
    return null;
  }
}

/** null: it cannot be read, or is not there. */
function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

async function awaitReady(parts: ThisMachineParts, url: string): Promise<void> {
  const { clock, signal } = parts;
  const endMs = clock.nowMonotonicMs() + readyMsMax;
  for (;;) {
    let waitingFor = "it does not answer";
    try {
      const response = await parts.fetch(`${url}/readyz`, { signal });
      if (response.ok) return;
      waitingFor = await response.text();
    } catch (cause) {
      signal.throwIfAborted();
      waitingFor = String(cause);
    }
    if (clock.nowMonotonicMs() > endMs)
      throw new StartError(`the manager is not ready after ${readyMsMax / 1000} s: ${waitingFor}`);
    await sleep(clock, 100, signal);
  }
}

function deathOf(child: ChildProgram, { code, signal }: ChildEnd): StartError {
  const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
  const tail = child.tail();
  const words = plainLines(tail);
  const shown = words.length > 0 ? words : tail;
  return new StartError(
    [`the ${child.name} ${how}`, ...shown.map((line) => `  ${line}`)].join("\n"),
  );
}

async function late(clock: Clock, ms: number, what: string): Promise<never> {
  await sleep(clock, ms);
  throw new StartError(`${what} after ${ms / 1000} s`);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function parseListening(message: unknown): Listening | null {
  if (typeof message !== "object" || message === null) return null;
  const { kind, url, agentsPort } = message as Readonly<Record<string, unknown>>;
  return kind === "listening" && typeof url === "string" && typeof agentsPort === "number"
    ? { url, agentsPort }
    : null;
}
