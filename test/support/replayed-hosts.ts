import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { ApiClient } from "#fleet/api/client.ts";
import { repositoryRoot } from "./programs.ts";

export interface ReplayedHost {
  readonly name: string;
  readonly position: string;
  /** A folder of hardware-fixtures/hosts. */
  readonly fixture: string;
}

/** A few simulated hosts in one process of the agent's own code, let in by one-use tokens. */
export function startReplayedHosts(settings: {
  readonly hosts: readonly ReplayedHost[];
  readonly client: ApiClient;
  readonly agentsPort: number;
  readonly data: string;
}): { stop(): Promise<void> } {
  const { hosts, client } = settings;
  const child: ChildProcess = fork(join(repositoryRoot, "agent/replay/main.ts"), [], {
    cwd: repositoryRoot,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: {
      PATH: process.env["PATH"],
      WWS_MANAGER: `127.0.0.1:${settings.agentsPort}`,
      WWS_REPLAY_DATA: settings.data,
      WWS_REPLAY_FIXTURES: join(repositoryRoot, "hardware-fixtures/hosts"),
      WWS_LOG_LEVEL: "error",
    },
  });
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.on("message", (message) => {
    const kind: unknown =
      typeof message === "object" && message !== null ? Reflect.get(message, "kind") : null;
    if (kind === "hosts")
      child.send({ kind, answer: hosts.map(({ name, fixture }) => ({ name, fixture })) });
    if (kind === "tokens") void sendTokens(child, hosts, client);
  });
  return {
    async stop() {
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await gone;
    },
  };
}

async function sendTokens(
  child: ChildProcess,
  hosts: readonly ReplayedHost[],
  client: ApiClient,
): Promise<void> {
  const answer = await Promise.all(
    hosts.map(async ({ name, position }) => {
      const asked = { kind: "host" as const, hostName: name, position, validMs: 3_600_000 };
      return [name, (await client.createToken(asked, randomUUID())).token];
    }),
  );
  child.send({ kind: "tokens", answer });
}
