import { attributesMax, type SmartAttribute } from "./smart-attributes.ts";
import { type JsonObject, listOf, memberOf, numberOf, objectOf, textOf } from "./smart-json.ts";

export interface AtaTables {
  readonly attributes: readonly SmartAttribute[];
  /** "Percentage Used Endurance Indicator" of the device statistics. */
  readonly percentageUsed: number | null;
  readonly statistics: DeviceStatistics;
}

/** What the device statistics log (ACS-4, log 04h) counts by the standard, for drives without the attribute. */
export interface DeviceStatistics {
  readonly reallocated: number | null;
  readonly reportedUncorrectable: number | null;
  readonly crc: number | null;
}

export function readAtaTables(drive: JsonObject): AtaTables {
  const rows = listOf(memberOf(drive, "ata_smart_attributes", "table"), attributesMax);
  const statistics = readStatistics(drive);
  const of = (name: string): number | null => statistics.get(name) ?? null;
  return {
    attributes: rows.flatMap((row) => readAttribute(row) ?? []),
    percentageUsed: of("Percentage Used Endurance Indicator"),
    statistics: {
      reallocated: of("Number of Reallocated Logical Sectors"),
      reportedUncorrectable: of("Number of Reported Uncorrectable Errors"),
      crc: of("Number of Interface CRC Errors"),
    },
  };
}

function readAttribute(row: unknown): SmartAttribute | null {
  const id = numberOf(memberOf(row, "id"));
  if (id === null || !Number.isInteger(id) || id < 1 || id > 255) return null;
  const raw = objectOf(memberOf(row, "raw"));
  const number = raw["value"];
  const written = textOf(raw["string"]);
  return {
    id,
    name: textOf(memberOf(row, "name")) ?? "Unknown_Attribute",
    value: byteOf(memberOf(row, "value")),
    threshold: byteOf(memberOf(row, "thresh")),
    isFailingNow: /now/i.test(textOf(memberOf(row, "when_failed")) ?? ""),
    // Without smartctl's own rendering the number stands for itself.
    rawText: written ?? (typeof number === "number" ? String(number) : ""),
  };
}

function byteOf(value: unknown): number | null {
  const number = numberOf(value);
  return number !== null && Number.isInteger(number) && number >= 0 && number <= 255
    ? number
    : null;
}

/** Statistics that the drive itself calls valid, by name. */
function readStatistics(drive: JsonObject): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const page of listOf(memberOf(drive, "ata_device_statistics", "pages"), pagesMax)) {
    for (const row of listOf(memberOf(page, "table"), attributesMax)) {
      const name = textOf(memberOf(row, "name"));
      const value = numberOf(memberOf(row, "value"));
      const isValid = memberOf(row, "flags", "valid") === true;
      if (name === null || value === null || !isValid || value < 0) continue;
      if (Number.isSafeInteger(value)) found.set(name, value);
    }
  }
  return found;
}

const pagesMax = 32;
