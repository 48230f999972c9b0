import type { CellId } from "#proto/vocabulary/ids.ts";
import { rackUnitsMax, type Region } from "#proto/vocabulary/position.ts";
import { airportTimeZone } from "../airport-time-zone.ts";
import type { RackRecord, SiteRecord } from "../host-record.ts";
import { rackHeights, rackIdOf } from "../rack-id.ts";
import type { FieldChange, PlaceWrite } from "./estate-changes.ts";
import type { EstateDocument, EstateRack, EstateSite } from "./estate-document.ts";
import type { ProblemList } from "./estate-problem.ts";
import type { Slices } from "./slices.ts";
import { formatFeeds, formatWindows, regionOfAirport } from "./place-values.ts";

export interface ComparedPlaces {
  readonly sites: readonly PlaceWrite<SiteRecord>[];
  readonly racks: readonly PlaceWrite<RackRecord>[];
  readonly unchanged: number;
  /** Every site and rack as it will stand. */
  readonly siteOf: ReadonlyMap<string, SiteRecord>;
  readonly rackOf: ReadonlyMap<string, RackRecord>;
  /** Racks whose height or feeds the file changes, or that are new: where in the file. */
  readonly touched: ReadonlyMap<string, string>;
}

/** Sites and racks that a file names, and those that its hosts need. */
export function* comparePlaces(
  estate: EstateDocument,
  current: { readonly sites: readonly SiteRecord[]; readonly racks: readonly RackRecord[] },
  cell: CellId,
  problems: ProblemList,
): Slices<ComparedPlaces> {
  const siteOf = new Map(current.sites.map((site) => [site.code, site]));
  const rackOf = new Map(current.racks.map((rack) => [rack.id, rack]));
  const sites = compareSites(estate, siteOf, cell, problems);
  yield;
  const racks = compareRacks(estate, rackOf, siteOf, problems);
  for (const { at, record } of sites.writes)
    if (record.cell !== cell)
      problems.add(
        "site-foreign",
        at,
        "site",
        `${record.code} belongs to the cell ${record.cell}`,
        "import it at that cell's manager",
      );
  return {
    sites: sites.writes,
    racks: racks.writes,
    unchanged: sites.unchanged + racks.unchanged,
    siteOf,
    rackOf,
    touched: new Map(racks.writes.map(({ at, record }) => [record.id, at])),
  };
}

function compareSites(
  { sites, racks, hosts }: EstateDocument,
  siteOf: Map<string, SiteRecord>,
  cell: CellId,
  problems: ProblemList,
) {
  const writes = new Map<string, PlaceWrite<SiteRecord>>();
  const seen = new Map<string, string>();
  let unchanged = 0;
  const regionSaid = firstRegions([...sites, ...racks, ...hosts.map(placeOf)]);
  const note = (at: string, before: SiteRecord | null, record: SiteRecord): void => {
    const fields = changedFields(before, record, siteFields);
    siteOf.set(record.code, record);
    if (before !== null && fields.length === 0) unchanged += 1;
    else writes.set(record.code, { at, record, before, fields });
  };
  const addSite = (at: string, code: string, said: EstateSite | undefined): void => {
    const region = regionSaid.get(code) ?? regionOfAirport(code);
    if (region === undefined) {
      siteOf.set(code, newSite(code, "na", cell, said));
      const todo = "say it in the position, or in a file of sites: region,site,time_zone";
      problems.add(
        "region-unknown",
        at,
        "region",
        `nobody says in which region ${code} lies`,
        todo,
      );
      return;
    }
    const record = newSite(code, region, cell, said);
    if (record.timeZone === null)
      problems.note(at, `the time zone of ${code} is not known; say it in a file of sites`);
    note(at, null, record);
  };
  for (const site of sites) {
    const first = seen.get(site.code);
    if (first !== undefined) {
      const words = `${site.code} stands there twice, first in ${first}`;
      problems.add("rack-twice", site.at, "site", words, "keep one of them");
      continue;
    }
    seen.set(site.code, site.at);
    const before = siteOf.get(site.code);
    if (before === undefined) addSite(site.at, site.code, site);
    else
      note(site.at, before, {
        ...before,
        timeZone: site.timeZone === undefined ? before.timeZone : site.timeZone,
        windows: site.windows ?? before.windows,
      });
  }
  for (const place of [...racks, ...hosts.flatMap((host) => placeOf(host) ?? [])])
    if (!siteOf.has(place.site)) addSite(place.at, place.site, undefined);
  for (const place of [...sites, ...racks, ...hosts.flatMap((host) => placeOf(host) ?? [])]) {
    const code = "code" in place ? place.code : place.site;
    const known = siteOf.get(code);
    if (place.region === undefined || known === undefined || known.region === place.region)
      continue;
    problems.add(
      "site-elsewhere",
      place.at,
      "region",
      `${code} lies in ${known.region}, not in ${place.region}`,
      "write its own region; a site that stands in another now gets another code",
    );
  }
  return { writes: [...writes.values()], unchanged };
}

function placeOf({ at, place }: EstateDocument["hosts"][number]) {
  return place === null || place === undefined ? undefined : { at, ...place };
}

function firstRegions(
  places: readonly (EstateSite | EstateRack | ReturnType<typeof placeOf>)[],
): ReadonlyMap<string, Region> {
  const regions = new Map<string, Region>();
  for (const place of places) {
    if (place?.region === undefined) continue;
    const code = "code" in place ? place.code : place.site;
    if (!regions.has(code)) regions.set(code, place.region);
  }
  return regions;
}

function newSite(
  code: string,
  region: Region,
  cell: CellId,
  said: EstateSite | undefined,
): SiteRecord {
  const timeZone = said?.timeZone === undefined ? airportTimeZone(code) : said.timeZone;
  return { code, region, timeZone, cell, windows: said?.windows ?? [] };
}

function compareRacks(
  { racks, hosts }: EstateDocument,
  rackOf: Map<string, RackRecord>,
  siteOf: ReadonlyMap<string, SiteRecord>,
  problems: ProblemList,
) {
  const writes: PlaceWrite<RackRecord>[] = [];
  const seen = new Map<string, string>();
  let unchanged = 0;
  for (const rack of racks) {
    const id = rackIdOf(rack);
    const first = seen.get(id);
    if (first !== undefined) {
      const words = `${id} stands there twice, first in ${first}`;
      problems.add("rack-twice", rack.at, "rack", words, "keep one of them");
      continue;
    }
    seen.set(id, rack.at);
    const before = rackOf.get(id) ?? null;
    const record: RackRecord = {
      id,
      region: siteOf.get(rack.site)?.region ?? "na",
      site: rack.site,
      row: rack.row,
      rack: rack.rack,
      heightUnits: rack.heightUnits ?? before?.heightUnits ?? rackHeights[0],
      feeds: rack.feeds ?? before?.feeds ?? [],
    };
    rackOf.set(id, record);
    const fields = changedFields(before, record, rackFields);
    if (before !== null && fields.length === 0) unchanged += 1;
    else writes.push({ at: rack.at, record, before, fields });
  }
  writes.push(...racksOfHosts(hosts, rackOf, siteOf));
  return { writes, unchanged };
}

/** A rack that nobody described has the lowest usual height that holds its hosts. */
function racksOfHosts(
  hosts: EstateDocument["hosts"],
  rackOf: Map<string, RackRecord>,
  siteOf: ReadonlyMap<string, SiteRecord>,
): readonly PlaceWrite<RackRecord>[] {
  const tops = new Map<string, { readonly at: string; readonly top: number }>();
  const made = new Map<string, RackRecord>();
  for (const { at, place, heightUnits } of hosts) {
    if (place === null || place === undefined) continue;
    const id = rackIdOf(place);
    if (rackOf.has(id)) continue;
    const top = place.unit + (heightUnits ?? 1) - 1;
    const before = tops.get(id);
    if (before === undefined) {
      const region = siteOf.get(place.site)?.region ?? "na";
      const { site, row, rack } = place;
      made.set(id, { id, region, site, row, rack, heightUnits: rackHeights[0], feeds: [] });
    }
    if (before === undefined || top > before.top) tops.set(id, { at: before?.at ?? at, top });
  }
  return [...made].map(([id, rack]) => {
    const { at, top } = tops.get(id) ?? { at: "", top: 1 };
    const heightUnits = rackHeights.find((height) => height >= top) ?? rackUnitsMax;
    const record = { ...rack, heightUnits };
    rackOf.set(id, record);
    return { at, record, before: null, fields: changedFields(null, record, rackFields) };
  });
}

type Shown<Value> = readonly (readonly [string, (value: Value) => string | null])[];

const siteFields: Shown<SiteRecord> = [
  ["region", (site) => site.region],
  ["time_zone", (site) => site.timeZone],
  ["windows_local", (site) => formatWindows(site.windows) || null],
];
const rackFields: Shown<RackRecord> = [
  ["height_units", (rack) => String(rack.heightUnits)],
  ["feeds_watts", (rack) => formatFeeds(rack.feeds) || null],
];

/** Of something new all fields that it has. */
export function changedFields<Value>(
  before: Value | null,
  after: Value,
  shown: Shown<Value>,
): readonly FieldChange[] {
  return shown.flatMap(([field, show]) => {
    const from = before === null ? null : show(before);
    const to = show(after);
    return from === to ? [] : [{ field, from, to }];
  });
}
