import { isPlaceholder } from "#proto/vocabulary/placeholder.ts";
import type { Notes } from "./notes.ts";
import type { PartState } from "./redfish-facts.ts";

export type Json = Readonly<Record<string, unknown>>;

export const textLengthMax = 256;

/** Not counted as there: what they measure or judge means nothing. */
const awayStates: ReadonlySet<string> = new Set([
  "absent",
  "disabled",
  "unavailableoffline",
  "standbyoffline",
  "deferring",
]);

/** Placeholders of this field beyond those of serials and tags. */
const redfishPlaceholders: ReadonlySet<string> = new Set(["nil", "free form asset tag", "no fru"]);

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * One resource, or one entry of an array in it, read leniently: a field of the wrong type is null
 * with a note, or is understood with a note where it can only mean one thing ("97" for 97).
 */
export class Resource {
  readonly path: string;
  readonly json: Json;
  readonly notes: Notes;

  constructor(path: string, json: Json, notes: Notes) {
    this.path = path;
    this.json = json;
    this.notes = notes;
  }

  /** Trimmed, without control characters; null where there is none. */
  text(key: string): string | null {
    const value = this.json[key];
    if (value === undefined || value === null) return null;
    if (typeof value === "string") return cleanText(value);
    if (typeof value === "number") {
      this.#wrongType(key, "a number where text is meant");
      return String(value);
    }
    this.#wrongType(key, `${kindOf(value)} where text is meant`);
    return null;
  }

  /** Text that names one thing: a placeholder is nobody's name. */
  label(key: string): string | null {
    const text = this.text(key);
    if (text === null) return null;
    if (!isPlaceholder(text) && !redfishPlaceholders.has(text.toLowerCase())) return text;
    this.notes.add(this.path, "placeholder", `${key} is "${text}"`);
    return null;
  }

  number(key: string): number | null {
    const value = this.json[key];
    if (value === undefined || value === null) return null;
    if (typeof value === "number") return Number.isFinite(value) ? value : null;
    if (typeof value === "string" && /^\s*-?\d{1,15}(?:\.\d{1,12})?\s*$/.test(value)) {
      this.#wrongType(key, `"${value.trim()}" is text where a number is meant`);
      return Number(value);
    }
    const shown = typeof value === "string" ? `"${value.slice(0, 40)}"` : kindOf(value);
    this.#wrongType(key, `${shown} where a number is meant`);
    return null;
  }

  /** A number within what can be; outside of it null, with the figure in the note. */
  plausible(key: string, min: number, max: number): number | null {
    const value = this.number(key);
    if (value === null || (value >= min && value <= max)) return value;
    this.notes.add(this.path, "implausible", `${key} is ${value}, not within ${min} to ${max}`);
    return null;
  }

  boolean(key: string): boolean | null {
    const value = this.json[key];
    if (typeof value === "boolean") return value;
    if (value === undefined || value === null) return null;
    if (value === "true" || value === "false") {
      this.#wrongType(key, `"${value}" is text where true or false is meant`);
      return value === "true";
    }
    this.#wrongType(key, `${kindOf(value)} where true or false is meant`);
    return null;
  }

  child(key: string): Resource | null {
    const value = this.json[key];
    if (isObject(value)) return new Resource(this.path, value, this.notes);
    if (value !== undefined && value !== null && typeof value !== "number")
      this.#wrongType(key, `${kindOf(value)} where an object is meant`);
    return null;
  }

  /** `{ "Reading": 180.0 }`, or the bare number that older services give. */
  reading(key: string): number | null {
    const value = this.json[key];
    return isObject(value)
      ? new Resource(this.path, value, this.notes).number("Reading")
      : this.number(key);
  }

  /** The objects of an array; a null array is an empty one. */
  entries(key: string, countMax: number): readonly Resource[] {
    const value = this.json[key];
    if (value === undefined || value === null) return [];
    const list = Array.isArray(value) ? value : isObject(value) ? [value] : [];
    if (!Array.isArray(value)) this.#wrongType(key, `${kindOf(value)} where an array is meant`);
    if (list.length > countMax)
      this.notes.add(this.path, "left-out", `${list.length - countMax} more of ${key}`);
    return list.slice(0, countMax).flatMap((entry: unknown, index) => {
      if (!isObject(entry)) return [];
      const id = entry["@odata.id"];
      const path = typeof id === "string" ? id.slice(0, 512) : `${this.path}#/${key}/${index}`;
      return [new Resource(path, entry, this.notes)];
    });
  }

  texts(key: string, countMax: number): readonly string[] {
    const value = this.json[key];
    if (!Array.isArray(value)) return [];
    return value.slice(0, countMax).flatMap((entry: unknown) => {
      const text = typeof entry === "string" ? cleanText(entry) : null;
      return text === null ? [] : [text];
    });
  }

  /** Where a link leads. */
  link(key: string): string | null {
    const value = this.json[key];
    const id = isObject(value) ? value["@odata.id"] : undefined;
    return typeof id === "string" ? id : null;
  }

  links(key: string, countMax: number): readonly string[] {
    const value = this.json[key];
    const list: readonly unknown[] = Array.isArray(value) ? value : isObject(value) ? [value] : [];
    return list.slice(0, countMax).flatMap((entry) => {
      const id = isObject(entry) ? entry["@odata.id"] : undefined;
      return typeof id === "string" ? [id] : [];
    });
  }

  /** Away parts have no health: Absent with Critical is an empty bay. */
  partState(): PartState {
    const status = this.child("Status");
    const state = status?.text("State") ?? null;
    const health = status?.text("Health") ?? null;
    if (state?.toLowerCase() !== "absent") return { state, health };
    if (health !== null && health !== "OK")
      this.notes.add(this.path, "absent-yet-judged", `State is Absent, yet Health ${health}`);
    return { state, health: null };
  }

  /** Absent, disabled or off: its readings mean nothing. */
  isAway(): boolean {
    const state = this.child("Status")?.text("State") ?? null;
    return state !== null && awayStates.has(state.toLowerCase());
  }

  #wrongType(key: string, what: string): void {
    this.notes.add(this.path, "wrong-type", `${key}: ${what}`);
  }
}

export function cleanText(text: string): string | null {
  const clean = text
    .slice(0, textLengthMax * 4)
    .replace(/[\p{Cc}\p{Cf}\ufffd]+/gu, " ")
    .trim()
    .slice(0, textLengthMax);
  return clean === "" ? null : clean;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (value === null) return "null";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
