import { regionNames, regions } from "#proto/vocabulary/position.ts";
import type { Host } from "#fleet/api/host-schemas.ts";
import type { Rack, RackDetail, RegionList, SiteList, Supply } from "#fleet/api/place-schemas.ts";
import type { KeptCell } from "./kept-cell.ts";

/** The three regions, each with the sites and the sums of every cell that has some of it. */
export function mergeRegions(
  lists: readonly { readonly cell: string; readonly list: RegionList }[],
): RegionList {
  return {
    items: regions.map((region) => {
      const parts = lists.flatMap(({ cell, list }) =>
        list.items
          .filter((item) => item.region === region)
          .map((item) => ({ ...item, sites: item.sites.map((site) => ({ ...site, cell })) })),
      );
      return {
        region,
        name: regionNames[region],
        sites: sortSites(parts.flatMap((part) => part.sites)),
        supply: addSupplies(parts.map((part) => part.supply)),
      };
    }),
    unplaced: addSupplies(lists.map(({ list }) => list.unplaced)),
    nextCursor: null,
  };
}

export function sortSites(sites: SiteList["items"]): SiteList["items"] {
  return sites.toSorted((a, b) => compare(a.code, b.code) || compare(a.cell, b.cell));
}

export function sortRacks(racks: readonly Rack[]): Rack[] {
  return racks.toSorted((a, b) => compare(a.id, b.id));
}

/** The rack with its hosts, out of what is kept; undefined: the cell has no such rack. */
export function keptRack(kept: KeptCell, id: string): RackDetail | undefined {
  const rack = kept.racks.find((one) => one.id === id);
  if (rack === undefined) return undefined;
  const slots = kept.hosts
    .filter((host) => isIn(host, rack))
    .map((host) => ({
      unit: host.position?.unit ?? 0,
      heightUnits: kept.heights[host.id] ?? 1,
      host,
    }))
    .toSorted((a, b) => b.unit - a.unit);
  return { ...rack, slots };
}

function isIn({ position }: Host, rack: Rack): boolean {
  return (
    position !== null &&
    position.site === rack.site &&
    position.row === rack.row &&
    position.rack === rack.rack
  );
}

/**
 * Sums of several cells. The mean of processors is weighted by the hosts that are heard: a cell does
 * not say how many of its hosts stand behind its mean.
 */
export function addSupplies(supplies: readonly Supply[]): Supply {
  const hosts = sum(supplies.map((one) => one.hosts));
  const watts = supplies.flatMap((one) => (one.watts === null ? [] : [one.watts]));
  const means = supplies.flatMap((one) =>
    one.cpuUtilization === null ? [] : [{ mean: one.cpuUtilization, weight: heardOf(one) }],
  );
  const weight = sum(means.map((one) => one.weight));
  return {
    hosts,
    simulated: sum(supplies.map((one) => one.simulated)),
    byLink: addCounts(supplies.map((one) => one.byLink)),
    byLifecycle: addCounts(supplies.map((one) => one.byLifecycle)),
    byHealth: addCounts(supplies.map((one) => one.byHealth)),
    watts: watts.length === 0 ? null : sum(watts),
    wattsCoverage:
      hosts === 0 ? 0 : sum(supplies.map((one) => one.wattsCoverage * one.hosts)) / hosts,
    cpuUtilization: weight === 0 ? null : sum(means.map((one) => one.mean * one.weight)) / weight,
  };
}

function heardOf(supply: Supply): number {
  const heard = (supply.byLink["connected"] ?? 0) + (supply.byLink["late"] ?? 0);
  return Math.max(1, heard);
}

function addCounts(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const one of all)
    for (const [word, count] of Object.entries(one))
      counts.set(word, (counts.get(word) ?? 0) + count);
  return Object.fromEntries([...counts].toSorted(([a], [b]) => compare(a, b)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
