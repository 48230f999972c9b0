import type { Rack, RegionList, SiteList, Supply } from "#fleet/api/place-schemas.ts";
import type { Column } from "./output.ts";
import { notSeen, percent, watts } from "./words.ts";

type Region = RegionList["items"][number];
type Site = SiteList["items"][number];
export type Fact = readonly [name: string, value: string];

export const regionColumns: readonly Column<Region>[] = [
  word("REGION", "region", (region) => region.region),
  word("NAME", "name", (region) => region.name),
  count("SITES", "sites", (region) => region.sites.length),
  ...supplyColumns<Region>(),
];

export const siteColumns: readonly Column<Site>[] = [
  word("SITE", "site", (site) => site.code),
  word("REGION", "region", (site) => site.region),
  word("TIME ZONE", "time_zone", (site) => site.timeZone ?? notSeen),
  count("RACKS", "racks", (site) => site.racks),
  ...supplyColumns<Site>(),
];

export const rackColumns: readonly Column<Rack>[] = [
  word("RACK", "rack", (rack) => rack.id.replaceAll("~", "/")),
  word("REGION", "region", (rack) => rack.region),
  count("UNITS", "height_units", (rack) => rack.heightUnits),
  ...supplyColumns<Rack>(),
];

export function regionFacts(region: Region): readonly Fact[] {
  return [
    ["region", region.region],
    ["name", region.name],
    ["sites", region.sites.map((site) => site.code).join(", ") || "none yet"],
    ...supplyFacts(region.supply),
  ];
}

export function siteFacts(site: Site): readonly Fact[] {
  return [
    ["site", site.code],
    ["region", site.region],
    ["time zone", site.timeZone ?? notSeen],
    ["cell", site.cell],
    ["racks", String(site.racks)],
    ...supplyFacts(site.supply),
  ];
}

function supplyFacts(supply: Supply): readonly Fact[] {
  return [
    ["hosts", String(supply.hosts)],
    ["simulated", String(supply.simulated)],
    ["by link", counts(supply.byLink)],
    ["by lifecycle", counts(supply.byLifecycle)],
    ["by health", counts(supply.byHealth)],
    ["power", wattsWords(supply)],
    ["cpu", percent(supply.cpuUtilization)],
  ];
}

function supplyColumns<Row extends { readonly supply: Supply }>(): readonly Column<Row>[] {
  const byLink = (row: Row, states: readonly string[]): number =>
    states.reduce((sum, state) => sum + (row.supply.byLink[state] ?? 0), 0);
  return [
    count("HOSTS", "hosts", (row) => row.supply.hosts),
    count("CONNECTED", "hosts_connected", (row) => byLink(row, ["connected"])),
    count("LATE", "hosts_late", (row) => byLink(row, ["late"])),
    count("LOST", "hosts_lost", (row) => byLink(row, ["lost", "never"])),
    {
      title: "POWER",
      key: "power_watts",
      isFigure: true,
      show: (row) => wattsWords(row.supply),
      raw: (row) => row.supply.watts,
    },
    {
      title: "CPU",
      key: "cpu_utilization_1",
      isFigure: true,
      show: (row) => percent(row.supply.cpuUtilization),
      raw: (row) => row.supply.cpuUtilization,
    },
    count("SIMULATED", "hosts_simulated", (row) => row.supply.simulated),
  ];
}

/** A sum over some of the hosts says of how many. */
function wattsWords({ watts: sum, wattsCoverage, hosts }: Supply): string {
  if (sum === null || wattsCoverage === 1) return watts(sum);
  return `${watts(sum)} from ${Math.round(wattsCoverage * hosts)} of ${hosts}`;
}

function counts(byWord: Readonly<Record<string, number>>): string {
  const words = Object.entries(byWord).map(([name, number]) => `${number} ${name}`);
  return words.length === 0 ? "none" : words.join(", ");
}

function word<Row>(title: string, key: string, read: (row: Row) => string): Column<Row> {
  return { title, key, show: read, raw: read };
}

function count<Row>(title: string, key: string, read: (row: Row) => number): Column<Row> {
  return { title, key, isFigure: true, show: (row) => String(read(row)), raw: read };
}
