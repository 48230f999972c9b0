import { linesOf } from "./ipmi-sensor.ts";

export interface KeyValues {
  /** Key → value, blanks around both cut; the first of a repeated key counts. */
  readonly values: ReadonlyMap<string, string>;
  /** Lines without a colon, by the key above them: `Additional Device Support` lists so. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** Lines that are neither. */
  readonly skipped: number;
}

/**
 * `Key : value` lines, as ipmitool, FreeIPMI and IPMICFG print slow facts. A line with an empty key
 * goes on with the value above it; an indented one without a colon is an entry of the list above.
 */
export function keyValues(text: string): KeyValues {
  const values = new Map<string, string>();
  const lists = new Map<string, string[]>();
  let last: string | null = null;
  let skipped = 0;
  for (const line of linesOf(text)) {
    if (line.trim() === "") continue;
    const at = line.indexOf(":");
    if (at < 0) {
      const list = last === null || !/^\s/.test(line) ? undefined : listOf(lists, last);
      if (list === undefined) skipped += 1;
      else if (list.length < listMax) list.push(line.trim().slice(0, valueLengthMax));
      continue;
    }
    const key = line.slice(0, at).trim().slice(0, keyLengthMax);
    const value = line
      .slice(at + 1)
      .trim()
      .replace(/ {2,}/g, " ");
    if (key === "") {
      if (last === null) skipped += 1;
      else values.set(last, joined(values.get(last) ?? "", value));
      continue;
    }
    last = key;
    if (values.size < keysMax && !values.has(key)) values.set(key, value.slice(0, valueLengthMax));
  }
  return { values, lists, skipped };
}

/** A whole number of at most nine digits that is the whole value; null for anything else. */
export function wholeOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function joined(before: string, more: string): string {
  return `${before} ${more}`.replace(/ {2,}/g, " ").trim().slice(0, valueLengthMax);
}

function listOf(lists: Map<string, string[]>, key: string): string[] {
  const known = lists.get(key) ?? [];
  lists.set(key, known);
  return known;
}

const keysMax = 256;
const keyLengthMax = 64;
const valueLengthMax = 256;
const listMax = 64;
