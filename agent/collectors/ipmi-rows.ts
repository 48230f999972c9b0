import type { Absence } from "#proto/messages/state.ts";
import { absent } from "./absences.ts";
import type { SeriesRequest } from "./collector.ts";
import { isHostPowerRow, isMarginName, isSupplyInputRow } from "./ipmi-sdr.ts";
import type { IpmiSensor, SensorLimits, SensorUnit } from "./ipmi-sensor.ts";

export interface RowSeries {
  readonly request: SeriesRequest;
  readonly integer: (value: number) => number;
  readonly plausible: { readonly min: number; readonly max: number };
}

/** The series a row of the BMC belongs to, or null where it is no reading that we keep. */
export function seriesOfRow(row: IpmiSensor, cadenceMs: number): RowSeries | null {
  const form = row.unit === null ? undefined : forms[row.unit];
  if (form === undefined || (row.unit === "degrees C" && isMarginName(row.name))) return null;
  if (row.unit === "percent" && !isFanName(row.name)) return null;
  // The host's own meter is no part of the host: it speaks through hw.host.power alone.
  if (isHostPowerRow(row)) return null;
  const power =
    row.unit === "Watts"
      ? { "hw.type": partOf(row.entity), "wws.power.source": powerSourceOf(row) }
      : {};
  const { metric, exponent, perUnit, plausible } = form;
  return {
    request: { metric, attributes: { ...attributesOf(row), ...power }, exponent, cadenceMs },
    integer: (value) => Math.round(value * perUnit),
    plausible,
  };
}

/** The series that says whether the supply of this discrete row works. */
export function supplySeries(row: IpmiSensor, cadenceMs: number): SeriesRequest {
  return stateSeries("hw.power_supply.status", row, cadenceMs);
}

/** A series of 0 and 1 about the part that this row tells of. */
export function stateSeries(
  metric: SeriesRequest["metric"],
  row: IpmiSensor,
  cadenceMs: number,
): SeriesRequest {
  return { metric, attributes: attributesOf(row), exponent: 0, cadenceMs };
}

/** The distance to the part's critical limit, tenths of a degree. */
export function marginSeries(row: IpmiSensor, cadenceMs: number): SeriesRequest {
  const attributes = attributesOf(row);
  return { metric: "hw.temperature.margin", attributes, exponent: -1, cadenceMs };
}

/** Why the number of a row that we keep cannot be taken; null: it can, or there is none to take. */
export function judgeRow(row: IpmiSensor, cadenceMs: number): Absence | null {
  const series = seriesOfRow(row, cadenceMs);
  if (series === null || row.value === null) return null;
  const { metric, attributes } = series.request;
  if (row.status === "ns" || row.status === "na") {
    const detail = `${row.name}: the BMC says ${row.status} (no reading) beside ${row.text}`;
    return absent({ what: metric, attributes, reason: "not-supported", detail });
  }
  const { min, max } = series.plausible;
  // A raw zero is what BMCs show of a sensor that is not there; no server is allowed to be so cold.
  const isZero = metric === "hw.temperature" && row.value === 0;
  if (row.value >= min && row.value <= max && !isZero) return null;
  const detail = isZero
    ? `${row.name} says 0 degrees C: what a BMC shows of a sensor that is not there`
    : `${row.name} says ${row.text}, outside ${min} to ${max}`;
  return absent({ what: metric, attributes, reason: "implausible", detail });
}

/**
 * Degrees Celsius below the part's own critical limit; negative above it. null: the row has no limit,
 * or its number cannot be taken. A margin sensor counts up to its limit at 0 from below; one above 0
 * means one thing to one maker and the opposite to another.
 */
export function marginOf(row: IpmiSensor, limits: SensorLimits | null = row.limits): number | null {
  if (row.unit !== "degrees C" || row.value === null || row.status === "ns") return null;
  if (isMarginName(row.name)) return row.value < 0 && row.value > -150 ? -row.value : null;
  const limit = limits?.upperCritical ?? limits?.upperNonRecoverable ?? null;
  if (limit === null || limit > temperatureMax || judgeRow(row, 0) !== null) return null;
  return Math.round((limit - row.value) * 10) / 10;
}

/** Whether a fan turns as it should; null where the row is no reading of a fan. */
export function fanTurns(
  row: IpmiSensor,
  limits: SensorLimits | null = row.limits,
): boolean | null {
  const isFan = row.unit === "RPM" || (row.unit === "percent" && isFanName(row.name));
  if (!isFan || row.value === null || row.status === "ns" || row.status === "na") return null;
  if (row.value <= 0) return false;
  const lowest = limits?.lowerCritical ?? limits?.lowerNonRecoverable ?? null;
  if (lowest !== null) return row.value >= lowest;
  return row.status !== "cr" && row.status !== "nr";
}

function isFanName(name: string): boolean {
  return /fan|blower|pump/i.test(name);
}

function attributesOf(row: IpmiSensor): Readonly<Record<string, string>> {
  return { "hw.id": `ipmi:${row.id}`, "hw.name": row.name, "hw.parent": "bmc" };
}

interface RowForm {
  readonly metric: SeriesRequest["metric"];
  readonly exponent: number;
  /** Integers of the series in one unit of the row. */
  readonly perUnit: number;
  readonly plausible: RowSeries["plausible"];
}

const temperatureMax = 150;

const forms: Readonly<Partial<Record<SensorUnit, RowForm>>> = {
  "degrees C": {
    metric: "hw.temperature",
    exponent: -1,
    perUnit: 10,
    plausible: { min: -40, max: temperatureMax },
  },
  RPM: {
    metric: "hw.fan.speed",
    exponent: 0,
    perUnit: 1,
    plausible: { min: 0, max: 50_000 },
  },
  percent: {
    metric: "hw.fan.speed_ratio",
    exponent: -4,
    perUnit: 100,
    plausible: { min: 0, max: 100 },
  },
  Volts: {
    metric: "hw.voltage",
    exponent: -3,
    perUnit: 1000,
    plausible: { min: -20, max: 420 },
  },
  Watts: {
    metric: "hw.power",
    exponent: -1,
    perUnit: 10,
    plausible: { min: 0, max: 30_000 },
  },
};

/** What goes into a supply comes out of it and into the parts: sources that nobody adds. */
function powerSourceOf(row: IpmiSensor): string {
  if (isSupplyInputRow(row)) return "ipmi-psu-input";
  return row.entity === 10 ? "ipmi-psu-output" : "ipmi";
}

/** IPMI entity ids of table 43-13 that matter for power. */
function partOf(entity: number | null): string {
  if (entity === 3) return "cpu";
  if (entity === 10) return "power_supply";
  return entity === 8 || entity === 32 ? "memory" : "enclosure";
}
