import { join } from "node:path";
import type { Host } from "#fleet/api/host-schemas.ts";
import { type Bench, type Program, readJsonFile, until } from "#test/support/programs.ts";
import { environmentOf, type ManagerPlace } from "#test/support/running-manager.ts";
import { type ApiClient, createApiClient } from "#fleet/api/client.ts";

/** `npm run demo` with few hosts: the real manager, this machine's real agent, and replayed ones. */
export interface ConsoleWorld {
  readonly place: ManagerPlace;
  readonly url: string;
  readonly client: ApiClient;
  readonly program: Program;
  /** The one-time link that the program printed. */
  readonly link: string;
  readonly thisMachine: Host;
}

export async function startWorld(
  bench: Bench,
  place: ManagerPlace,
  simulatedHosts: number,
): Promise<ConsoleWorld> {
  const program = bench.start(
    "fleet/cli/demo.ts",
    ["--hosts", String(simulatedHosts)],
    environmentOf(place),
  );
  const link = await until(
    "npm run demo prints the sign-in link",
    () => /http:\/\/\S+\/sign-in#\S+/.exec(program.stdout())?.[0],
    120_000,
  );
  const { url, token } = readJsonFile(join(place.data, "cli.json"));
  const client = createApiClient({
    fetch,
    url: String(url),
    token: String(token),
    signal: new AbortController().signal,
  });
  const thisMachine = await until(
    `this machine and ${simulatedHosts} simulated hosts report`,
    async () => {
      const { items } = await client.hosts({ limit: "500" });
      const reporting = items.filter((host) => host.latest.cpuUtilization !== null);
      return reporting.length === simulatedHosts + 1
        ? reporting.find((host) => !host.simulated)
        : undefined;
    },
    180_000,
  );
  return { place, url: String(url), client, program, link, thisMachine };
}
