import type { Api } from "#fleet/api/api-server.ts";
import type { FleetConfig } from "#fleet/config/fleet-config.ts";
import type { AgentGateway } from "#fleet/gateway/gateway.ts";
import { listenerDefaults, startAgentListener } from "#fleet/gateway/ws-listener.ts";
import type { CertificateAuthority } from "#fleet/identity/certificate-authority.ts";
import { newPrivateKeyPem } from "#fleet/storage/authority-file.ts";
import type { FleetEffects } from "./fleet-effects.ts";

/** A listener's port could not be had; `message` names it and the setting that moves it. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  readonly code: string;
  readonly port: number;

  constructor(what: string, address: string, port: number, cause: unknown) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "FAILED";
    super(`${what} cannot listen on ${address} port ${port}: ${reasons[code] ?? code}`, { cause });
    this.code = code;
    this.port = port;
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "another process has that port",
  EACCES: "this user may not take that port",
  EADDRNOTAVAIL: "this machine has no such address",
};

/** A machine that comes back waits a random part of this, so that not all come at once. */
const comeBackMs = 5_000;

/** Takes agents from now on; answers the port. Throws ListenError. */
export async function listenForAgents(
  config: Pick<FleetConfig, "agents">,
  effects: Pick<FleetEffects, "clock" | "random" | "log">,
  gateway: AgentGateway,
  ca: CertificateAuthority,
  onStop: (closer: () => Promise<void>) => void,
): Promise<number> {
  const { address, port, names } = config.agents;
  const { clock, random, log } = effects;
  const reachableAs = ["localhost", "127.0.0.1", "::1", ...names];
  if (address !== "0.0.0.0" && address !== "::") reachableAs.push(address);
  try {
    const listener = await startAgentListener({
      gateway,
      tls: ca.issueListener(newPrivateKeyPem(), [...new Set(reachableAs)]),
      clock,
      random,
      log: log.child({ component: "gateway" }),
      settings: { ...listenerDefaults, host: address, port },
    });
    onStop(async () => {
      const closed = listener.stop(1_000);
      await gateway.stop(comeBackMs);
      await closed;
    });
    return listener.port;
  } catch (cause) {
    throw new ListenError("the agents' listener", address, port, cause);
  }
}

/** Answers people from now on, at the address that it returns. Throws ListenError. */
export async function listenForPeople(
  config: Pick<FleetConfig, "console">,
  api: Api,
): Promise<string> {
  const { address, port } = config.console;
  try {
    return await api.listen();
  } catch (cause) {
    throw new ListenError("the console", address, port, cause);
  }
}
