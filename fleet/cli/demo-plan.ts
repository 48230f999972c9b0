import type { DemoEstate, DemoRack, DemoSite } from "./demo-estate.ts";

/** One host of the invented estate. */
export interface PlannedHost {
  /** `iad1-a01-07`: site, row and rack, place in the rack from the bottom. */
  readonly name: string;
  /** `na/iad1/row-a/rack-a01/u13`. */
  readonly position: string;
  /** The recording it replays. */
  readonly fixture: string;
}

export const demoHostsDefault = 480;
export const demoHostsMax = 10_000;

/**
 * `count` hosts of the estate, spread evenly over sites and racks. Where the estate has fewer, its
 * racks stand once more in further rows. A larger count keeps the smaller one's hosts.
 */
export function planDemo(estate: DemoEstate, count: number): readonly PlannedHost[] {
  const hosts: PlannedHost[] = [];
  for (let round = 0; hosts.length < count; round += 1) hosts.push(...planRound(estate, round));
  return hosts.slice(0, count);
}

/** The whole estate once; site by site, rack by rack, then the next place of each. */
function planRound(estate: DemoEstate, round: number): readonly PlannedHost[] {
  const racks = estate.sites.map((site) => site.racks.map((rack) => planRack(site, rack, round)));
  const racksMax = Math.max(...racks.map((ofSite) => ofSite.length));
  const placesMax = Math.max(...racks.flat().map((ofRack) => ofRack.length));
  const hosts: PlannedHost[] = [];
  for (let place = 0; place < placesMax; place += 1)
    for (let rack = 0; rack < racksMax; rack += 1)
      for (const ofSite of racks) hosts.push(...(ofSite[rack]?.slice(place, place + 1) ?? []));
  return hosts;
}

function planRack(site: DemoSite, rack: DemoRack, round: number): readonly PlannedHost[] {
  const row = rack.row.replace("row-", "");
  const number = rack.rack.replace(`rack-${row}`, "");
  const ownRow = round === 0 ? row : rowName(rowNumber(row) + round * rowCount(site));
  const place = `${site.region}/${site.site}/row-${ownRow}/rack-${ownRow}${number}`;
  const units = rack.hosts.flatMap(({ fixture, firstUnit, everyUnits, count }) =>
    Array.from({ length: count }, (_, index) => ({
      fixture,
      unit: firstUnit + index * everyUnits,
    })),
  );
  return units.map(({ fixture, unit }, index) => ({
    name: `${site.site}-${ownRow}${number}-${String(index + 1).padStart(2, "0")}`,
    position: `${place}/u${unit}`,
    fixture,
  }));
}

function rowCount(site: DemoSite): number {
  return new Set(site.racks.map(({ row }) => row)).size;
}

function rowNumber(row: string): number {
  return row.charCodeAt(0) - "a".charCodeAt(0);
}

/** a, b … z, aa, ab … */
function rowName(index: number): string {
  const letter = String.fromCharCode("a".charCodeAt(0) + (index % 26));
  return index < 26 ? letter : rowName(Math.floor(index / 26) - 1) + letter;
}
