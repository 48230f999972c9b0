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
  type SensorLimits,
  type SensorTable,
  sensorsMax,
  unknownSensor,
} from "./ipmi-sensor.ts";
import { powerSupplyEntity, statesOfBits } from "./ipmi-states.ts";

/**
 * `ipmitool sdr elist [full|compact]`: `Inlet Temp | 05h | ok | 7.1 | 23 degrees C`. A row has five
 * columns, a two-digit hexadecimal number and an entity, or it is counted as skipped.
 */
export function parseSdrElist(text: string): SensorTable {
  return parseRows(text, 5, ([name = "", number = "", status = "", place, reading = ""], ids) => {
    const where = parsePlace(place);
    if (where === null || !numberForm.test(number)) return null;
    const quantity = parseQuantity(reading);
    return {
      ...unknownSensor,
      ...where,
      id: ids.take(`${number.toUpperCase().replace("H", "h")}@${where.entity}.${where.instance}`),
      name: name.slice(0, nameLengthMax),
      status: parseStatus(status),
      text: reading.slice(0, textLengthMax),
      ...quantity,
      states: quantity.value === null ? parseStates(reading, ", ") : null,
    };
  });
}

/**
 * `ipmitool sdr`: `Fan 1 | 33.32 percent | ok`. Without ids: a second sensor of a name gets `#2`.
 * Discrete sensors show bits, of which 0x00 says nothing: some makers' firmware shows it for every
 * state. `0x03 | ok` on a supply is *present* and *failed* all the same.
 */
export function parseSdrTable(text: string): SensorTable {
  return parseRows(text, 3, ([name = "", reading = "", status = ""], ids) => {
    if (name === "" || !statusForm.test(status)) return null;
    const bits = /^0x([0-9a-f]{1,4})$/i.exec(reading)?.[1];
    const asserted = bits === undefined ? 0 : Number.parseInt(bits, 16);
    return {
      ...unknownSensor,
      id: ids.take(name.slice(0, nameLengthMax)),
      name: name.slice(0, nameLengthMax),
      status: parseStatus(status),
      text: reading.slice(0, textLengthMax),
      ...parseQuantity(reading),
      states: asserted === 0 ? null : statesOfBits(name, asserted),
    };
  });
}

/**
 * `ipmitool sensor`: name, value, unit, status and six limits from lower non-recoverable up. A
 * discrete sensor has its states where others have the status: 0x0180 is the two bytes 01h and 80h,
 * and bit 7 of the second is reserved.
 */
export function parseSensorTable(text: string): SensorTable {
  return parseRows(
    text,
    10,
    ([name = "", reading = "", unit = "", status = "", ...limits], ids) => {
      if (name === "" || unit === "") return null;
      const isDiscrete = unit === "discrete";
      const value = isDiscrete ? null : parseDecimal(reading);
      const bytes = /^0x([0-9a-f]{2})([0-9a-f]{2})$/i.exec(status);
      const bits =
        bytes === null
          ? null
          : Number.parseInt(bytes[1] ?? "", 16) |
            ((Number.parseInt(bytes[2] ?? "", 16) & 0x7f) << 8);
      return {
        ...unknownSensor,
        id: ids.take(name.slice(0, nameLengthMax)),
        name: name.slice(0, nameLengthMax),
        status: parseStatus(status),
        text: isDiscrete ? status : reading === "na" ? reading : `${reading} ${unit}`,
        value,
        unit: value === null ? null : parseUnit(unit),
        states: bits === null ? null : statesOfBits(name, bits),
        limits: isDiscrete ? null : limitsOf(limits),
      };
    },
  );
}

/** Distances to a limit that look like temperatures: negative on purpose, never degrees. */
export function isMarginName(name: string): boolean {
  return /margin|mrgn|\brem\b|\bdts\b|therm mgn|headroom/i.test(name);
}

/** A whole-host meter by the names that makers give it; rows of a power supply are not. */
export function isHostPowerRow(row: IpmiSensor): boolean {
  return row.unit === "Watts" && row.entity !== powerSupplyEntity && hostPowerName.test(row.name);
}

/** What a supply takes from the wall, where its rows say which side they measure. */
export function isSupplyInputRow(row: IpmiSensor): boolean {
  if (row.unit !== "Watts" || /out|capacity|max|rated/i.test(row.name)) return false;
  return (
    row.entity === powerSupplyEntity ||
    /^(?:PSU?|Power Supply) ?\d.*(?:input|\bin\b|pin)/i.test(row.name)
  );
}

/** Splits lines into columns of `|`; a line with another number of them is skipped. */
function parseRows(
  text: string,
  columnCount: number,
  rowOf: (columns: readonly string[], ids: SensorIds) => IpmiSensor | null,
): SensorTable {
  const rows: IpmiSensor[] = [];
  const ids = new SensorIds();
  let skipped = 0;
  for (const line of linesOf(text)) {
    if (line.trim() === "") continue;
    const columns = line.split("|").map((column) => column.trim());
    const row =
      columns.length === columnCount && rows.length < sensorsMax ? rowOf(columns, ids) : null;
    if (row === null) skipped += 1;
    else rows.push(row);
  }
  return { rows, skipped };
}

function limitsOf(columns: readonly string[]): SensorLimits {
  return {
    lowerNonRecoverable: parseLimit(columns[0]),
    lowerCritical: parseLimit(columns[1]),
    lowerNonCritical: parseLimit(columns[2]),
    upperNonCritical: parseLimit(columns[3]),
    upperCritical: parseLimit(columns[4]),
    upperNonRecoverable: parseLimit(columns[5]),
  };
}

const textLengthMax = 128;
const numberForm = /^[0-9A-Fa-f]{2}h$/i;
const statusForm = /^(?:ok|nc|cr|nr|ns|na|lnr|lcr|lnc|unc|ucr|unr)$/;
const hostPowerName =
  /^(?:pwr consumption|system level|power meter|(?:sys(?:tem)?|total|input|node|chassis|server)[ _]*(?:pwr|power)(?:[ _]*(?:in|input|monitor|meter|consumption))?|pwr_?sys|power_?system|sys_?power)$/i;
