import type { Absence } from "#proto/messages/state.ts";
import { absent } from "./absences.ts";
import type { SeriesRequest } from "./collector.ts";
import { isHostPowerRow, isMarginName, type SdrRow, type SdrUnit } from "./ipmi-sdr.ts";

export interface RowSeries {
  readonly request: SeriesRequest;
  readonly integer: (value: number) => number;
  readonly plausible: { readonly min: number; readonly max: number };
}

/** The series a row of the BMC belongs to, or null where it is no reading that we keep. */
export function seriesOfRow(row: SdrRow, cadenceMs: number): RowSeries | null {
  const form = row.unit === null ? undefined : forms[row.unit];
  if (form === undefined || (row.unit === "degrees C" && isMarginName(row.name))) return null;
  // The host's own meter is no part of the host: it speaks through hw.host.power alone.
  if (isHostPowerRow(row)) return null;
  const power =
    row.unit === "Watts" ? { "hw.type": partOf(row.entity), "wws.power.source": "ipmi" } : {};
  const { metric, exponent, plausible } = form;
  return {
    request: { metric, attributes: { ...attributesOf(row), ...power }, exponent, cadenceMs },
    integer: (value) => Math.round(value * 10 ** -exponent),
    plausible,
  };
}

/** The series that says whether the supply of this discrete row works. */
export function supplySeries(row: SdrRow, cadenceMs: number): SeriesRequest {
  return {
    metric: "hw.power_supply.status",
    attributes: attributesOf(row),
    exponent: 0,
    cadenceMs,
  };
}

/** Why the number of a row that we keep cannot be taken; null: it can, or there is none to take. */
export function judgeRow(row: SdrRow, cadenceMs: number): Absence | null {
  const series = seriesOfRow(row, cadenceMs);
  if (series === null || row.value === null) return null;
  const { metric, attributes } = series.request;
  if (row.status === "ns") {
    const detail = `${row.name}: the BMC says ns (no reading) beside ${row.text}`;
    return absent({ what: metric, attributes, reason: "not-supported", detail });
  }
  const { min, max } = series.plausible;
  if (row.value >= min && row.value <= max) return null;
  const detail = `${row.name} says ${row.text}, outside ${min} to ${max}`;
  return absent({ what: metric, attributes, reason: "implausible", detail });
}

function attributesOf(row: SdrRow): Readonly<Record<string, string>> {
  return { "hw.id": `ipmi:${row.id}`, "hw.name": row.name, "hw.parent": "bmc" };
}

interface RowForm {
  readonly metric: SeriesRequest["metric"];
  readonly exponent: number;
  readonly plausible: RowSeries["plausible"];
}

const forms: Readonly<Partial<Record<SdrUnit, RowForm>>> = {
  "degrees C": { metric: "hw.temperature", exponent: -1, plausible: { min: -40, max: 150 } },
  RPM: { metric: "hw.fan.speed", exponent: 0, plausible: { min: 0, max: 50_000 } },
  Volts: { metric: "hw.voltage", exponent: -3, plausible: { min: -20, max: 420 } },
  Watts: { metric: "hw.power", exponent: -1, plausible: { min: 0, max: 30_000 } },
};

/** IPMI entity ids of table 43-13 that matter for power. */
function partOf(entity: number): string {
  if (entity === 3) return "cpu";
  if (entity === 10) return "power_supply";
  return entity === 8 || entity === 32 ? "memory" : "enclosure";
}
