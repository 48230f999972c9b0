import type { LinkPlan, NetworkPlan } from "./seed.ts";

export interface NetworkSteps {
  /** Arguments of `ip`, in order. */
  readonly commands: readonly (readonly string[])[];
  /** Links that ask by DHCP. */
  readonly dhcp: readonly string[];
  readonly nameServers: readonly string[];
}

/**
 * The plan as calls of `ip`, for a system without a network manager. `nameOfMac`: how the kernel
 * calls a card; a card that is matched and not there is told, and the rest is done.
 */
export function planNetworkSteps(
  plan: NetworkPlan,
  nameOfMac: (mac: string) => string | null,
): NetworkSteps & { readonly missing: readonly string[] } {
  const realNames = new Map<string, string>();
  const missing: string[] = [];
  for (const card of plan.cards) {
    const found = card.mac === null ? card.name : nameOfMac(card.mac);
    if (found === null) missing.push(`${card.name} (${card.mac})`);
    else realNames.set(card.name, found);
  }
  const real = (name: string): string => realNames.get(name) ?? name;
  const isThere = (name: string): boolean =>
    realNames.has(name) || !plan.cards.some((card) => card.name === name);
  const commands: string[][] = [];
  for (const { name, members, mode } of plan.bonds) {
    commands.push(["link", "add", name, "type", "bond", "mode", mode, "miimon", "100"]);
    for (const member of members.filter(isThere)) {
      commands.push(["link", "set", real(member), "down"]);
      commands.push(["link", "set", real(member), "master", name]);
      commands.push(["link", "set", real(member), "up"]);
    }
  }
  const cards = plan.cards.filter(({ name }) => isThere(name));
  const links: readonly LinkPlan[] = [...cards, ...plan.bonds];
  for (const link of links) commands.push(...linkCommands(link, real(link.name)));
  // What a VLAN lies over is up before it.
  for (const vlan of plan.vlans.filter(({ over }) => isThere(over))) {
    const { name, over, id } = vlan;
    commands.push(["link", "add", "link", real(over), "name", name, "type", "vlan", "id", `${id}`]);
    commands.push(...linkCommands(vlan, name));
  }
  const all = [...links, ...plan.vlans.filter(({ over }) => isThere(over))];
  return {
    commands,
    dhcp: all.filter(({ dhcp }) => dhcp).map(({ name }) => real(name)),
    nameServers: [...new Set(all.flatMap(({ nameServers }) => nameServers))],
    missing,
  };
}

function linkCommands(link: LinkPlan, name: string): readonly string[][] {
  return [
    ...(link.mtu === null ? [] : [["link", "set", name, "mtu", String(link.mtu)]]),
    ["link", "set", name, "up"],
    ...link.addresses.map((address) => ["addr", "replace", address, "dev", name]),
    ...link.routes.map(({ to, via }) => ["route", "replace", to, "via", via, "dev", name]),
  ];
}
