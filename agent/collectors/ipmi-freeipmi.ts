import {
  type IpmiSensor,
  nameLengthMax,
  parseDecimal,
  parseStatus,
  parseUnit,
  type SensorIds,
  type SensorTable,
  unknownSensor,
} from "./ipmi-sensor.ts";
import { limitsUpward, parseSensorRows } from "./ipmi-sensor-rows.ts";
import { parseSensorType } from "./ipmi-states.ts";

/**
 * FreeIPMI's `ipmi-sensors`, with limits (13 columns) or without (6 or 7, `ipmimonitoring`): record
 * id, name, type, state, reading, unit, limits from lower non-recoverable up, events in quotes.
 * `N/A` is no reading. The record id is the key: names repeat and carry the entity's words.
 */
export function parseFreeIpmiSensors(text: string): SensorTable {
  return parseSensorRows(text, "|", sensorOf, (line) => headForm.test(line));
}

function sensorOf(columns: readonly string[], ids: SensorIds): IpmiSensor | null {
  const [record = "", name = "", type = ""] = columns;
  const layout = layouts[columns.length];
  if (layout === undefined || name === "" || !/^\d{1,5}$/.test(record)) return null;
  const reading = columns[layout.reading] ?? "";
  const value = parseDecimal(reading);
  return {
    ...unknownSensor,
    id: ids.take(`r${record}`),
    name: name.slice(0, nameLengthMax),
    type: parseSensorType(type),
    status: layout.state === null ? "" : parseStatus(columns[layout.state] ?? ""),
    text: `${reading} ${columns[layout.reading + 1] ?? ""}`.trim(),
    value,
    unit: value === null ? null : parseUnit(columns[layout.reading + 1] ?? ""),
    states: eventsOf(columns.at(-1) ?? ""),
    limits:
      layout.limits === null ? null : limitsUpward(columns.slice(layout.limits, layout.limits + 6)),
  };
}

/** `'Presence detected' 'Failure detected'`; `'OK'` of a threshold sensor is no state. */
function eventsOf(text: string): readonly string[] | null {
  if (/^(?:N\/A|unknown)$/i.test(text)) return null;
  const events = [...text.matchAll(/'([^']{1,96})'/g)].slice(0, 32).map(([, event = ""]) => event);
  return events.filter((event) => event !== "OK");
}

interface Layout {
  readonly state: number | null;
  readonly reading: number;
  /** Place of the lower non-recoverable limit. */
  readonly limits: number | null;
}

/** By the number of columns: with or without state, with or without limits. */
const layouts: Readonly<Record<number, Layout>> = {
  6: { state: null, reading: 3, limits: null },
  7: { state: 3, reading: 4, limits: null },
  12: { state: null, reading: 3, limits: 5 },
  13: { state: 3, reading: 4, limits: 6 },
};

const headForm = /^\s*(?:Record )?ID\s*\|/i;
