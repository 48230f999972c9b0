import type { IpmiAsk } from "../ipmi-session.ts";
import { bmcAddress, byteAt } from "../lan-message.ts";
import { nonLinearMin, type ReadingFactors, toValue } from "./reading-factors.ts";
import { type FullRecord, nibble, type SensorRecord, tenBits } from "./sensor-records.ts";
import { sensorTypeName, stateNames, unitName } from "./sensor-words.ts";

export const sensorsMax = 512;
const sensorSpecific = 0x6f;
const noReadingBit = 0x20;

/** A sensor with what it says now. Text and numbers of the controller, converted by its factors. */
export interface IpmiSensor {
  readonly name: string;
  readonly number: number;
  readonly entity: string;
  readonly type: string;
  /** null: a sensor of states alone. */
  readonly unit: string | null;
  readonly value: number | null;
  /** Why there is no value and no state. */
  readonly absence: string | null;
  /** Bits as Get Sensor Reading has them; null without a reading. */
  readonly states: number | null;
  /** What the states are called, where they are of a kind that tells of failed parts. */
  readonly stateNames: readonly string[];
  readonly isThreshold: boolean;
  /** Those that can be read: lnc lc lnr unc uc unr. */
  readonly limits: Readonly<Record<string, number>>;
}

/** Get Sensor Reading and thresholds of each sensor of the controller itself, one by one. */
export async function readSensors(
  ask: IpmiAsk,
  records: readonly SensorRecord[],
): Promise<readonly IpmiSensor[]> {
  const sensors: IpmiSensor[] = [];
  for (const record of records) {
    if (record.kind !== "full" && record.kind !== "compact") continue;
    const shared = record.kind === "compact" ? record.shared : 1;
    for (let index = 0; index < shared && sensors.length < sensorsMax; index += 1)
      sensors.push(await readSensor(ask, record, index));
  }
  return sensors;
}

async function readSensor(
  ask: IpmiAsk,
  record: Extract<SensorRecord, { readonly kind: "full" | "compact" }>,
  index: number,
): Promise<IpmiSensor> {
  const { sensor } = record;
  const number = sensor.number + index;
  const full = record.kind === "full" ? record : null;
  const isThreshold = sensor.eventType === 1;
  const base = {
    name: index === 0 ? sensor.name : `${sensor.name} ${index + 1}`,
    number,
    entity: sensor.entity,
    type: sensorTypeName(sensor.type),
    unit: full !== null && full.factors.format !== 3 ? unitName(full.unit, full.isPercent) : null,
    isThreshold,
  };
  const nothing = (absence: string): IpmiSensor => ({
    ...base,
    value: null,
    absence,
    states: null,
    stateNames: [],
    limits: {},
  });
  if (sensor.owner !== bmcAddress)
    return nothing(`owned by the controller at 0x${sensor.owner.toString(16)}, which is not asked`);
  const command = { netFn: 4, lun: sensor.lun };
  const question = { ...command, command: 0x2d, data: [number] };
  const first = await ask.ask(question);
  // Some have no reading at the first question after a rest, and one at the second.
  const isLate = first.code === 0 && (byteAt(first.data, 1) & noReadingBit) !== 0;
  const { code, data } = isLate ? await ask.ask(question) : first;
  if (code !== 0) return nothing(`completion code 0x${code.toString(16)}`);
  if (data.length < 2) return nothing("the answer is cut short");
  const flags = byteAt(data, 1);
  if ((flags & noReadingBit) !== 0) return nothing("no reading now");
  if ((flags & 0x40) === 0) return nothing("scanning is switched off");
  const raw = byteAt(data, 0);
  const factors = full === null ? null : await factorsOf(ask, full, raw);
  const limits =
    full === null || factors === null || !isThreshold ? {} : await readLimits(ask, full, factors);
  const states = isThreshold
    ? byteAt(data, 2) & 0x3f
    : byteAt(data, 2) | ((byteAt(data, 3) & 0x7f) << 8);
  return {
    ...base,
    value: factors === null ? null : toValue(raw, factors),
    absence: null,
    states,
    stateNames: sensor.eventType === sensorSpecific ? stateNames(base.type, states) : [],
    limits,
  };
}

/** Factors of a non-linear sensor hold for one reading only (35.5, Get Sensor Reading Factors). */
async function factorsOf(
  ask: IpmiAsk,
  { factors, sensor }: FullRecord,
  raw: number,
): Promise<ReadingFactors | null> {
  if (factors.format === 3) return null;
  if (factors.linearization < nonLinearMin) return factors;
  const { code, data } = await ask.ask({
    netFn: 4,
    lun: sensor.lun,
    command: 0x23,
    data: [sensor.number, raw],
  });
  if (code !== 0 || data.length < 7) return null;
  return {
    format: factors.format,
    linearization: 0,
    m: tenBits(byteAt(data, 1), byteAt(data, 2) >> 6),
    b: tenBits(byteAt(data, 3), byteAt(data, 4) >> 6),
    resultExponent: nibble(byteAt(data, 6) >> 4),
    bExponent: nibble(byteAt(data, 6) & 0x0f),
  };
}

async function readLimits(
  ask: IpmiAsk,
  record: FullRecord,
  factors: ReadingFactors,
): Promise<Readonly<Record<string, number>>> {
  if (record.readableLimits === 0) return {};
  const { code, data } = await ask.ask({
    netFn: 4,
    lun: record.sensor.lun,
    command: 0x27,
    data: [record.sensor.number],
  });
  if (code !== 0 || data.length < 7) return {};
  const readable = byteAt(data, 0) & record.readableLimits;
  const limits: Record<string, number> = {};
  limitNames.forEach((name, bit) => {
    const value = (readable >> bit) & 1 ? toValue(byteAt(data, bit + 1), factors) : null;
    if (value !== null) limits[name] = value;
  });
  return limits;
}

const limitNames = ["lnc", "lc", "lnr", "unc", "uc", "unr"] as const;
