import {
  type IpmiSensor,
  linesOf,
  nameLengthMax,
  parseLimit,
  type parsePlace,
  parseQuantity,
  parseStates,
  parseStatus,
  SensorIds,
  type SensorLimits,
  type SensorTable,
  sensorsMax,
  unknownSensor,
} from "./ipmi-sensor.ts";
import { statesOfBits } from "./ipmi-states.ts";

/**
 * A table of sensors, one a line, columns parted by `separator`. A line of which `rowOf` makes nothing
 * is counted as skipped, and so are those above `sensorsMax`; blank ones and heads are no lines of it.
 */
export function parseSensorRows(
  text: string,
  separator: string,
  rowOf: (columns: readonly string[], ids: SensorIds) => IpmiSensor | null,
  isHead: (line: string) => boolean = () => false,
): SensorTable {
  const rows: IpmiSensor[] = [];
  const ids = new SensorIds();
  let skipped = 0;
  for (const line of linesOf(text)) {
    if (line.trim() === "" || isHead(line)) continue;
    const columns = line.split(separator).map((column) => column.trim());
    const row = rows.length < sensorsMax ? rowOf(columns, ids) : null;
    if (row === null) skipped += 1;
    else rows.push(row);
  }
  return { rows, skipped };
}

/** A row that has its sensor's number, `05h`, and place; null: it has no such number. */
export function numberedSensor(
  row: {
    readonly name: string;
    readonly number: string;
    readonly status: string;
    readonly where: NonNullable<ReturnType<typeof parsePlace>>;
    readonly reading: string;
    /** Where the reading with its unit stands otherwise than in `reading`. */
    readonly quantity?: Pick<IpmiSensor, "value" | "unit">;
  },
  ids: SensorIds,
): IpmiSensor | null {
  const { name, number, status, where, reading } = row;
  if (!numberForm.test(number)) return null;
  const quantity = row.quantity ?? parseQuantity(reading);
  const key = `${number.slice(0, 2).toUpperCase()}h@${where.entity}.${where.instance}`;
  return {
    ...unknownSensor,
    ...where,
    id: ids.take(key),
    name: name.slice(0, nameLengthMax),
    status: parseStatus(status),
    text: reading.slice(0, textLengthMax),
    ...quantity,
    states: quantity.value === null ? parseStates(reading, ", ") : null,
  };
}

/** A row with nothing but a name, a reading and a status; discrete ones show bits, `0x01`. */
export function namedSensor(
  row: { readonly name: string; readonly reading: string; readonly status: string },
  ids: SensorIds,
): IpmiSensor {
  const name = row.name.slice(0, nameLengthMax);
  const bits = bitsForm.exec(row.reading)?.[1];
  const asserted = bits === undefined ? 0 : Number.parseInt(bits, 16);
  return {
    ...unknownSensor,
    id: ids.take(name),
    name,
    status: parseStatus(row.status),
    text: row.reading.slice(0, textLengthMax),
    ...parseQuantity(row.reading),
    states: asserted === 0 ? null : statesOfBits(row.name, asserted),
  };
}

/** Six limits in the order of `ipmitool sensor` and FreeIPMI: from lower non-recoverable up. */
export function limitsUpward(columns: readonly string[]): SensorLimits {
  return {
    lowerNonRecoverable: parseLimit(columns[0]),
    lowerCritical: parseLimit(columns[1]),
    lowerNonCritical: parseLimit(columns[2]),
    upperNonCritical: parseLimit(columns[3]),
    upperCritical: parseLimit(columns[4]),
    upperNonRecoverable: parseLimit(columns[5]),
  };
}

export const textLengthMax = 128;
/** What a discrete sensor shows where the layout has no words for it. */
export const bitsForm = /^0x([0-9a-f]{1,4})$/i;
const numberForm = /^[0-9a-f]{2}h$/i;
