import {
  type IpmiSensor,
  nameLengthMax,
  parseDecimal,
  parseLimit,
  parsePlace,
  parseQuantity,
  parseStatus,
  parseUnit,
  type SensorIds,
  type SensorLimits,
  type SensorTable,
  unknownSensor,
} from "./ipmi-sensor.ts";
import {
  bitsForm,
  namedSensor,
  numberedSensor,
  parseSensorRows,
  textLengthMax,
} from "./ipmi-sensor-rows.ts";
import { parseSensorType } from "./ipmi-states.ts";

/**
 * `ipmitool -c sdr …`, `-c -v sdr …`, `-c sdr type …`. The count of columns differs by row:
 * `PSU1 Status,E0h,ok,10.1,Presence detected` (discrete; the states may hold commas),
 * `Temp_CPU0,35,% degrees C,ok` (threshold), the same with 14 more columns under -v (entity, its
 * name, type, nominal and normal range, six limits from upper non-recoverable down, range of the
 * sensor), and `Fan,0x01,ok`. A silent sensor has value and unit empty. Noise is counted as skipped.
 */
export function parseSdrCsv(text: string): SensorTable {
  return parseSensorRows(text, ",", (columns, ids) =>
    columns.length > columnsMax
      ? null
      : (parseDiscrete(columns, ids) ?? parseThreshold(columns, ids)),
  );
}

function parseDiscrete(columns: readonly string[], ids: SensorIds): IpmiSensor | null {
  const [name = "", number = "", status = "", place, ...rest] = columns;
  const where = parsePlace(place);
  if (name === "" || where === null) return null;
  const reading = rest.join(", ");
  // `-c sdr elist` writes the reading of a threshold sensor with a comma before its unit.
  const quantity = parseQuantity(rest.length === 2 ? rest.join(" ") : reading);
  return numberedSensor({ name, number, status, where, reading, quantity }, ids);
}

function parseThreshold(columns: readonly string[], ids: SensorIds): IpmiSensor | null {
  const [name = "", reading = "", unit = "", status = "", place, , type = ""] = columns;
  if (name === "") return null;
  if (columns.length === 3 && bitsForm.test(reading))
    return namedSensor({ name, reading, status: unit }, ids);
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
    limits: where === null ? null : limitsDownward(columns.slice(10, 16)),
  };
}

/** As `-c -v` writes them: the upper ones first, and of each three the outermost. */
function limitsDownward(columns: readonly string[]): SensorLimits {
  return {
    upperNonRecoverable: parseLimit(columns[0]),
    upperCritical: parseLimit(columns[1]),
    upperNonCritical: parseLimit(columns[2]),
    lowerNonRecoverable: parseLimit(columns[3]),
    lowerCritical: parseLimit(columns[4]),
    lowerNonCritical: parseLimit(columns[5]),
  };
}

/** name, value, unit, status, place, entity, type, nominal, 2 normal, 6 limits, 2 of the range. */
const verboseColumns = 18;
const columnsMax = 40;
