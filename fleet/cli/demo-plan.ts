/** One host of the invented estate. */
export interface PlannedHost {
  /** `iad1-a1-07`: site, row and rack, place in the rack. */
  readonly name: string;
  /** `na/iad1/row-a/rack-1/u13`. */
  readonly position: string;
}

/** Three regions, six sites: two that many operators really have in each. */
export const demoSites = [
  { region: "na", site: "iad1" },
  { region: "na", site: "sea1" },
  { region: "eu", site: "fra2" },
  { region: "eu", site: "ams1" },
  { region: "ea", site: "nrt1" },
  { region: "ea", site: "icn1" },
] as const;

export const demoHostsDefault = 480;
export const demoHostsMax = 10_000;
const racksPerSiteMin = 4;
const racksPerRow = 2;
/** One-unit hosts that a rack of 42 units takes. */
const hostsPerRackMax = 40;

/**
 * `count` hosts, spread evenly over the sites and their racks; 24 racks with 20 hosts each by
 * default. The same count gives the same estate, and a larger one keeps the smaller one's hosts.
 */
export function planDemo(count: number): readonly PlannedHost[] {
  const perSite = Math.ceil(count / demoSites.length);
  const racks = Math.max(racksPerSiteMin, Math.ceil(perSite / hostsPerRackMax));
  return Array.from({ length: count }, (_, index) => {
    const { region, site } = demoSites[index % demoSites.length] ?? demoSites[0];
    const inSite = Math.floor(index / demoSites.length);
    const rack = inSite % racks;
    const place = Math.floor(inSite / racks);
    const row = rowName(Math.floor(rack / racksPerRow));
    const rackNumber = String((rack % racksPerRow) + 1).padStart(2, "0");
    return {
      name: `${site}-${row}${rackNumber}-${String(place + 1).padStart(2, "0")}`,
      position: `${region}/${site}/row-${row}/rack-${row}${rackNumber}/u${unitOf(place)}`,
    };
  });
}

/** Every other unit from the bottom up, as air and cables like it; then those between. */
function unitOf(place: number): number {
  const perPass = 21;
  return place < perPass ? 2 * place + 1 : 2 * (place - perPass) + 2;
}

/** a, b … z, aa, ab … */
function rowName(index: number): string {
  const letter = String.fromCharCode("a".charCodeAt(0) + (index % 26));
  return index < 26 ? letter : rowName(Math.floor(index / 26) - 1) + letter;
}
