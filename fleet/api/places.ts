import type { RackRecord, SiteRecord } from "#fleet/inventory/host-record.ts";
import { regionNames, regions } from "#proto/vocabulary/position.ts";
import type { Host } from "./host-schemas.ts";
import type { Rack, RackDetail, RegionList, SiteList } from "./place-schemas.ts";
import { sumSupply } from "./supply.ts";

export interface Estate {
  readonly sites: readonly SiteRecord[];
  readonly racks: readonly RackRecord[];
  readonly hosts: readonly Host[];
  /** Rack units that a host fills. */
  readonly heightOf: (hostId: string) => number;
}

/** All three regions, also those without a site: an empty one is an answer. */
export function viewRegions(estate: Estate): RegionList {
  return {
    items: regions.map((region) => ({
      region,
      name: regionNames[region],
      sites: viewSites(estate).filter((site) => site.region === region),
      supply: sumSupply(estate.hosts.filter((host) => host.position?.region === region)),
    })),
    unplaced: sumSupply(estate.hosts.filter((host) => host.position === null)),
    nextCursor: null,
  };
}

export function viewSites({ sites, racks, hosts }: Estate): SiteList["items"] {
  return [...sites]
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map((site) => ({
      code: site.code,
      region: site.region,
      timeZone: site.timeZone,
      cell: site.cell,
      racks: racks.filter((rack) => rack.site === site.code).length,
      supply: sumSupply(hosts.filter((host) => host.position?.site === site.code)),
    }));
}

export function viewRacks({ racks, hosts }: Pick<Estate, "racks" | "hosts">): readonly Rack[] {
  const byRack = new Map<string, Host[]>();
  for (const host of hosts) {
    const id = rackOf(host);
    if (id === undefined) continue;
    const list = byRack.get(id);
    if (list === undefined) byRack.set(id, [host]);
    else list.push(host);
  }
  return [...racks]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((rack) => ({
      id: rack.id.replaceAll("/", "~"),
      region: rack.region,
      site: rack.site,
      row: rack.row,
      rack: rack.rack,
      heightUnits: rack.heightUnits,
      supply: sumSupply(byRack.get(rack.id) ?? []),
    }));
}

/** `id` with ~ or / between site, row and rack. Undefined: there is no such rack. */
export function viewRack(estate: Estate, id: string): RackDetail | undefined {
  const wanted = id.replaceAll("~", "/");
  const record = estate.racks.find((rack) => rack.id === wanted);
  if (record === undefined) return undefined;
  const [rack] = viewRacks({ ...estate, racks: [record] });
  if (rack === undefined) return undefined;
  const slots = estate.hosts
    .filter((host) => rackOf(host) === wanted)
    .map((host) => ({
      unit: host.position?.unit ?? 0,
      heightUnits: estate.heightOf(host.id),
      host,
    }))
    .sort((a, b) => b.unit - a.unit);
  return { ...rack, slots };
}

function rackOf({ position }: Host): string | undefined {
  return position === null ? undefined : `${position.site}/${position.row}/${position.rack}`;
}
