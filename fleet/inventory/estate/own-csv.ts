import { parseUuid, type HostId } from "#proto/vocabulary/ids.ts";
import { ok } from "#proto/vocabulary/result.ts";
import { type CsvTable, refuseUnknownColumns, type TableRow } from "./csv-table.ts";
import type {
  EstateDocument,
  EstateHost,
  EstatePlace,
  EstateRack,
  EstateSite,
} from "./estate-document.ts";
import { type ProblemList, quoted } from "./estate-problem.ts";
import {
  readFeeds,
  readPlace,
  readPlacePart,
  readRegion,
  readSiteCode,
  readTimeZone,
  readWindows,
} from "./place-values.ts";
import { rowsPerSlice, type Slices } from "./slices.ts";
import {
  readHeight,
  readHostName,
  readMac,
  readPlainText,
  readSerial,
  readTags,
  readUnit,
  readWatts,
  type Read,
  wrong,
} from "./values.ts";

/** Columns of our own three tables, in the order in which they are written. */
export const hostColumns = [
  "id",
  "name",
  "serial",
  "class",
  "position",
  "height_units",
  "bmc_mac",
  "switch_port",
  "tags",
  "phase",
  "nameplate_watts",
] as const;
export const rackColumns = [
  "region",
  "site",
  "row",
  "rack",
  "height_units",
  "feeds_watts",
] as const;
export const siteColumns = ["region", "site", "time_zone", "windows_local"] as const;
/** In place of `position`. */
const placeColumns = ["region", "site", "row", "rack", "unit"] as const;

export type OwnTable = "hosts" | "racks" | "sites";

/** Which of our tables these columns are; undefined: none. */
export function whichTable(columns: readonly string[]): OwnTable | undefined {
  const has = (column: string): boolean => columns.includes(column);
  if (has("name")) return "hosts";
  if (has("row") && has("rack")) return "racks";
  return has("site") && (has("time_zone") || has("windows_local")) ? "sites" : undefined;
}

export function* readOwnTable(
  which: OwnTable,
  table: CsvTable,
  problems: ProblemList,
): Slices<EstateDocument> {
  const none = { sites: [], racks: [], hosts: [] };
  switch (which) {
    case "hosts":
      refuseUnknownColumns(table, [...hostColumns, ...placeColumns], problems);
      return { ...none, hosts: yield* take(table, hostFromRow) };
    case "racks":
      refuseUnknownColumns(table, rackColumns, problems);
      return { ...none, racks: yield* take(table, rackFromRow) };
    case "sites":
      refuseUnknownColumns(table, siteColumns, problems);
      return { ...none, sites: yield* take(table, siteFromRow) };
  }
}

function* take<Entry>(
  { rows }: CsvTable,
  read: (row: TableRow) => Entry | undefined,
): Slices<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const [count, row] of rows.entries()) {
    if (count % rowsPerSlice === rowsPerSlice - 1) yield;
    const entry = read(row);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

function hostFromRow(row: TableRow): EstateHost | undefined {
  const name = row.text("name");
  if (name === undefined)
    return row.complain("value-missing", "name", "the host has no name", "give it one");
  const tags = row.read("tags", readTags);
  return {
    at: row.at,
    id: row.value("id", readId),
    name: row.value("name", readHostName) ?? name.slice(0, 63),
    serial: row.read("serial", readSerial),
    hardwareClass: row.read("class", readPlainText),
    place: placeFromRow(row),
    heightUnits: row.value("height_units", readHeight),
    bmcMac: row.read("bmc_mac", readMac),
    switchPort: row.read("switch_port", readPlainText),
    tags: tags === null ? [] : tags,
    phase: row.value("phase", readPhaseText),
    nameplateWatts: row.read("nameplate_watts", readWatts),
    isRear: false,
  };
}

function placeFromRow(row: TableRow): EstatePlace | null | undefined {
  if (row.text("position") !== undefined) return row.read("position", readPlace);
  const { missing, given } = sortedOut(row);
  if (given.length === 0) return undefined;
  if (missing.length > 0)
    return row.complain(
      "value-missing",
      missing[0] ?? null,
      `the place says ${given.join(", ")} and not ${missing.join(", ")}`,
      "give site, row, rack and unit, or the column position as in eu/fra2/row-b/rack-07/u12",
    );
  const region = row.value("region", readRegion);
  const site = row.value("site", readSiteCode);
  const line = row.value("row", readRow);
  const rack = row.value("rack", readRack);
  const unit = row.value("unit", readUnit);
  if (site === undefined || line === undefined || rack === undefined || unit === undefined)
    return undefined;
  return { region, site, row: line, rack, unit };
}

function sortedOut(row: TableRow) {
  const wanted = ["site", "row", "rack", "unit"] as const;
  return {
    given: wanted.filter((column) => row.text(column) !== undefined),
    missing: wanted.filter((column) => row.text(column) === undefined),
  };
}

function rackFromRow(row: TableRow): EstateRack | undefined {
  const site = requireValue(row, "site", readSiteCode);
  const line = requireValue(row, "row", readRow);
  const rack = requireValue(row, "rack", readRack);
  if (site === undefined || line === undefined || rack === undefined) return undefined;
  const feeds = row.read("feeds_watts", readFeeds);
  return {
    at: row.at,
    region: row.value("region", readRegion),
    site,
    row: line,
    rack,
    heightUnits: row.value("height_units", readHeight),
    feeds: feeds === null ? [] : feeds,
  };
}

function siteFromRow(row: TableRow): EstateSite | undefined {
  const code = requireValue(row, "site", readSiteCode);
  if (code === undefined) return undefined;
  const windows = row.read("windows_local", readWindows);
  return {
    at: row.at,
    code,
    region: row.value("region", readRegion),
    timeZone: row.read("time_zone", (text) => readTimeZone(text, code)),
    windows: windows === null ? [] : windows,
  };
}

function requireValue<Value>(
  row: TableRow,
  column: string,
  reader: (text: string) => Read<Value>,
): Value | undefined {
  if (row.text(column) !== undefined) return row.value(column, reader);
  return row.complain("value-missing", column, `the row has no ${column}`, "write it in each row");
}

const readRow = (text: string): Read<string> => readPlacePart("row", text);
const readRack = (text: string): Read<string> => readPlacePart("rack", text);

export function readId(text: string): Read<HostId> {
  const id = parseUuid<HostId>(text.toLowerCase());
  return id.ok
    ? id
    : wrong(`${quoted(text)} is no id of a host`, "leave it empty for a new host; it gets one");
}

/** Which phases may come in is decided where they are compared. */
export function readPhaseText(text: string): Read<string> {
  const phase = text.toLowerCase();
  return /^[a-z]{1,16}$/.test(phase)
    ? ok(phase)
    : wrong(`${quoted(text)} is no phase`, "write planned, or leave it empty");
}
