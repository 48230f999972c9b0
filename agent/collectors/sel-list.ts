import type { SelEntry } from "#proto/messages/state.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import { unixMsOfUtc } from "#proto/vocabulary/utc-time.ts";
import { linesOf } from "./ipmi-sensor.ts";

export interface SelList {
  /** In the order of the log, which is not always that of time. */
  readonly entries: readonly SelEntry[];
  /** Lines that are no entry, and entries above `selEntriesMax`: the oldest of those are dropped. */
  readonly skipped: number;
}

/**
 * The BMC's event log: `ipmitool sel list`, `sel elist`, both with `-c`, and FreeIPMI's `ipmi-sel`.
 * ipmitool's ids are hexadecimal without 0x, FreeIPMI's decimal. *Pre-Init* and *PostInit* stand
 * where the BMC had no clock yet: such an entry has no time. Times are taken as UTC, in which the
 * agent runs its tools; a zone other than UTC gives no time rather than a wrong one.
 */
export function parseSelList(text: string): SelList {
  const lines = linesOf(text);
  const isFreeIpmi = lines.some((line) => /^\s*(?:Record )?ID\s*\|\s*Date\s*\|/i.test(line));
  const entries: SelEntry[] = [];
  let skipped = 0;
  for (const line of lines) {
    if (line.trim() === "" || /^\s*(?:Record )?ID\s*\|/i.test(line)) continue;
    const separator = line.includes("|") ? "|" : ",";
    const columns = line.split(separator).map((column) => column.trim().slice(0, textLengthMax));
    const entry = isFreeIpmi ? freeIpmiEntry(columns) : ipmitoolEntry(columns, separator);
    if (entry === null) skipped += 1;
    else entries.push(entry);
  }
  const kept = entries.slice(-selEntriesMax);
  return { entries: kept, skipped: skipped + entries.length - kept.length };
}

/** `1,10/26/2014,20:17:30,Power Supply #0x51,Power Supply AC lost,Asserted`. */
function ipmitoolEntry(columns: readonly string[], separator: string): SelEntry | null {
  const [record = "", date = "", time = "", sensor = "", ...rest] = columns;
  if (!/^[0-9a-f]{1,4}$/i.test(record)) return null;
  const id = Number.parseInt(record, 16);
  // An OEM record: `2 | OEM record df | 000137 | 0100…`; with a time of its own from c0h to dfh.
  if (/^oem record/i.test(date))
    return { id, atMs: null, sensor: date, event: columns.slice(2).join(" "), asserted: true };
  const isBeforeClock = /^(?:pre-?init|post-?init)/i.test(date);
  const atMs = isBeforeClock ? null : parseSelTime(date, time);
  if (!isBeforeClock && !dateForm.test(date)) return null;
  const direction = rest.findIndex((column) => /^(?:de)?asserted$/i.test(column));
  const words = direction < 0 ? rest : rest.slice(0, direction);
  const event = words.join(separator === "," ? ", " : " | ");
  if (sensor === "" && event === "") return null;
  const asserted = direction < 0 || !/^deasserted$/i.test(rest[direction] ?? "");
  return { id, atMs, sensor, event, asserted };
}

/** `494  | Jul-09-2023 | 13:56:23 | Name | Type | State | Event`; without state where it is off. */
function freeIpmiEntry(columns: readonly string[]): SelEntry | null {
  const [record = "", date = "", time = "", sensor = "", , ...rest] = columns;
  if (!/^\d{1,5}$/.test(record) || columns.length < 6) return null;
  const isBeforeClock = /^(?:pre-?init|post-?init)/i.test(date);
  if (!isBeforeClock && !dateForm.test(date)) return null;
  const event = rest.at(-1) ?? "";
  return {
    id: Number(record),
    atMs: isBeforeClock ? null : parseSelTime(date, time),
    sensor,
    event,
    // "; Deassertion Event" stands behind those that ended.
    asserted: !/deassert/i.test(event),
  };
}

/**
 * A time of the BMC's clock: `10/26/2014` or `10/26/14` or `2014-10-26` or `Jul-09-2023`, and
 * `20:17:30` with *UTC* or nothing behind it. null: not such a time, or before 2000 (a clock that
 * was never set counts from 1970).
 */
export function parseSelTime(date: string, time: string): UnixMs | null {
  const [, hours, minutes, seconds, zone = ""] = timeForm.exec(time) ?? [];
  if (hours === undefined || !/^(?:UTC|GMT)?$/.test(zone)) return null;
  const day = parseDay(date);
  if (day === null) return null;
  const [year, month, ofMonth] = day;
  if (year < clockSetYearMin || year > clockSetYearMax) return null;
  const at = unixMsOfUtc({
    year,
    month,
    day: ofMonth,
    hour: Number(hours),
    minute: Number(minutes),
    second: Number(seconds),
  });
  return at === null ? null : unixMs(at);
}

function parseDay(date: string): readonly [year: number, month: number, day: number] | null {
  const slashes = /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})$/.exec(date);
  if (slashes !== null) {
    const year = Number(slashes[3]);
    return [year < 100 ? 2000 + year : year, Number(slashes[1]), Number(slashes[2])];
  }
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (iso !== null) return [Number(iso[1]), Number(iso[2]), Number(iso[3])];
  const named = /^([A-Za-z]{3})-(\d{1,2})-(\d{4})$/.exec(date);
  const month = months.indexOf((named?.[1] ?? "").toLowerCase());
  return named === null || month < 0 ? null : [Number(named[3]), month + 1, Number(named[2])];
}

/** A log holds a few thousand entries at most; more is not a log. */
export const selEntriesMax = 8_192;
const textLengthMax = 160;
const clockSetYearMin = 2000;
const clockSetYearMax = 2099;
const timeForm = /^(\d{1,2}):(\d{2}):(\d{2})(?: ([A-Z]{1,5}))?$/;
const dateForm = /^(?:\d{1,2}\/\d{1,2}\/\d{2,4}|\d{4}-\d{2}-\d{2}|[A-Za-z]{3}-\d{1,2}-\d{4})$/;
const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
