import type { Host } from "#fleet/api/host-schemas.ts";
import type { Rack, RegionList } from "#fleet/api/place-schemas.ts";
import { countOf } from "../words/figures.ts";
import { rackPath } from "../words/place-words.ts";
import { linkLooks } from "../words/state-words.ts";

export type PaletteAction = "help" | "copy-link" | "sign-out";

export interface PaletteEntry {
  readonly id: string;
  readonly words: string;
  /** What kind of thing it is, or what is known of it. */
  readonly hint: string;
  readonly goal: { readonly to: string } | { readonly action: PaletteAction };
}

export const pageEntries: readonly PaletteEntry[] = [
  { id: "page-fleet", words: "Fleet", hint: "page · g f", goal: { to: "/" } },
  { id: "page-racks", words: "Racks", hint: "page · g r", goal: { to: "/racks" } },
  { id: "page-hosts", words: "Hosts", hint: "page · g h", goal: { to: "/hosts" } },
  { id: "page-reports", words: "Reports", hint: "page · g t", goal: { to: "/reports" } },
  { id: "page-plans", words: "Plans", hint: "page · g p", goal: { to: "/plans" } },
  { id: "page-inbox", words: "Inbox", hint: "page · g i", goal: { to: "/inbox" } },
  { id: "page-audit", words: "Audit", hint: "page", goal: { to: "/audit" } },
  { id: "page-people", words: "People", hint: "page", goal: { to: "/people" } },
  {
    id: "hosts-lost",
    words: "Hosts that are lost",
    hint: "list",
    goal: { to: "/hosts?selector=link%3Dlost" },
  },
  {
    id: "hosts-draining",
    words: "Hosts that drain",
    hint: "list",
    goal: { to: "/hosts?selector=state%3Ddraining" },
  },
  {
    id: "hosts-hot",
    words: "Hottest hosts",
    hint: "list",
    goal: { to: "/hosts?sort=-temperature" },
  },
  { id: "hosts-power", words: "Hosts by power", hint: "list", goal: { to: "/hosts?sort=-power" } },
];

export const actionEntries: readonly PaletteEntry[] = [
  {
    id: "do-copy-link",
    words: "Copy the link to this page",
    hint: "action",
    goal: { action: "copy-link" },
  },
  { id: "do-help", words: "Show the keys", hint: "action · ?", goal: { action: "help" } },
  { id: "do-sign-out", words: "Sign out", hint: "action", goal: { action: "sign-out" } },
];

export function siteEntries(regions: RegionList): readonly PaletteEntry[] {
  return regions.items.flatMap(({ name, sites }) =>
    sites.map((site) => ({
      id: `site-${site.code}`,
      words: site.code,
      hint: `site · ${name} · ${countOf(site.supply.hosts, "host")}`,
      goal: { to: `/racks?site=${encodeURIComponent(site.code)}` },
    })),
  );
}

export function rackEntries(racks: readonly Rack[]): readonly PaletteEntry[] {
  return racks.map((rack) => ({
    id: `rack-${rack.id}`,
    words: rack.id.replaceAll("~", "/"),
    hint: `rack · ${countOf(rack.supply.hosts, "host")}`,
    goal: { to: rackPath(rack.id) },
  }));
}

export function hostEntries(hosts: readonly Host[]): readonly PaletteEntry[] {
  return hosts.map((host) => ({
    id: `host-${host.id}`,
    words: host.name,
    hint: ["host", linkLooks[host.link.state].word, host.serial ?? ""].filter(Boolean).join(" · "),
    goal: { to: `/hosts/${encodeURIComponent(host.id)}` },
  }));
}

/** The manager looks at classes and places too: whose very name it is comes before those. */
export function rankHosts(hosts: readonly Host[], typed: string): readonly Host[] {
  const text = typed.trim().toLowerCase();
  const rank = ({ name }: Host): number => {
    const lower = name.toLowerCase();
    if (lower === text) return 0;
    if (lower.startsWith(text)) return 1;
    return lower.includes(text) ? 2 : 3;
  };
  return hosts.toSorted((a, b) => rank(a) - rank(b));
}

/** Entries that hold every typed word; those that begin with the text come first. Order is kept. */
export function findEntries(
  entries: readonly PaletteEntry[],
  typed: string,
  max: number,
): readonly PaletteEntry[] {
  const text = typed.trim().toLowerCase();
  const words = text.split(/\s+/).filter(Boolean);
  const found = entries.filter((entry) => {
    const all = `${entry.words} ${entry.hint}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
  const begins = (entry: PaletteEntry) => entry.words.toLowerCase().startsWith(text);
  return [...found.filter(begins), ...found.filter((entry) => !begins(entry))].slice(0, max);
}
