import type { HostRecord, Phase, RackRecord, SiteRecord } from "#fleet/inventory/host-record.ts";
import type { BootId, CellId, HostId } from "#proto/vocabulary/ids.ts";
import { isRegion, type Position, type Region } from "#proto/vocabulary/position.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { HostRow, RackRow, SiteRow } from "./inventory-columns.ts";
import { damagedRow } from "./store-error.ts";
import { parseStoredFeeds, parseStoredOperation, parseStoredWindows } from "./stored-estate.ts";

/** A row of hosts with the place that its rack names; all null where it has none. */
export interface PlacedHostRow extends HostRow {
  readonly region: string | null;
  readonly site: string | null;
  readonly row_name: string | null;
  readonly rack: string | null;
}

export function hostFromRow(row: PlacedHostRow): HostRecord {
  return {
    id: row.id as HostId,
    name: row.name,
    cell: row.cell as CellId,
    phase: requirePhase(row.phase),
    position: positionFromRow(row),
    heightUnits: row.height_units,
    hardwareClass: row.hardware_class,
    serial: row.serial,
    simulated: row.simulated === 1,
    adopted: row.adopted === 1,
    watchedOnly: row.watched_only === 1,
    trust: row.trust === "rented" ? "rented" : "operated",
    op: row.op_json === null ? null : parseStoredOperation(row.op_json),
    epoch: row.epoch,
    tags: row.tags === "" ? [] : row.tags.split(","),
    bmcMac: row.bmc_mac,
    switchPort: row.switch_port,
    nameplateWatts: row.nameplate_watts,
    generation: row.generation,
    revision: row.revision,
    bootId: row.boot_id as BootId | null,
    agentRelease: row.agent_release,
    createdMs: unixMs(row.created_ms),
    lastReportMs: row.last_report_ms === null ? null : unixMs(row.last_report_ms),
  };
}

export function hostToRow(record: HostRecord): HostRow {
  return {
    id: record.id,
    name: record.name,
    cell: record.cell,
    phase: record.phase,
    rack_id: record.position === null ? null : rackIdOf(record.position),
    unit: record.position?.unit ?? null,
    height_units: record.heightUnits,
    hardware_class: record.hardwareClass,
    serial: record.serial,
    simulated: record.simulated ? 1 : 0,
    adopted: record.adopted ? 1 : 0,
    watched_only: record.watchedOnly ? 1 : 0,
    trust: record.trust,
    op_json: record.op === null ? null : JSON.stringify(record.op),
    epoch: record.epoch,
    tags: record.tags.join(","),
    bmc_mac: record.bmcMac,
    switch_port: record.switchPort,
    nameplate_watts: record.nameplateWatts,
    generation: record.generation,
    revision: record.revision,
    boot_id: record.bootId,
    agent_release: record.agentRelease,
    created_ms: record.createdMs,
    last_report_ms: record.lastReportMs,
  };
}

export function sameHostRow(left: HostRow, right: HostRow): boolean {
  return (Object.keys(right) as (keyof HostRow)[]).every((key) => left[key] === right[key]);
}

export function rackIdOf(place: Pick<Position, "site" | "row" | "rack">): string {
  return `${place.site}/${place.row}/${place.rack}`;
}

export function siteFromRow(row: SiteRow): SiteRecord {
  return {
    code: row.code,
    region: requireRegion(row.region, `site ${row.code}`),
    timeZone: row.time_zone,
    cell: row.cell as CellId,
    windows: parseStoredWindows(row.windows_json),
  };
}

export function siteToRow(site: SiteRecord): SiteRow {
  return {
    code: site.code,
    region: site.region,
    time_zone: site.timeZone,
    cell: site.cell,
    windows_json: JSON.stringify(site.windows),
  };
}

export function rackFromRow(row: RackRow): RackRecord {
  return {
    id: row.id,
    region: requireRegion(row.region, `rack ${row.id}`),
    site: row.site,
    row: row.row_name,
    rack: row.rack,
    heightUnits: row.height_units,
    feeds: parseStoredFeeds(row.feeds_json),
  };
}

export function rackToRow(rack: RackRecord): RackRow {
  return {
    id: rack.id,
    region: rack.region,
    site: rack.site,
    row_name: rack.row,
    rack: rack.rack,
    height_units: rack.heightUnits,
    feeds_json: JSON.stringify(rack.feeds),
  };
}

function positionFromRow(row: PlacedHostRow): Position | null {
  if (row.unit === null || row.site === null || row.row_name === null || row.rack === null)
    return null;
  return {
    region: requireRegion(row.region, `host ${row.id}`),
    site: row.site,
    row: row.row_name,
    rack: row.rack,
    unit: row.unit,
  };
}

const phaseWords = {
  planned: true,
  new: true,
  available: true,
  active: true,
  drained: true,
  quarantined: true,
  retired: true,
} as const satisfies Record<Phase, true>;

function requirePhase(text: string): Phase {
  if (Object.hasOwn(phaseWords, text)) return text as Phase;
  throw damagedRow(`a host's phase is "${text}"`);
}

function requireRegion(text: string | null, where: string): Region {
  if (text !== null && isRegion(text)) return text;
  throw damagedRow(`the region of ${where} is "${text ?? ""}"`);
}
