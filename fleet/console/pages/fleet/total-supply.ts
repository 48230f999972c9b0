import type { RegionList, Supply } from "#fleet/api/place-schemas.ts";

/** Counts and sums over the whole fleet, hosts without a position included. */
export function totalSupply(regions: RegionList): Omit<Supply, "cpuUtilization"> {
  const parts = [...regions.items.map((region) => region.supply), regions.unplaced];
  const hosts = sum(parts.map((part) => part.hosts));
  const watts = parts.map((part) => part.watts).filter((value) => value !== null);
  return {
    hosts,
    simulated: sum(parts.map((part) => part.simulated)),
    byLink: sumCounts(parts.map((part) => part.byLink)),
    byLifecycle: sumCounts(parts.map((part) => part.byLifecycle)),
    byHealth: sumCounts(parts.map((part) => part.byHealth)),
    watts: watts.length === 0 ? null : sum(watts),
    wattsCoverage:
      hosts === 0 ? 0 : sum(parts.map((part) => part.wattsCoverage * part.hosts)) / hosts,
  };
}

function sumCounts(parts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total = new Map<string, number>();
  for (const part of parts) {
    for (const [word, count] of Object.entries(part))
      total.set(word, (total.get(word) ?? 0) + count);
  }
  return Object.fromEntries(total);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
