import type { Brand } from "./brand.ts";

/** Time of day by somebody's clock, milliseconds since 1970-01-01T00:00:00Z. */
export type UnixMs = Brand<number, "UnixMs">;
/** Milliseconds since an arbitrary start; never goes back; says nothing across a reboot. */
export type MonotonicMs = Brand<number, "MonotonicMs">;
/** A length of time. */
export type Milliseconds = Brand<number, "Milliseconds">;
export type Milliwatts = Brand<number, "Milliwatts">;
export type Microjoules = Brand<number, "Microjoules">;
/** Thousandths of a degree Celsius. */
export type Millidegrees = Brand<number, "Millidegrees">;
export type Millivolts = Brand<number, "Millivolts">;
export type Rpm = Brand<number, "Rpm">;
export type Bytes = Brand<number, "Bytes">;
/** A share, 0 to 1. */
export type Fraction = Brand<number, "Fraction">;

export const unixMs = (value: number): UnixMs => value as UnixMs;
export const monotonicMs = (value: number): MonotonicMs => value as MonotonicMs;
export const milliseconds = (value: number): Milliseconds => value as Milliseconds;
