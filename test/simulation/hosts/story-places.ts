import type { ControlStore } from "#fleet/storage/control-store.ts";
import { type Position, parsePosition } from "#proto/vocabulary/position.ts";
import { simulatedCell } from "./cell-store.ts";

const hostsPerSite = 3;

export function nameOf(index: number): string {
  return `host-${String(index).padStart(3, "0")}`;
}

/** One host a rack, three racks a site. */
export function positionOf(index: number): Position {
  const place = 1 + (index % hostsPerSite);
  const parsed = parsePosition(`eu/${siteOf(index)}/row-a/rack-0${place}/u01`);
  if (!parsed.ok) throw new Error(parsed.problem.hint);
  return parsed.value;
}

/** Small sites: what may be taken at once is counted by site. */
function siteOf(index: number): string {
  return `fra${1 + Math.floor(index / hostsPerSite)}`;
}

/** Sites and racks for so many hosts. */
export async function makePlaces(hosts: number, { inventory }: ControlStore): Promise<void> {
  for (let index = 0; index < hosts; index += 1) {
    const site = siteOf(index);
    await inventory.upsertSite({
      code: site,
      region: "eu",
      timeZone: "Europe/Berlin",
      cell: simulatedCell,
      windows: [],
    });
    const rack = positionOf(index).rack;
    await inventory.upsertRack({
      id: `${site}/row-a/${rack}`,
      region: "eu",
      site,
      row: "row-a",
      rack,
      heightUnits: 42,
      feeds: [],
    });
  }
}
