import { join } from "node:path";
import { type ApiClient, createApiClient } from "#fleet/api/client.ts";
import type { Host } from "#fleet/api/host-schemas.ts";
import { type Bench, childrenOf, type Program, readJsonFile, until } from "./programs.ts";

/** A manager that was started by `npm start` or as `wws-fleet serve`, as its API shows it. */
export interface RunningManager {
  readonly program: Program;
  readonly data: string;
  readonly port: number;
  readonly url: string;
  /** Of cli.json. */
  readonly token: string;
  readonly client: ApiClient;
  /** The one host that is not simulated. */
  thisMachine(): Promise<Host>;
}

export interface ManagerPlace {
  readonly data: string;
  readonly port: number;
}

/** `npm start`, up to the moment when it has printed the address. */
export async function startHere(
  bench: Bench,
  place: ManagerPlace,
  env: NodeJS.ProcessEnv = {},
): Promise<RunningManager> {
  const program = bench.start("fleet/cli/start.ts", [], { ...environmentOf(place), ...env });
  await until("npm start prints the sign-in link", () => {
    if (program.stdout().includes("Sign in")) return true;
    return undefined;
  });
  return openRunning(program, place);
}

/** The process that runs `script` for `npm start`: its manager, or its agent. */
export function childOf(manager: RunningManager, script: string): number {
  const child = childrenOf(manager.program.pid).find(({ command }) => command.includes(script));
  if (child === undefined) throw new Error(`no process runs ${script}`);
  return child.pid;
}

/** `wws-fleet serve` alone. */
export async function startServe(
  bench: Bench,
  place: ManagerPlace,
  env: NodeJS.ProcessEnv = {},
): Promise<RunningManager> {
  const program = bench.start("fleet/main.ts", ["serve"], {
    ...environmentOf(place),
    ...env,
  });
  await until("the manager listens", () =>
    program.stdout().includes('"manager listens"') ? true : undefined,
  );
  return openRunning(program, place);
}

export function environmentOf({ data, port }: ManagerPlace): NodeJS.ProcessEnv {
  return { WWS_DATA: data, WWS_PORT: String(port) };
}

/** By what it left in its data folder. */
export function openRunning(program: Program, { data, port }: ManagerPlace): RunningManager {
  const { url, token } = readJsonFile(join(data, "cli.json"));
  const client = createApiClient({
    fetch,
    url: String(url),
    token: String(token),
    signal: new AbortController().signal,
  });
  return {
    program,
    data,
    port,
    url: String(url),
    token: String(token),
    client,
    thisMachine: async () => {
      const { items } = await client.hosts({});
      const found = items.find((host) => !host.simulated);
      if (found === undefined) throw new Error("this machine is not a host yet");
      return found;
    },
  };
}
