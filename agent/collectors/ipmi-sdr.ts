import {
  type IpmiSensor,
  nameLengthMax,
  parseDecimal,
  parsePlace,
  parseStatus,
  parseUnit,
  type SensorTable,
  unknownSensor,
} from "./ipmi-sensor.ts";
import { limitsUpward, namedSensor, numberedSensor, parseSensorRows } from "./ipmi-sensor-rows.ts";
import { powerSupplyEntity, statesOfBits } from "./ipmi-states.ts";

/**
 * `ipmitool sdr elist [full|compact]`: `Inlet Temp | 05h | ok | 7.1 | 23 degrees C`. A row has five
 * columns, a two-digit hexadecimal number and an entity, or it is counted as skipped.
 */
export function parseSdrElist(text: string): SensorTable {
  return parseSensorRows(text, "|", (columns, ids) => {
    const [name = "", number = "", status = "", place, reading = ""] = columns;
    const where = parsePlace(place);
    if (columns.length !== 5 || where === null) return null;
    return numberedSensor({ name, number, status, where, reading }, ids);
  });
}

/**
 * `ipmitool sdr`: `Fan 1 | 33.32 percent | ok`. Without ids: a second sensor of a name gets `#2`.
 * Discrete sensors show bits, of which 0x00 says nothing: some makers' firmware shows it for every
 * state. `0x03 | ok` on a supply is *present* and *failed* all the same.
 */
export function parseSdrTable(text: string): SensorTable {
  return parseSensorRows(text, "|", (columns, ids) => {
    const [name = "", reading = "", status = ""] = columns;
    if (columns.length !== 3 || name === "" || !statusForm.test(status)) return null;
    return namedSensor({ name, reading, status }, ids);
  });
}

/**
 * `ipmitool sensor`: name, value, unit, status and six limits from lower non-recoverable up. A
 * discrete sensor has its states where others have the status: 0x0180 is the two bytes 01h and 80h,
 * and bit 7 of the second is reserved.
 */
export function parseSensorTable(text: string): SensorTable {
  return parseSensorRows(text, "|", (columns, ids) => {
    const [name = "", reading = "", unit = "", status = "", ...limits] = columns;
    if (columns.length !== 10 || name === "" || unit === "") return null;
    const isDiscrete = unit === "discrete";
    const value = isDiscrete ? null : parseDecimal(reading);
    const bytes = /^0x([0-9a-f]{2})([0-9a-f]{2})$/i.exec(status);
    const bits =
      bytes === null
        ? null
        : Number.parseInt(bytes[1] ?? "", 16) | ((Number.parseInt(bytes[2] ?? "", 16) & 0x7f) << 8);
    return {
      ...unknownSensor,
      id: ids.take(name.slice(0, nameLengthMax)),
      name: name.slice(0, nameLengthMax),
      status: parseStatus(status),
      text: isDiscrete ? status : reading === "na" ? reading : `${reading} ${unit}`,
      value,
      unit: value === null ? null : parseUnit(unit),
      states: bits === null ? null : statesOfBits(name, bits),
      limits: isDiscrete ? null : limitsUpward(limits),
    };
  });
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

const statusForm = /^(?:ok|nc|cr|nr|ns|na|lnr|lcr|lnc|unc|ucr|unr)$/;
const hostPowerName =
  /^(?:pwr consumption|system level|power meter|(?:sys(?:tem)?|total|input|node|chassis|server)[ _]*(?:pwr|power)(?:[ _]*(?:in|input|monitor|meter|consumption))?|pwr_?sys|power_?system|sys_?power)$/i;
