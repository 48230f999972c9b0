/** One row of `ipmitool sdr elist`. */
export interface SdrRow {
  /** Sensor number and entity, `05h@7.1`; names repeat, this does not (a second one gets `#2`). */
  readonly id: string;
  readonly name: string;
  /** Entity id of IPMI 2.0 table 43-13: 3 processor, 7 board, 10 power supply … */
  readonly entity: number;
  readonly status: string;
  /** Last column as it stands: `34 degrees C`, `No Reading`, `Presence detected`. */
  readonly text: string;
  /** The number, where the text is one number with a unit. */
  readonly value: number | null;
  readonly unit: SdrUnit | null;
}

export type SdrUnit = "degrees C" | "RPM" | "Volts" | "Watts" | "Amps" | "percent" | "other";

export interface SdrTable {
  readonly rows: readonly SdrRow[];
  /** Lines that are no row: noise of the tool, or cut short. */
  readonly skipped: number;
}

/**
 * `ipmitool sdr elist [full|compact]`: `Inlet Temp | 05h | ok | 7.1 | 23 degrees C`. A row has five
 * columns, a two-digit hexadecimal number and an entity, or it is counted as skipped.
 */
export function parseSdrElist(text: string): SdrTable {
  const rows: SdrRow[] = [];
  const taken = new Set<string>();
  let skipped = 0;
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const columns = line.split("|").map((column) => column.trim());
    const [name, number, status, place, reading] = columns;
    const entity = entityForm.exec(place ?? "")?.[1];
    if (
      columns.length !== 5 ||
      name === undefined ||
      status === undefined ||
      place === undefined ||
      reading === undefined ||
      entity === undefined ||
      !numberForm.test(number ?? "")
    ) {
      skipped += 1;
      continue;
    }
    let id = `${number}@${place}`;
    for (let copy = 2; taken.has(id); copy += 1) id = `${number}@${place}#${copy}`;
    taken.add(id);
    rows.push({
      id,
      name,
      entity: Number(entity),
      status,
      text: reading,
      ...parseReading(reading),
    });
  }
  return { rows, skipped };
}

/** Distances to a limit that look like temperatures: negative on purpose, never degrees. */
export function isMarginName(name: string): boolean {
  return /margin|mrgn|\brem\b|\bdts\b|therm mgn|headroom/i.test(name);
}

/** A whole-host meter by the names that makers give it; rows of a power supply are not. */
export function isHostPowerRow(row: SdrRow): boolean {
  return row.unit === "Watts" && row.entity !== powerSupplyEntity && hostPowerName.test(row.name);
}

/** What a supply takes from the wall, where its rows say which side they measure. */
export function isSupplyInputRow(row: SdrRow): boolean {
  if (row.unit !== "Watts" || /out|capacity|max|rated/i.test(row.name)) return false;
  return (
    row.entity === powerSupplyEntity ||
    /^(?:PSU?|Power Supply) ?\d.*(?:input|\bin\b|pin)/i.test(row.name)
  );
}

/**
 * Whether a supply works, from its discrete states (IPMI sensor type 08h): null where the row does
 * not say. Presence alone is not enough when a failure is told beside it.
 */
export function readSupplyStatus(row: SdrRow): boolean | null {
  if (row.entity !== powerSupplyEntity || row.status === "ns") return null;
  if (/fail|lost|out-of-range|mismatch|error|inactive|absent/i.test(row.text)) return false;
  return /presence detected|^present$/i.test(row.text) && /status|supply|psu?\s*\d/i.test(row.name)
    ? true
    : null;
}

function parseReading(text: string): { value: number | null; unit: SdrUnit | null } {
  const match = readingForm.exec(text);
  const [, digits, unit] = match ?? [];
  if (digits === undefined || unit === undefined) return { value: null, unit: null };
  return { value: Number(digits), unit: units[unit] ?? "other" };
}

const powerSupplyEntity = 10;
const numberForm = /^[0-9A-Fa-f]{2}h$/;
const entityForm = /^(\d{1,3})\.\d{1,3}$/;
const readingForm = /^(-?\d{1,9}(?:\.\d{1,6})?) (?:% )?([A-Za-z][A-Za-z ]*)$/;
const hostPowerName =
  /^(?:pwr consumption|system level|power meter|(?:sys(?:tem)?|total|input|node|chassis|server)[ _]*(?:pwr|power)(?:[ _]*(?:in|input|monitor|meter|consumption))?|pwr_?sys|power_?system|sys_?power)$/i;
const units: Readonly<Record<string, SdrUnit>> = {
  "degrees C": "degrees C",
  RPM: "RPM",
  Volts: "Volts",
  Watts: "Watts",
  Amps: "Amps",
  percent: "percent",
};
