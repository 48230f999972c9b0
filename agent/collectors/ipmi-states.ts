import type { IpmiSensor } from "./ipmi-sensor.ts";

/**
 * What the discrete states of a BMC's sensors mean, by sensor type (IPMI 2.0 table 42-3) and event
 * type (table 42-2). Where a layout gives bits alone, the words of ipmitool stand for them.
 */

/** Sensor type 08h. */
export const powerSupplyType = 8;
/** Entity id of table 43-13. */
export const powerSupplyEntity = 10;

/**
 * Whether a supply works; null where the sensor does not say. Presence alone is not enough when a
 * failure is told beside it; an empty bay is no broken supply. A predicted failure counts as one:
 * somebody must go there. A supply that rests in cold redundancy works.
 */
export function supplyWorks(sensor: IpmiSensor): boolean | null {
  if (!isSupply(sensor) || sensor.status === "ns" || sensor.states === null) return null;
  if (sensor.states.some((state) => brokenForm.test(state))) return false;
  return sensor.states.some((state) => presentForm.test(state)) ? true : null;
}

/** Whether a sensor tells the states of one supply. */
export function isSupply({ name, type, entity }: IpmiSensor): boolean {
  if (type !== null && type !== powerSupplyType) return false;
  if (redundancyName.test(name)) return false;
  if (entity === null) return type === powerSupplyType || supplyName.test(name);
  return entity === powerSupplyEntity && (type !== null || /status|supply|psu?\s*\d/i.test(name));
}

/**
 * Whether one supply may fail; null where the sensor does not say, or says it of something else.
 * *Degraded* is less than full and still redundant (table 42-2, event type 0Bh).
 */
export function supplyRedundant(sensor: IpmiSensor): boolean | null {
  if (!tellsRedundancy(sensor) || sensor.status === "ns" || sensor.states === null) return null;
  if (sensor.states.some((state) => notRedundantForm.test(state))) return false;
  return sensor.states.some((state) => redundantForm.test(state)) ? true : null;
}

/**
 * The states behind the bits that some layouts show instead of words: bit 0 is offset 0. By name
 * where it tells the type, else as `offset 3`.
 */
export function statesOfBits(name: string, bits: number): readonly string[] {
  const words = redundancyName.test(name)
    ? redundancyStates
    : supplyName.test(name)
      ? supplyStates
      : [];
  const states: string[] = [];
  for (let offset = 0; offset < 15; offset += 1)
    if ((bits >> offset) & 1) states.push(words[offset] ?? `offset ${offset}`);
  return states;
}

/** Sensor type by the name that tools give it, or by the code they put beside it. */
export function parseSensorType(text: string): number | null {
  const code = /\(0x([0-9a-f]{2})\)$/i.exec(text)?.[1];
  if (code !== undefined) return Number.parseInt(code, 16);
  return typesByName.get(text.trim().toLowerCase()) ?? null;
}

function tellsRedundancy({ name, type, entity, states }: IpmiSensor): boolean {
  if (/fan|cool/i.test(name)) return false;
  if (redundancyName.test(name)) return true;
  const isPower = type === powerSupplyType || type === 9 || [10, 19, 21].includes(entity ?? -1);
  return isPower && (states?.some((state) => /redundan/i.test(state)) ?? false);
}

const supplyName = /^(?:ps|psu|power supply) ?\d{1,2}(?: status)?$/i;
const redundancyName = /^(?:ps|psu|pwr|power) ?.{0,20}redund|^power supplies$/i;
const presentForm = /presence detected|^present$/i;
const brokenForm =
  /fail|lost|out-of-range|mismatch|config(?:uration)? error|processor missing|^error/i;
const redundantForm = /^fully redundant|^redundancy degraded/i;
const notRedundantForm = /^redundancy lost|^non-redundant|insufficient/i;

const supplyStates = [
  "Presence detected",
  "Failure detected",
  "Predictive failure",
  "Power Supply AC lost",
  "AC lost or out-of-range",
  "AC out-of-range, but present",
  "Config Error",
  "Power Supply Inactive",
] as const;

const redundancyStates = [
  "Fully Redundant",
  "Redundancy Lost",
  "Redundancy Degraded",
  "Non-Redundant: Sufficient from Redundant",
  "Non-Redundant: Sufficient from Insufficient",
  "Non-Redundant: Insufficient Resources",
  "Redundancy Degraded from Fully Redundant",
  "Redundancy Degraded from Non-Redundant",
] as const;

/** A map: words of a tool may be names of an object's prototype. */
const typesByName: ReadonlyMap<string, number> = new Map(
  Object.entries({
    temperature: 1,
    voltage: 2,
    current: 3,
    fan: 4,
    "physical security": 5,
    processor: 7,
    "power supply": powerSupplyType,
    "power unit": 9,
    memory: 12,
    "drive slot / bay": 13,
    "drive slot": 13,
    "event logging disabled": 16,
    watchdog: 17,
    "system event": 18,
    chassis: 24,
    "cable/interconnect": 27,
    "system acpi power state": 34,
    "watchdog 2": 35,
    watchdog2: 35,
  }),
);
