import {
  type IpmiSensor,
  linesOf,
  nameLengthMax,
  parseDecimal,
  parseLimit,
  parsePlace,
  parseQuantity,
  parseStates,
  parseStatus,
  parseUnit,
  SensorIds,
  type SensorTable,
  sensorsMax,
  unknownSensor,
} from "./ipmi-sensor.ts";
import { parseSensorType, statesOfBits } from "./ipmi-states.ts";

/**
 * `ipmitool -c sdr …`, `-c -v sdr …`, `-c sdr type …`. The count of columns differs by row:
 * `PSU1 Status,E0h,ok,10.1,Presence detected` (discrete; the states may hold commas),
 * `Temp_CPU0,35,% degrees C,ok` (threshold), the same with 14 more columns under -v (entity, its
 * name, type, nominal and normal range, six limits from upper non-recoverable down, range of the
 * sensor), and `Fan,0x01,ok`. A silent sensor has value and unit empty. Noise is counted as skipped.
 */
export function parseSdrCsv(text: string): SensorTable {
  const rows: IpmiSensor[] = [];
  const ids = new SensorIds();
  let skipped = 0;
  for (const line of linesOf(text)) {
    if (line.trim() === "") continue;
    const columns = line.split(",").map((column) => column.trim());
    const row =
      columns.length > columnsMax || rows.length >= sensorsMax
        ? null
        : (parseDiscrete(columns, ids) ?? parseThreshold(columns, ids));
    if (row === null) skipped += 1;
    else rows.push(row);
  }
  return { rows, skipped };
}

function parseDiscrete(columns: readonly string[], ids: SensorIds): IpmiSensor | null {
  const [name = "", number = "", status = "", place, ...rest] = columns;
  const where = parsePlace(place);
  if (name === "" || where === null || !/^[0-9A-Fa-f]{2}h$/.test(number)) return null;
  const reading = rest.join(", ");
  // `-c sdr elist` writes the reading of a threshold sensor with a comma before its unit.
  const quantity = parseQuantity(rest.length === 2 ? rest.join(" ") : reading);
  return {
    ...unknownSensor,
    ...where,
    id: ids.take(`${number.slice(0, 2).toUpperCase()}h@${where.entity}.${where.instance}`),
    name: name.slice(0, nameLengthMax),
    status: parseStatus(status),
    text: reading.slice(0, textLengthMax),
    ...quantity,
    states: quantity.value === null ? parseStates(reading, ", ") : null,
  };
}

function parseThreshold(columns: readonly string[], ids: SensorIds): IpmiSensor | null {
  const [name = "", reading = "", unit = "", status = "", place, , type = ""] = columns;
  if (name === "") return null;
  const bits = /^0x([0-9a-f]{1,4})$/i.exec(reading)?.[1];
  if (columns.length === 3 && bits !== undefined) {
    const asserted = Number.parseInt(bits, 16);
    return {
      ...unknownSensor,
      id: ids.take(name.slice(0, nameLengthMax)),
      name: name.slice(0, nameLengthMax),
      status: parseStatus(unit),
      text: reading,
      states: asserted === 0 ? null : statesOfBits(name, asserted),
    };
  }
  const value = parseDecimal(reading);
  const isSilent = reading === "" || /^(?:ns|na|no reading|disabled)$/i.test(reading);
  if (columns.length !== 4 && columns.length !== verboseColumns) return null;
  if ((value === null && !isSilent) || !/^[a-z]{2,3}$/.test(status)) return null;
  const where = parsePlace(place);
  if (columns.length === verboseColumns && where === null) return null;
  return {
    ...unknownSensor,
    ...where,
    id: ids.take(
      `${name.slice(0, nameLengthMax)}${where === null ? "" : `@${where.entity}.${where.instance}`}`,
    ),
    name: name.slice(0, nameLengthMax),
    type: parseSensorType(type),
    status: parseStatus(status),
    text: `${reading} ${unit}`.trim().slice(0, textLengthMax),
    value,
    unit: value === null ? null : parseUnit(unit),
    limits:
      where === null
        ? null
        : {
            upperNonRecoverable: parseLimit(columns[10]),
            upperCritical: parseLimit(columns[11]),
            upperNonCritical: parseLimit(columns[12]),
            lowerNonRecoverable: parseLimit(columns[13]),
            lowerCritical: parseLimit(columns[14]),
            lowerNonCritical: parseLimit(columns[15]),
          },
  };
}

/** name, value, unit, status, place, entity, type, nominal, 2 normal, 6 limits, 2 of the range. */
const verboseColumns = 18;
const columnsMax = 40;
const textLengthMax = 128;
