import { parseFreeIpmiSensors } from "./ipmi-freeipmi.ts";
import { parseSdrElist, parseSdrTable, parseSensorTable } from "./ipmi-sdr.ts";
import { parseSdrBlocks } from "./ipmi-sdr-blocks.ts";
import { parseSdrCsv } from "./ipmi-sdr-csv.ts";
import type { SensorTable } from "./ipmi-sensor.ts";

export const sensorLayouts = {
  elist: parseSdrElist,
  sdr: parseSdrTable,
  sensor: parseSensorTable,
  csv: parseSdrCsv,
  blocks: parseSdrBlocks,
  freeipmi: parseFreeIpmiSensors,
} as const satisfies Record<string, (text: string) => SensorTable>;

export type SensorLayout = keyof typeof sensorLayouts;

export interface SensorText extends SensorTable {
  /** null: no layout has a row in it. */
  readonly layout: SensorLayout | null;
}

/**
 * A list of sensors of any program and layout: the layout that understands most lines of it. For
 * texts that come without their command; a collector knows what it asked for.
 */
export function parseSensorText(text: string): SensorText {
  let best: SensorText = { layout: null, rows: [], skipped: 0 };
  for (const [name, parse] of Object.entries(sensorLayouts)) {
    const table = parse(text);
    if (best.layout === null && table.skipped > best.skipped)
      best = { ...best, skipped: table.skipped };
    if (table.rows.length > best.rows.length) best = { layout: name as SensorLayout, ...table };
  }
  return best;
}
