import { toWireText } from "#proto/vocabulary/wire-text.ts";

/**
 * JSON as tools of many ages print it: what is read is checked field by field, and a wrong type is
 * as good as nothing. Whole numbers that no double holds exactly stay text.
 */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Reads a text as JSON; undefined where it is none. */
export function readJson(text: string): unknown {
  if (text.length > jsonCharactersMax) return undefined;
  try {
    return JSON.parse(text, keepBigNumbers as (key: string, value: unknown) => unknown);
  } catch {
    // Invalid, or nested deeper than the stack: either way there is nothing to read.
    return undefined;
  }
}

/** As readJson, without the lines of noise that known tools print before the first brace. */
export function readJsonAfterNoise(text: string): unknown {
  const whole = readJson(text);
  if (whole !== undefined) return whole;
  const start = text.slice(0, noiseCharactersMax).search(/^[ \t]*[{[]/m);
  return start <= 0 ? undefined : readJson(text.slice(start));
}

export function objectOf(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : nothing;
}

/** At most `max` entries. */
export function listOf(value: unknown, max: number): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, max) : [];
}

export function memberOf(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const step of path) {
    const holder = objectOf(found);
    found = Object.hasOwn(holder, step) ? holder[step] : undefined;
  }
  return found;
}

/** A number of the JSON that a double holds; null for anything else. */
export function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Text that may go on the wire, without what pads it; null where nothing is left. */
export function textOf(value: unknown): string | null {
  if (typeof value !== "string") return null;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: firmware pads with NULs
  const plain = toWireText(value.slice(0, 1_024).replace(/\u0000+/g, " "));
  const trimmed = plain.replace(/\s+/g, " ").trim();
  return trimmed === "" ? null : trimmed;
}

export function flagOf(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

/** A whole number as it stands in the text, where it is one that doubles round. */
function keepBigNumbers(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d{1,64}$/.test(source) ? source : value;
}

const nothing: JsonObject = {};
/** What a tool may print at most (live-tool.ts) is below this. */
const jsonCharactersMax = 8 * 1024 * 1024;
const noiseCharactersMax = 16 * 1024;
