import { isIP } from "node:net";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { asFields, asText, asTexts, type Fields } from "./plain-value.ts";
import type { BondPlan, LinkPlan, NetworkCardPlan, NetworkPlan, VlanPlan } from "./seed.ts";

const linksMax = 64;
const listMax = 64;
/** IFNAMSIZ of Linux is 16, with its end. */
const linkName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/;
const addressForm = /^[0-9A-Fa-f.:]{2,45}\/[0-9]{1,3}$/;
const plainAddress = /^[0-9A-Fa-f.:]{2,45}$/;
const bondModes = [
  "balance-rr",
  "active-backup",
  "balance-xor",
  "broadcast",
  "802.3ad",
  "balance-tlb",
  "balance-alb",
];

/** Version 2 of network-config. What it does not know it refuses: a half network is worse than none. */
export function parseNetwork(given: Fields): Result<NetworkPlan, string> {
  const config = asFields(given["network"]) ?? given;
  if (config["version"] !== 2) return fail("network-config is not of version 2");
  const cards = readLinks(config, "ethernets", readCard);
  if (!cards.ok) return cards;
  const bonds = readLinks(config, "bonds", readBond);
  if (!bonds.ok) return bonds;
  const vlans = readLinks(config, "vlans", readVlan);
  if (!vlans.ok) return vlans;
  const plan = { cards: cards.value, bonds: bonds.value, vlans: vlans.value };
  const names = [...plan.cards, ...plan.bonds, ...plan.vlans].map(({ name }) => name);
  if (new Set(names).size !== names.length) return fail("network-config names a link twice");
  const lost = [
    ...plan.bonds.flatMap(({ members }) => members),
    ...plan.vlans.map(({ over }) => over),
  ].find((name) => !names.includes(name));
  return lost === undefined ? ok(plan) : fail(`network-config has no link ${lost}`);
}

function readLinks<Plan>(
  config: Fields,
  kind: string,
  read: (name: string, fields: Fields) => Result<Plan, string>,
): Result<readonly Plan[], string> {
  const links = Object.entries(asFields(config[kind]) ?? {});
  if (links.length > linksMax) return fail(`network-config has more than ${linksMax} ${kind}`);
  const plans: Plan[] = [];
  for (const [name, value] of links) {
    const fields = asFields(value);
    if (!linkName.test(name) || fields === null) return fail(`${kind} ${name} is no link`);
    const plan = read(name, fields);
    if (!plan.ok) return plan;
    plans.push(plan.value);
  }
  return ok(plans);
}

function readCard(name: string, fields: Fields): Result<NetworkCardPlan, string> {
  const link = readLink(name, fields);
  if (!link.ok) return link;
  const match = asFields(fields["match"]);
  if (match === null) return ok({ ...link.value, mac: null });
  const mac = asText(match["macaddress"], /^(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$/);
  if (mac === null) return fail(`${name} is matched by something else than a MAC`);
  return ok({ ...link.value, mac: mac.toLowerCase() });
}

function readBond(name: string, fields: Fields): Result<BondPlan, string> {
  const link = readLink(name, fields);
  if (!link.ok) return link;
  const members = asTexts(fields["interfaces"], linkName, listMax);
  const mode = asFields(fields["parameters"])?.["mode"] ?? "active-backup";
  if (members === null || members.length === 0) return fail(`bond ${name} has no members`);
  if (typeof mode !== "string" || !bondModes.includes(mode))
    return fail(`bond ${name} has no mode that is known`);
  return ok({ ...link.value, members, mode });
}

function readVlan(name: string, fields: Fields): Result<VlanPlan, string> {
  const link = readLink(name, fields);
  if (!link.ok) return link;
  const { id } = fields;
  const over = asText(fields["link"], linkName);
  if (typeof id !== "number" || !Number.isInteger(id) || id < 1 || id > 4_094 || over === null)
    return fail(`vlan ${name} has no id from 1 to 4094 over a link`);
  return ok({ ...link.value, id, over });
}

function readLink(name: string, fields: Fields): Result<LinkPlan, string> {
  const addresses = asTexts(fields["addresses"], addressForm, listMax);
  if (addresses === null || !addresses.every(isAddressWithPrefix))
    return fail(`${name} has an address that is none`);
  const servers = asTexts(asFields(fields["nameservers"])?.["addresses"], plainAddress, listMax);
  if (servers === null || !servers.every((one) => isIP(one) !== 0))
    return fail(`${name} has a name server that is none`);
  const routes = readRoutes(fields["routes"]);
  if (routes === null) return fail(`${name} has a route that is none`);
  const gateway = asText(fields["gateway4"], plainAddress);
  const all = gateway === null ? routes : [...routes, { to: "default", via: gateway }];
  const mtu = fields["mtu"] ?? null;
  if (
    mtu !== null &&
    (typeof mtu !== "number" || !Number.isInteger(mtu) || mtu < 576 || mtu > 9_216)
  )
    return fail(`${name} has an MTU that is none`);
  const dhcp = fields["dhcp4"] === true || fields["dhcp4"] === "yes";
  return ok({ name, dhcp, addresses, routes: all, nameServers: servers, mtu });
}

function readRoutes(value: unknown): LinkPlan["routes"] | null {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > listMax) return null;
  const routes: { to: string; via: string }[] = [];
  for (const one of value) {
    const fields = asFields(one);
    const via = asText(fields?.["via"], plainAddress);
    const to = asText(fields?.["to"], /^(?:default|[0-9A-Fa-f.:]{2,45}\/[0-9]{1,3})$/);
    if (via === null || isIP(via) === 0 || to === null) return null;
    if (to !== "default" && !isAddressWithPrefix(to)) return null;
    routes.push({ to: to === "0.0.0.0/0" ? "default" : to, via });
  }
  return routes;
}

function isAddressWithPrefix(text: string): boolean {
  const [address = "", prefix = ""] = text.split("/");
  const kind = isIP(address);
  return kind !== 0 && Number(prefix) <= (kind === 4 ? 32 : 128);
}
