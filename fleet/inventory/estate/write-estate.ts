import { formatPosition } from "#proto/vocabulary/position.ts";
import type { HostRecord, Phase, RackRecord, SiteRecord } from "../host-record.ts";
import { hostColumns, type OwnTable, rackColumns, siteColumns } from "./own-csv.ts";
import { estateFormat } from "./own-json.ts";
import { formatFeeds, formatWindows } from "./place-values.ts";
import { byText } from "./values.ts";

export interface WholeEstate {
  readonly sites: readonly SiteRecord[];
  readonly racks: readonly RackRecord[];
  readonly hosts: readonly HostRecord[];
}

/** One table as CSV (RFC 4180), its units in the header, always in the same order. */
export function writeEstateCsv(which: OwnTable, estate: WholeEstate): string {
  switch (which) {
    case "sites":
      return csvText(siteColumns, sorted(estate.sites, (site) => site.code).map(siteCells));
    case "racks":
      return csvText(rackColumns, sorted(estate.racks, (rack) => rack.id).map(rackCells));
    case "hosts":
      return csvText(hostColumns, sorted(estate.hosts, placeKey).map(hostCells));
  }
}

function siteCells(site: SiteRecord): readonly string[] {
  return [site.region, site.code, site.timeZone ?? "", formatWindows(site.windows)];
}

function rackCells(rack: RackRecord): readonly string[] {
  const { region, site, row, heightUnits, feeds } = rack;
  return [region, site, row, rack.rack, String(heightUnits), formatFeeds(feeds)];
}

function hostCells(host: HostRecord): readonly string[] {
  return [
    host.id,
    host.name,
    host.serial ?? "",
    host.hardwareClass ?? "",
    host.position === null ? "" : formatPosition(host.position),
    String(host.heightUnits),
    host.bmcMac ?? "",
    host.switchPort ?? "",
    host.tags.join(" "),
    host.phase,
    host.nameplateWatts === null ? "" : String(host.nameplateWatts),
  ];
}

/** The whole estate in one file. */
export function writeEstateJson({ sites, racks, hosts }: WholeEstate): string {
  const file = {
    format: estateFormat,
    sites: sorted(sites, (site) => site.code).map((site) => ({
      site: site.code,
      region: site.region,
      timeZone: site.timeZone,
      windows: formatWindows(site.windows),
    })),
    racks: sorted(racks, (rack) => rack.id).map((rack) => ({
      region: rack.region,
      site: rack.site,
      row: rack.row,
      rack: rack.rack,
      heightUnits: rack.heightUnits,
      feeds: rack.feeds,
    })),
    hosts: sorted(hosts, placeKey).map((host) => ({
      id: host.id,
      name: host.name,
      serial: host.serial,
      class: host.hardwareClass,
      position: host.position === null ? null : formatPosition(host.position),
      heightUnits: host.heightUnits,
      bmcMac: host.bmcMac,
      switchPort: host.switchPort,
      tags: host.tags,
      phase: host.phase,
      nameplateWatts: host.nameplateWatts,
    })),
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/**
 * What NetBox' bulk import takes: devices or racks. Sites, locations (our rows), racks, the
 * manufacturer and the device types (our classes) must be there already.
 */
export function writeNetboxCsv(which: "hosts" | "racks", { racks, hosts }: WholeEstate): string {
  if (which === "racks")
    return csvText(
      ["site", "location", "name", "status", "width", "u_height"],
      sorted(racks, (rack) => rack.id).map((rack) => [
        rack.site,
        rack.row,
        rack.rack,
        "active",
        "19",
        String(rack.heightUnits),
      ]),
    );
  return csvText(
    netboxColumns,
    sorted(hosts, placeKey).map((host) => [
      host.name,
      "server",
      "generic",
      host.hardwareClass ?? "unknown",
      host.serial ?? "",
      netboxStatus[host.phase],
      host.position?.site ?? "",
      host.position?.row ?? "",
      host.position?.rack ?? "",
      host.position === null ? "" : String(host.position.unit),
      host.position === null ? "" : "front",
      host.tags.join(","),
    ]),
  );
}

const netboxColumns = [
  "name",
  "role",
  "manufacturer",
  "device_type",
  "serial",
  "status",
  "site",
  "location",
  "rack",
  "position",
  "face",
  "tags",
] as const;

const netboxStatus: { readonly [P in Phase]: string } = {
  planned: "planned",
  new: "staged",
  available: "inventory",
  active: "active",
  drained: "offline",
  quarantined: "failed",
  retired: "decommissioning",
};

/** By place, and those without one last. */
function placeKey({ position, name }: HostRecord): string {
  return position === null ? `~ ${name}` : `${formatPosition(position)} ${name}`;
}

function sorted<Value>(values: readonly Value[], keyOf: (value: Value) => string) {
  return values
    .map((value) => ({ key: keyOf(value), value }))
    .sort((left, right) => byText(left.key, right.key))
    .map(({ value }) => value);
}

function csvText(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** A spreadsheet must not take it for a formula; the reader takes the sign away again. */
function cell(text: string): string {
  const safe = /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",;\r\n\t]/.test(safe) || safe !== safe.trim()
    ? `"${safe.replaceAll('"', '""')}"`
    : safe;
}
