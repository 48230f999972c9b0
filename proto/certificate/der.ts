import { utcTime } from "#proto/vocabulary/utc-time.ts";

/**
 * DER (ITU-T X.690), the few types that a certificate is made of. Only writing: what peers send is
 * read by OpenSSL.
 */
export const der = {
  sequence: (...items: readonly Uint8Array[]): Uint8Array => tagged(0x30, ...items),
  set: (...items: readonly Uint8Array[]): Uint8Array => tagged(0x31, ...items),
  /** A non-negative number, big endian. */
  integer: (bytes: Uint8Array): Uint8Array => tagged(0x02, unsigned(bytes)),
  boolean: (value: boolean): Uint8Array => tagged(0x01, Uint8Array.of(value ? 0xff : 0)),
  octetString: (bytes: Uint8Array): Uint8Array => tagged(0x04, bytes),
  /** Bits from the highest of the first byte; `unused` of the last byte's lowest do not count. */
  bitString: (bytes: Uint8Array, unused = 0): Uint8Array =>
    tagged(0x03, Uint8Array.of(unused), bytes),
  utf8: (text: string): Uint8Array => tagged(0x0c, ascii(text)),
  objectIdentifier,
  time,
  /** `[n]` around a whole value. */
  explicit: (number: number, value: Uint8Array): Uint8Array => tagged(0xa0 + number, value),
  /** `[n]` in place of a simple value's own tag. */
  implicit: (number: number, content: Uint8Array): Uint8Array => tagged(0x80 + number, content),
  ascii,
};

function tagged(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.of(tag), length(content.length), content]);
}

function length(count: number): Uint8Array {
  if (count < 0x80) return Uint8Array.of(count);
  const digits: number[] = [];
  for (let rest = count; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Uint8Array.of(0x80 + digits.length, ...digits);
}

/** No leading zeros but the one that keeps a number positive. */
function unsigned(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  if (first === -1) return Uint8Array.of(0);
  const digits = bytes.subarray(first);
  return (digits[0] ?? 0) < 0x80 ? digits : Uint8Array.of(0, ...digits);
}

function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return tagged(0x06, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

function base128(number: number): number[] {
  const digits = [number % 128];
  for (let rest = Math.floor(number / 128); rest > 0; rest = Math.floor(rest / 128))
    digits.unshift(128 + (rest % 128));
  return digits;
}

/** Whole seconds UTC. RFC 5280 4.1.2.5: two digits for the year through 2049, four from 2050. */
function time(unixMs: number): Uint8Array {
  const { year, month, day, hour, minute, second } = utcTime(unixMs);
  const parts = [month, day, hour, minute, second];
  const rest = `${parts.map((part) => String(part).padStart(2, "0")).join("")}Z`;
  return year >= 1950 && year < 2050
    ? tagged(0x17, ascii(String(year % 100).padStart(2, "0") + rest))
    : tagged(0x18, ascii(String(year).padStart(4, "0") + rest));
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
