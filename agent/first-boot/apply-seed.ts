import { planNetworkSteps } from "./network-commands.ts";
import type { Seed } from "./seed.ts";

/** What applying a seed does to the system. */
export interface FirstBootPort {
  /** null: there is none. */
  read(path: string): string | null;
  /** Whole, by rename; folders above it are made. */
  write(path: string, text: string, mode: number): void;
  /** Names of network cards with their addresses. */
  cards(): readonly { readonly name: string; readonly mac: string | null }[];
  /** Rejects with what the program said. */
  run(program: string, args: readonly string[]): Promise<void>;
  tell(text: string): void;
}

export const firstBootPlaces = {
  instance: "/var/lib/wws-first-boot/instance-id",
  token: "/etc/wws-agent/join-token",
  settings: "/etc/wws-fleet/agent.toml",
  image: "/etc/wws-image.json",
  dhcp: "/run/wws/dhcp",
} as const;

/**
 * Makes a system what its seed says. Name, keys and the agent's token once for each instance; the
 * network at each start, since it is set up by hand here. What fails is told and does not keep the
 * rest back: a host with a name and no second card can still be reached.
 */
export async function applySeed(seed: Seed, port: FirstBootPort): Promise<void> {
  const isNew = port.read(firstBootPlaces.instance)?.trim() !== seed.instanceId;
  if (isNew) {
    port.write("/etc/hostname", `${seed.hostName}\n`, 0o644);
    if (seed.sshKeys.length > 0)
      port.write("/root/.ssh/authorized_keys", `${seed.sshKeys.join("\n")}\n`, 0o600);
    if (seed.join !== null) {
      const { manager, token, imageDigest } = seed.join;
      port.write(firstBootPlaces.settings, `manager = ${JSON.stringify(manager)}\n`, 0o644);
      port.write(firstBootPlaces.token, `${token}\n`, 0o600);
      port.write(firstBootPlaces.image, `${JSON.stringify({ digest: imageDigest })}\n`, 0o644);
    }
  }
  await attempt(port, "hostname", ["-F", "/etc/hostname"]);
  await applyNetwork(seed, port);
  // Last: what a power cut interrupts is done again.
  if (isNew) port.write(firstBootPlaces.instance, `${seed.instanceId}\n`, 0o644);
}

async function applyNetwork(seed: Seed, port: FirstBootPort): Promise<void> {
  if (seed.network === null) return;
  const cards = port.cards();
  const steps = planNetworkSteps(
    seed.network,
    (mac) => cards.find((card) => card.mac === mac)?.name ?? null,
  );
  for (const name of steps.missing) port.tell(`there is no card ${name}`);
  for (const args of steps.commands) await attempt(port, "ip", args);
  port.write(firstBootPlaces.dhcp, steps.dhcp.map((name) => `${name}\n`).join(""), 0o644);
  if (steps.nameServers.length === 0) return;
  const lines = steps.nameServers.map((address) => `nameserver ${address}\n`);
  port.write("/etc/resolv.conf", lines.join(""), 0o644);
}

async function attempt(
  port: FirstBootPort,
  program: string,
  args: readonly string[],
): Promise<void> {
  try {
    await port.run(program, args);
  } catch (error) {
    port.tell(`${program} ${args.join(" ")}: ${error instanceof Error ? error.message : "failed"}`);
  }
}
