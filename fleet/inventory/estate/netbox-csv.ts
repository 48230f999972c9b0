import type { CsvTable, TableRow } from "./csv-table.ts";
import type { ProblemList } from "./estate-problem.ts";
import type { NetboxItem } from "./netbox-item.ts";

/** `Serial number` → `serial_number`, `cf_bmc_mac` → `bmc_mac`, `Position (U)` → `position_u`. */
export function normalNetboxColumn(column: string): string {
  return column
    .toLowerCase()
    .slice(0, 80)
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .replace(/^cf_/, "");
}

/** Headings of *Current view*, of *All data* and of the import form, for each thing that we take. */
const headings = {
  name: ["name", "device", "device_name"],
  status: ["status"],
  role: ["role", "device_role"],
  deviceType: ["device_type", "type", "model"],
  serial: ["serial", "serial_number"],
  site: ["site", "site_name"],
  location: ["location", "rack_group", "group"],
  rack: ["rack", "rack_name"],
  position: ["position", "position_u"],
  face: ["face", "rack_face"],
  height: ["u_height", "height", "device_type_u_height"],
  countsFromTop: ["desc_units", "descending_units"],
  startingUnit: ["starting_unit"],
  tags: ["tags"],
  bmcMac: ["bmc_mac", "bmc_mac_address", "oob_mac", "ipmi_mac"],
  switchPort: ["switch_port"],
  nameplateWatts: ["nameplate_watts", "maximum_draw"],
} as const;

/** Whether the columns are those of NetBox and not of ours; both have a name. */
export function looksLikeNetbox(columns: readonly string[]): boolean {
  const normal = columns.map(normalNetboxColumn);
  const telling = ["status", "role", "device_role", "device_type", "asset_tag", "facility_id"];
  return (
    normal.includes("name") &&
    normal.includes("site") &&
    !normal.includes("row") &&
    (telling.some((column) => normal.includes(column)) || normal.includes("position_u"))
  );
}

/** `table` with its columns in normal form. Racks have no column for their rack, devices do. */
export function itemsFromNetboxCsv(table: CsvTable, problems: ProblemList): readonly NetboxItem[] {
  const column = (names: readonly string[]): string | undefined =>
    names.find((name) => table.columns.includes(name));
  const isDevices = column(headings.rack) !== undefined;
  for (const [what, names] of isDevices ? neededOfDevices : neededOfRacks)
    if (column(names) === undefined)
      problems.add(
        "column-missing",
        "line 1",
        names[0] ?? null,
        `the export has no column for the ${what}`,
        `add it to the table in NetBox (Configure) and export *Current view*, or export *All data*`,
      );
  return table.rows.map((row) => itemOf(row, isDevices ? "device" : "rack", column));
}

const neededOfDevices = [
  ["name", headings.name],
  ["site", headings.site],
  ["position", headings.position],
  ["serial number", headings.serial],
] as const;
const neededOfRacks = [
  ["name", headings.name],
  ["site", headings.site],
  ["height", headings.height],
] as const;

function itemOf(
  row: TableRow,
  kind: "device" | "rack",
  column: (names: readonly string[]) => string | undefined,
): NetboxItem {
  const text = (names: readonly string[]): string | undefined => {
    const name = column(names);
    const found = name === undefined ? undefined : row.text(name);
    // What NetBox' tables show where nothing is.
    return found === "—" || found === "-" ? undefined : found;
  };
  const start = text(headings.startingUnit);
  return {
    kind,
    at: row.at,
    name: text(headings.name),
    slug: undefined,
    status: text(headings.status),
    role: text(headings.role),
    deviceType: text(headings.deviceType),
    serial: text(headings.serial),
    site: text(headings.site),
    siteSlug: undefined,
    location: text(headings.location),
    rack: text(headings.rack),
    position: text(headings.position),
    face: text(headings.face),
    height: text(headings.height),
    isFullDepth: undefined,
    countsOtherwise:
      kind === "rack" &&
      (text(headings.countsFromTop)?.toLowerCase() === "true" ||
        (start !== undefined && start !== "1")),
    tags: text(headings.tags),
    bmcMac: text(headings.bmcMac),
    switchPort: text(headings.switchPort),
    nameplateWatts: kind === "device" ? text(headings.nameplateWatts) : undefined,
    timeZone: undefined,
  };
}
