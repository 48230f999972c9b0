/** Protobuf written by hand, for bytes that no encoder of ours would send. */
export type RawPart = readonly number[] | Uint8Array;

export function rawVarint(value: bigint | number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

export function rawNumber(field: number, value: bigint | number): number[] {
  return [...rawVarint(field * 8), ...rawVarint(value)];
}

/** A field with a length: a message, a text or bytes. */
export function rawBytes(field: number, ...parts: readonly (RawPart | string)[]): Uint8Array {
  const inside = joinRaw(...parts);
  return joinRaw(rawVarint(field * 8 + 2), rawVarint(inside.length), inside);
}

export function rawGroupStart(field: number): number[] {
  return rawVarint(field * 8 + 3);
}

export function rawGroupEnd(field: number): number[] {
  return rawVarint(field * 8 + 4);
}

export function joinRaw(...parts: readonly (RawPart | string)[]): Uint8Array {
  return Uint8Array.from(
    Buffer.concat(
      parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Uint8Array.from(part))),
    ),
  );
}

export function repeatRaw(part: RawPart, times: number): Uint8Array {
  const bytes = new Uint8Array(part.length * times);
  for (let index = 0; index < times; index += 1) bytes.set(part, index * part.length);
  return bytes;
}
