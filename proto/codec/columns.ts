import type { Column } from "#proto/messages/report.ts";
import type { MetricKind } from "#proto/vocabulary/metric-definition.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { invariant } from "#proto/vocabulary/invariant.ts";
import { wireIntegerMax } from "#proto/vocabulary/wire-limits.ts";
import { isSeen, presentBytes } from "./present.ts";
import { type ByteCursor, readZigZag, writeZigZag } from "./varints.ts";

/** One series over the steps of a report, before it is packed. Integers in the series' scale. */
export interface ColumnPoints {
  /** One a step; counters: the increment since the point before. Ignored where not seen. */
  readonly values: ArrayLike<number>;
  /** One bit a step, lowest first; empty: every step was seen. */
  readonly present: Uint8Array;
  readonly kind: MetricKind;
}

/** A column that does not know its series yet: `{ series, ...packed }`. */
export type PackedColumn = Omit<Column, "series">;

export type PackProblem =
  /** No step was seen: such a column is left out of the report. */
  | { readonly kind: "no-points" }
  /** A value is not a whole number within ±(2^53 − 1). */
  | { readonly kind: "not-an-integer"; readonly step: number }
  /** Values so far apart that a difference, or the sum above the minimum, leaves 2^53 − 1. */
  | { readonly kind: "out-of-range" };

/** Points → the column as proto/schema/agent.proto says, with its summary. */
export function packColumn(points: ColumnPoints): Result<PackedColumn, PackProblem> {
  const { values, present, kind } = points;
  const steps = values.length;
  const isGauge = kind === "gauge";
  const isWhole = present.length === 0;
  if (scratch.length < steps * valueBytesMax) scratch = new Uint8Array(steps * valueBytesMax);
  const bytes = scratch;
  let count = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let last = 0;
  let at = 0;
  for (let step = 0; step < steps; step += 1) {
    if (!isWhole && !isSeen(present, step)) continue;
    const value = values[step];
    if (value === undefined || !Number.isSafeInteger(value)) {
      return fail({ kind: "not-an-integer", step });
    }
    at = writeZigZag(bytes, at, isGauge ? value - last : value);
    if (value < min) min = value;
    if (value > max) max = value;
    last = value;
    count += 1;
  }
  if (count === 0) return fail({ kind: "no-points" });
  if (max - min > wireIntegerMax) return fail({ kind: "out-of-range" });
  let sumAboveMin = 0;
  for (let step = 0; step < steps; step += 1) {
    // The pass above has checked each value.
    if (isWhole || isSeen(present, step)) sumAboveMin += (values[step] ?? 0) - min;
  }
  if (sumAboveMin > wireIntegerMax) return fail({ kind: "out-of-range" });
  // + 0 turns a negative zero into zero.
  return ok({
    values: copyOf(bytes, at),
    present: presentBytes(present, steps, count),
    summary: { count, min: min + 0, max: max + 0, last: last + 0, sum: min * count + sumAboveMin },
  });
}

/** `slice`, which for so few bytes costs more to call than to do. */
function copyOf(bytes: Uint8Array, length: number): Uint8Array {
  const copy = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) copy[at] = bytes[at] ?? 0;
  return copy;
}

/** A difference of two numbers of 53 bits and their signs: 55 bits, seven in each byte. */
const valueBytesMax = 8;
/** One for all columns: what is packed is copied out of it. */
let scratch: Uint8Array<ArrayBuffer> = new Uint8Array(60 * valueBytesMax);

/**
 * A column that was verified when it was decoded → one number a step, NaN where not seen. Writes
 * into `into` (at least `steps` long) when it is given. Throws InvariantError on bytes that are no
 * column of so many steps.
 */
export function unpackColumn(
  column: Pick<Column, "values" | "present">,
  steps: number,
  kind: MetricKind,
  into: Float64Array = new Float64Array(steps),
): Float64Array {
  const { values, present } = column;
  const cursor: ByteCursor = { bytes: values, at: 0 };
  const isGauge = kind === "gauge";
  let before = 0;
  for (let step = 0; step < steps; step += 1) {
    if (!isSeen(present, step)) {
      into[step] = Number.NaN;
      continue;
    }
    const byte = values[cursor.at];
    let value: number;
    if (byte !== undefined && byte < 128) {
      value = (byte >>> 1) ^ -(byte & 1);
      cursor.at += 1;
    } else {
      value = readZigZag(cursor);
      invariant(!Number.isNaN(value), "a column was unpacked that had not been verified");
    }
    value += before;
    if (isGauge) before = value;
    into[step] = value;
  }
  invariant(cursor.at === values.length, "a column has more values than its steps");
  return into;
}
