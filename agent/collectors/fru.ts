import { linesOf, nameLengthMax } from "./ipmi-sensor.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import { unixMsOfUtc } from "#proto/vocabulary/utc-time.ts";

/** One inventory record of the BMC. null: not said, blank, or a placeholder of the decoder. */
export interface FruUnit {
  readonly name: string;
  /** null: a device that the tool lists by name alone. */
  readonly id: number | null;
  /** Why it could not be read, whole or in part. */
  readonly problem: string | null;
  readonly chassis: FruFields<"type" | "partNumber" | "serial">;
  readonly board: FruFields<"manufacturer" | "product" | "serial" | "partNumber"> & {
    readonly madeMs: UnixMs | null;
  };
  readonly product: FruFields<
    "manufacturer" | "name" | "partNumber" | "version" | "serial" | "assetTag"
  >;
  readonly memory: FruFields<"manufacturer" | "partNumber" | "serial"> & {
    readonly sizeBytes: number | null;
  };
  /** Whether there was anything to read at all, be it blank. */
  readonly hasFields: boolean;
  /** `Product Extra` and its like, which repeat. */
  readonly extras: readonly string[];
}

type FruFields<Name extends string> = { readonly [Key in Name]: string | null };

/**
 * `ipmitool fru print`, or FreeIPMI's `ipmi-fru`. A record may be *not present*, end in a checksum
 * error, or be decoded into nonsense: a chassis type of *-12 V*, DIMMs of 680 MB. Board dates count
 * minutes from 1996; the first day of that, and the hours before it in other zones, mean *not set*.
 */
export function parseFru(text: string): readonly FruUnit[] {
  const units: Open[] = [];
  for (const line of linesOf(text)) {
    const head = headForm.exec(line);
    if (head !== null) {
      if (units.length >= unitsMax) break;
      units.push({ ...nameAndId(head[1] ?? ""), problem: null, fields: new Map(), extras: [] });
      continue;
    }
    const unit = units.at(-1);
    if (unit === undefined || line.trim() === "") continue;
    take(unit, line);
  }
  return units.map(close);
}

interface Open {
  readonly name: string;
  readonly id: number | null;
  problem: string | null;
  readonly fields: Map<string, string>;
  readonly extras: string[];
}

function take(unit: Open, line: string): void {
  const at = line.indexOf(":");
  if (at < 0 || /^\s*Device not present/i.test(line)) {
    if (/not present|error|unable|fail|unknown fru header/i.test(line))
      unit.problem ??= line.trim().slice(0, valueLengthMax);
    return;
  }
  const key = line
    .slice(0, at)
    .trim()
    .replace(/^FRU (?=\S)/, "");
  const value = line
    .slice(at + 1)
    .trim()
    .slice(0, valueLengthMax);
  if (/^Error$/i.test(key)) unit.problem ??= value;
  else if (/ Extra$/.test(key)) {
    if (unit.extras.length < extrasMax) unit.extras.push(value);
  } else if (unit.fields.size < fieldsMax && !unit.fields.has(key)) unit.fields.set(key, value);
}

function close({ name, id, problem, fields, extras }: Open): FruUnit {
  const say = (...keys: readonly string[]): string | null => {
    for (const key of keys) {
      const value = told(fields.get(key));
      if (value !== null) return value;
    }
    return null;
  };
  const type = say("Chassis Type");
  return {
    name,
    id,
    problem,
    hasFields: fields.size > 0,
    chassis: {
      // The list of SMBIOS has words alone; figures are another field read as this one.
      type: type === null || /\d/.test(type) ? null : type,
      partNumber: say("Chassis Part Number"),
      serial: say("Chassis Serial", "Chassis Serial Number"),
    },
    board: {
      manufacturer: say("Board Mfg", "Board Manufacturer"),
      product: say("Board Product", "Board Product Name"),
      serial: say("Board Serial", "Board Serial Number"),
      partNumber: say("Board Part Number"),
      madeMs: parseMade(
        fields.get("Board Mfg Date") ?? fields.get("Board Manufacturing Date/Time") ?? "",
      ),
    },
    product: {
      manufacturer: say("Product Manufacturer", "Product Manufacturer Name"),
      name: say("Product Name"),
      partNumber: say("Product Part Number", "Product Part/Model Number"),
      version: say("Product Version"),
      serial: say("Product Serial", "Product Serial Number"),
      assetTag: say("Product Asset Tag"),
    },
    memory: {
      manufacturer: say("Manufacturer"),
      partNumber: say("Part Number"),
      serial: say("Serial Number"),
      sizeBytes: sizeOf(fields),
    },
    extras,
  };
}

function nameAndId(text: string): Pick<Open, "name" | "id"> {
  const [, name, hex, decimal] = /^(.*?) \(ID (?:([0-9a-f]{2})h|(\d{1,3}))\)$/i.exec(text) ?? [];
  if (name === undefined) return { name: text.slice(0, nameLengthMax), id: null };
  const id = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return { name: name.slice(0, nameLengthMax), id };
}

/** Of the two sizes that some tools print, that of the module: `Memory size`, not of its chips. */
function sizeOf(fields: ReadonlyMap<string, string>): number | null {
  const text = fields.get("Memory size") ?? fields.get("Memory Size") ?? "";
  const mebibytes = Number(/^(\d{1,8}) MB$/.exec(text)?.[1]);
  // An SPD that could not be decoded has no type, and a size that no module has.
  if (told(fields.get("Memory Type")) === null || !isModuleSize(mebibytes)) return null;
  return mebibytes * 1024 * 1024;
}

/** One or three times a power of two, from 128 MiB: DIMMs of 24 and 96 GiB exist. */
function isModuleSize(mebibytes: number): boolean {
  if (!Number.isInteger(mebibytes) || mebibytes < 128 || mebibytes > 4 * 1024 * 1024) return false;
  const power = mebibytes % 3 === 0 ? mebibytes / 3 : mebibytes;
  return Number.isInteger(Math.log2(power));
}

/** `Mon May 18 12:39:00 2020` or `01/01/96 - 00:00:00`; null before the second day of 1996. */
function parseMade(text: string): UnixMs | null {
  const words = ctimeForm.exec(text);
  const slashes = slashForm.exec(text);
  const [year, month, day, ...clock] =
    words !== null
      ? [words[6], months.indexOf((words[1] ?? "").toLowerCase()) + 1, ...words.slice(2, 6)]
      : slashes !== null
        ? [fullYear(Number(slashes[3])), slashes[1], slashes[2], ...slashes.slice(4)]
        : [];
  if (year === undefined || Number(year) < 1996) return null;
  const at = unixMsOfUtc({
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(clock[0]),
    minute: Number(clock[1]),
    second: Number(clock[2]),
  });
  return at === null || at < dateUnsetMax ? null : unixMs(at);
}

function fullYear(year: number): number {
  return year < 90 ? 2000 + year : 1900 + year;
}

/** A value that says something: no blanks, no decoder's *Unknown (0x00)*, no run of one digit. */
function told(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? "";
  if (
    trimmed === "" ||
    /^unknown\b|^unspecified$|^n\/a$|^to be filled|^not specified$/i.test(trimmed)
  )
    return null;
  return /^(?:0{4,}|F{4,}|x{4,}|\.+|-+)$/i.test(trimmed) ? null : trimmed;
}

const headForm = /^FRU (?:Device Description|Inventory Device)\s*:\s*(.{0,128}?)\s*$/;
const ctimeForm = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{2}):(\d{2}):(\d{2}) (\d{4})$/;
const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const slashForm = /^(\d{2})\/(\d{2})\/(\d{2}) - (\d{2}):(\d{2}):(\d{2})$/;
/** 1996-01-02: the count of minutes begins on the day before. */
const dateUnsetMax = 820_540_800_000;
const unitsMax = 256;
const fieldsMax = 64;
const extrasMax = 32;
const valueLengthMax = 128;
