import type { Brand } from "#proto/vocabulary/brand.ts";
import { type CellId, parseCellId, parseUuid } from "#proto/vocabulary/ids.ts";
import type { MonotonicMs, UnixMs } from "#proto/vocabulary/units.ts";
import { wireIntegerMax, wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { cleanText, hasUnsafeCharacters, utf8Bytes } from "#proto/vocabulary/wire-text.ts";
import { refuse } from "./wire-error.ts";

/** What protobufjs gives for a field: the value, or nothing where the peer left it out. */
type Field<Value> = Value | null | undefined;

/** Least and most that a number may be; both ends included. */
interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** A whole number, by default 0 to 2^53 − 1. What is left out on the wire is 0. */
export function wholeNumber(field: Field<number>, where: string, bounds: Bounds = {}): number {
  const value = field ?? 0;
  const { min = 0, max = wireIntegerMax } = bounds;
  if (!(Number.isSafeInteger(value) && value >= min && value <= max)) {
    refuse("field-invalid", where, `${value} is not a whole number from ${min} to ${max}`);
  }
  return value;
}

export function optionalNumber(field: Field<number>, where: string): number | null {
  return field === null || field === undefined ? null : wholeNumber(field, where);
}

/** A time of day that a Date can hold. */
export function timeOfDay(field: Field<number>, where: string): UnixMs {
  const bounds = { min: -wireLimits.unixMsMax, max: wireLimits.unixMsMax };
  return wholeNumber(field, where, bounds) as UnixMs;
}

export function monotonicTime(field: Field<number>, where: string): MonotonicMs {
  return wholeNumber(field, where) as MonotonicMs;
}

/**
 * Text that code branches on: names, keys, tokens, versions. One with a control character, or with
 * any other that could steer a terminal, is refused. May be empty.
 */
export function plainText(field: Field<string>, where: string): string {
  const text = limitedText(field, where);
  if (hasUnsafeCharacters(text)) refuse("field-invalid", where, "it has control characters");
  return text;
}

export function requiredText(field: Field<string>, where: string): string {
  const text = plainText(field, where);
  if (text === "") refuse("field-missing", where, "it is empty");
  return text;
}

/**
 * Text for people, as firmware, kernel or a tool wrote it: every unsafe character becomes U+FFFD,
 * so that one odd serial number does not cost a host its state.
 */
export function factText(field: Field<string>, where: string): string {
  return cleanText(limitedText(field, where));
}

export function optionalFact(field: Field<string>, where: string): string | null {
  return field === null || field === undefined ? null : factText(field, where);
}

export function uuidText<Id extends Brand<string, string>>(
  field: Field<string>,
  where: string,
): Id {
  const parsed = parseUuid<Id>(requiredText(field, where));
  return parsed.ok ? parsed.value : refuse("field-invalid", where, "it is not a UUID");
}

export function cellName(field: Field<string>, where: string): CellId {
  const parsed = parseCellId(requiredText(field, where));
  return parsed.ok ? parsed.value : refuse("field-invalid", where, "it is not a cell's name");
}

/** Certificates in DER, each of a believable size. */
export function certificates(
  field: Field<readonly Uint8Array[]>,
  where: string,
): readonly Uint8Array[] {
  const chain = field ?? [];
  for (const der of chain) {
    if (der.length === 0 || der.length > wireLimits.certificateBytesMax) {
      refuse("field-invalid", where, `a certificate has ${der.length} bytes`);
    }
  }
  return chain;
}

export function requiredMessage<Message>(field: Field<Message>, where: string): Message {
  return field ?? refuse("field-missing", where, "it is not there");
}

function limitedText(field: Field<string>, where: string): string {
  const text = field ?? "";
  const bytesMax = wireLimits.stringBytesMax;
  if (text.length * 3 > bytesMax && utf8Bytes(text) > bytesMax) {
    refuse("limit-exceeded", where, `it is longer than ${bytesMax} bytes`);
  }
  return text;
}
