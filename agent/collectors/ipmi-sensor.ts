/**
 * One sensor of a BMC, whichever program and layout showed it. What a layout does not tell is null:
 * `sdr` in three columns has no entity, `elist` no limits, the oldest `sdr -v` no states.
 */
export interface IpmiSensor {
  /**
   * Sensor number and entity, `05h@7.1`; name and entity where the layout has no number,
   * `Temp_CPU0@65.1`; FreeIPMI's record id, `r24`; else the name. A second one of a kind gets `#2`.
   */
  readonly id: string;
  /** Cut to 16 letters by most layouts; repeats within one BMC. */
  readonly name: string;
  /** Entity id of IPMI 2.0 table 43-13: 3 processor, 7 board, 10 power supply … */
  readonly entity: number | null;
  /** Which of the entities of that kind: the 2 of `10.2`. */
  readonly instance: number | null;
  /** Sensor type of IPMI 2.0 table 42-3: 1 temperature, 4 fan, 8 power supply … */
  readonly type: number | null;
  /** ok nc cr nr ns na, or what else stands there. */
  readonly status: string;
  /** The reading as it stands: `34 degrees C`, `No Reading`, `Presence detected`. */
  readonly text: string;
  /** The number, where the text is one number with a unit. Discrete sensors have none. */
  readonly value: number | null;
  readonly unit: SensorUnit | null;
  /** What is asserted, in the tool's words or by offset; null: not told. Empty: nothing is. */
  readonly states: readonly string[] | null;
  /** null: the layout has none. */
  readonly limits: SensorLimits | null;
}

export type SensorUnit = "degrees C" | "RPM" | "Volts" | "Watts" | "Amps" | "percent" | "other";

/** null: not set. Many BMCs say so by 0.000 or 255.000. */
export interface SensorLimits {
  readonly lowerNonRecoverable: number | null;
  readonly lowerCritical: number | null;
  readonly lowerNonCritical: number | null;
  readonly upperNonCritical: number | null;
  readonly upperCritical: number | null;
  readonly upperNonRecoverable: number | null;
}

export interface SensorTable {
  readonly rows: readonly IpmiSensor[];
  /** Lines that are no row: noise of the tool, cut short, or above `sensorsMax`. */
  readonly skipped: number;
}

/** What is known of a sensor before its layout has said anything. */
export const unknownSensor: Omit<IpmiSensor, "id" | "name"> = {
  entity: null,
  instance: null,
  type: null,
  status: "",
  text: "",
  value: null,
  unit: null,
  states: null,
  limits: null,
};

/** `34 degrees C`, `98 % Watts`, `34 (+/- 0) % degrees C`: a number with a unit, and nothing else. */
export function parseQuantity(text: string): Pick<IpmiSensor, "value" | "unit"> {
  const [, digits, unit] = quantityForm.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return { value: null, unit: null };
  return { value: Number(digits), unit: parseUnit(unit) };
}

/** ipmitool writes `% degrees C` where the SDR has a percent flag that means nothing. */
export function parseUnit(text: string): SensorUnit | null {
  const bare = text.replace(/^% ?(?=.)/, "");
  if (bare === "" || /^(?:unspecified|discrete|n\/a|na)$/i.test(bare)) return null;
  return units.get(bare.toLowerCase()) ?? "other";
}

/** A plain decimal number, or null. */
export function parseDecimal(text: string | undefined): number | null {
  return text !== undefined && /^-?\d{1,9}(?:\.\d{1,6})?$/.test(text) ? Number(text) : null;
}

/** A limit of a sensor; 0.000 and 255.000 are what BMCs show for *not set*. */
export function parseLimit(text: string | undefined): number | null {
  const value = parseDecimal(text);
  return value === 0 || value === 255 ? null : value;
}

/** `10.2` → entity 10, instance 2. */
export function parsePlace(
  text: string | undefined,
): Pick<IpmiSensor, "entity" | "instance"> | null {
  const [, entity, instance] = placeForm.exec(text ?? "") ?? [];
  return entity === undefined || instance === undefined
    ? null
    : { entity: Number(entity), instance: Number(instance) };
}

/** ok nc cr nr ns na out of what the layouts write: `Lower Critical`, `Nominal`, `N/A`. */
export function parseStatus(text: string): string {
  const lower = text.trim().toLowerCase();
  return (statuses.get(lower.replace(/^(?:upper|lower) /, "")) ?? lower).slice(0, nameLengthMax);
}

/** `Presence detected, Failure detected` → both; null where the row says that there is no reading. */
export function parseStates(text: string, separator: string): readonly string[] | null {
  const trimmed = text.trim();
  if (trimmed === "") return [];
  if (unreadableForm.test(trimmed)) return null;
  return trimmed
    .split(separator)
    .slice(0, statesMax)
    .map((state) => state.trim().slice(0, stateLengthMax));
}

/** Gives the second sensor of an id the id with `#2`. Takes what every row costs once. */
export class SensorIds {
  readonly #counts = new Map<string, number>();

  take(id: string): string {
    let free = id;
    let copy = this.#counts.get(id) ?? 0;
    while (this.#counts.has(free)) {
      copy += 1;
      free = `${id}#${copy}`;
    }
    this.#counts.set(id, Math.max(copy, 1));
    this.#counts.set(free, Math.max(this.#counts.get(free) ?? 0, 1));
    return free;
  }
}

/** Lines of a tool's text, without NULs and carriage returns; over-long ones come out empty. */
export function linesOf(text: string): readonly string[] {
  return text
    .replaceAll("\0", "")
    .split("\n")
    .map((line) => (line.length > lineLengthMax ? "" : line.replace(/\r$/, "")));
}

export const sensorsMax = 4_096;
export const nameLengthMax = 64;
const lineLengthMax = 2_048;
const stateLengthMax = 96;
const statesMax = 32;
const placeForm = /^(\d{1,3})\.(\d{1,3})$/;
const quantityForm =
  /^(-?\d{1,9}(?:\.\d{1,6})?) (?:\(\+\/- [\d.]{1,12}\) )?(?:% )?([A-Za-z][A-Za-z ]{0,31})$/;
const unreadableForm =
  /^(?:no reading|not readable|disabled|not available|n\/a|na|unavailable|not present)$/i;
/** A map: words of a tool may be names of an object's prototype. */
const statuses: ReadonlyMap<string, string> = new Map(
  Object.entries({
    nominal: "ok",
    warning: "nc",
    critical: "cr",
    "non-critical": "nc",
    "non-recoverable": "nr",
    "not available": "na",
    "n/a": "na",
  } as const),
);
const units: ReadonlyMap<string, SensorUnit> = new Map(
  Object.entries({
    "degrees c": "degrees C",
    c: "degrees C",
    rpm: "RPM",
    volts: "Volts",
    v: "Volts",
    watts: "Watts",
    w: "Watts",
    amps: "Amps",
    a: "Amps",
    percent: "percent",
    "%": "percent",
  } as const),
);
