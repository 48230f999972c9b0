import {
  type IpmiSensor,
  linesOf,
  nameLengthMax,
  parseLimit,
  parsePlace,
  parseQuantity,
  parseStatus,
  SensorIds,
  type SensorTable,
  sensorsMax,
  unknownSensor,
} from "./ipmi-sensor.ts";
import { parseSensorType } from "./ipmi-states.ts";

/**
 * `ipmitool -v sdr`: a block of `key : value` lines for each sensor. 1.8.11 says *Analog* where later
 * ones say *Threshold*, has no code behind the type of a discrete sensor and no reading of one: what
 * such a sensor asserts is then not told, and *Assertions Enabled* is no substitute, it lists what
 * could be asserted. A line that begins with `[` continues the list above it.
 */
export function parseSdrBlocks(text: string): SensorTable {
  const rows: IpmiSensor[] = [];
  const ids = new SensorIds();
  let skipped = 0;
  let block: Block | null = null;
  const end = (): void => {
    if (block === null) return;
    if (rows.length < sensorsMax) rows.push(sensorOf(block, ids));
    else skipped += 1;
    block = null;
  };
  for (const line of linesOf(text)) {
    const match = lineForm.exec(line);
    const key = match?.[1]?.trim() ?? "";
    const value = match?.[2]?.trim() ?? "";
    if (key === "Sensor ID") {
      end();
      const [, name, number] = idForm.exec(value) ?? [];
      if (name === undefined || number === undefined) skipped += 1;
      else block = { name, number: Number.parseInt(number, 16), fields: new Map(), states: null };
      continue;
    }
    if (block === null) {
      if (line.trim() !== "") skipped += 1;
      continue;
    }
    const current: Block = block;
    const state = /^\s*\[(.{1,96})\]\s*$/.exec(line)?.[1];
    if (state !== undefined) {
      if (current.isInStates === true && (current.states?.length ?? 0) < statesMax)
        current.states?.push(state);
    } else if (match !== null) {
      current.isInStates = key === "States Asserted";
      if (current.isInStates) current.states ??= [];
      if (!current.fields.has(key) && current.fields.size < fieldsMax)
        current.fields.set(key, value.slice(0, valueLengthMax));
    }
  }
  end();
  return { rows, skipped };
}

interface Block {
  readonly name: string;
  readonly number: number;
  readonly fields: Map<string, string>;
  states: string[] | null;
  isInStates?: boolean;
}

function sensorOf({ name, number, fields, states }: Block, ids: SensorIds): IpmiSensor {
  const where = parsePlace(fields.get("Entity ID")?.split(" ")[0]);
  const typeKey = [...fields.keys()].find((key) => key.startsWith("Sensor Type"));
  const isDiscrete = typeKey?.includes("Discrete") === true;
  const reading = fields.get("Sensor Reading") ?? "";
  const number2 = number.toString(16).toUpperCase().padStart(2, "0");
  // A discrete sensor that shows its reading and no asserted state has none; older tools do not say.
  const asserted = states ?? (isDiscrete && /^[0-9a-f]{1,4}h$/i.test(reading) ? [] : null);
  return {
    ...unknownSensor,
    ...where,
    id: ids.take(where === null ? `${number2}h` : `${number2}h@${where.entity}.${where.instance}`),
    name: name.slice(0, nameLengthMax),
    type: typeKey === undefined ? null : parseSensorType(fields.get(typeKey) ?? ""),
    status: parseStatus(fields.get("Status") ?? ""),
    text: reading,
    ...(isDiscrete ? {} : parseQuantity(reading)),
    states: asserted,
    limits: isDiscrete
      ? null
      : {
          lowerNonRecoverable: parseLimit(fields.get("Lower non-recoverable")),
          lowerCritical: parseLimit(fields.get("Lower critical")),
          lowerNonCritical: parseLimit(fields.get("Lower non-critical")),
          upperNonCritical: parseLimit(fields.get("Upper non-critical")),
          upperCritical: parseLimit(fields.get("Upper critical")),
          upperNonRecoverable: parseLimit(fields.get("Upper non-recoverable")),
        },
  };
}

const lineForm = /^([^:]{1,64}):(?: (.*))?$/;
const idForm = /^(.{1,64}?) \(0x([0-9a-f]{1,2})\)$/i;
const fieldsMax = 48;
const statesMax = 32;
const valueLengthMax = 128;
