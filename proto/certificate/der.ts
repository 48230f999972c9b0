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
  const seconds = Math.floor(unixMs / 1000);
  const { year, month, day } = civilDate(Math.floor(seconds / 86_400));
  const ofDay = ((seconds % 86_400) + 86_400) % 86_400;
  const clock = [Math.floor(ofDay / 3600), Math.floor(ofDay / 60) % 60, ofDay % 60];
  const rest = `${[month, day, ...clock].map((part) => String(part).padStart(2, "0")).join("")}Z`;
  return year >= 1950 && year < 2050
    ? tagged(0x17, ascii(String(year % 100).padStart(2, "0") + rest))
    : tagged(0x18, ascii(String(year).padStart(4, "0") + rest));
}

/** Gregorian date of a day counted from 1970-01-01, by 400-year eras that begin in March. */
function civilDate(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
