import type { Summary } from "#proto/messages/report.ts";
import type { MetricKind } from "#proto/vocabulary/metric-definition.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { wireIntegerMax } from "#proto/vocabulary/wire-limits.ts";
import { countSeen } from "./present.ts";
import { type ByteCursor, readVarint, readZigZag, writeVarint, writeZigZag } from "./varints.ts";

/** A column's three byte strings, as they came. */
export interface ColumnBytes {
  readonly values: Uint8Array;
  readonly present: Uint8Array;
  readonly summary: Uint8Array;
}

/**
 * Reads every value of a column once, building nothing, and holds it against count, bounds and sum
 * of its summary. `kind` null: the dictionary is not at hand, so either reading may fit. The problem
 * is a short text for the log.
 */
export function verifyColumn(
  column: ColumnBytes,
  steps: number,
  kind: MetricKind | null,
): Result<Summary, string> {
  const claim = readSummary(column.summary);
  if (claim === null) return fail("the summary is not five numbers in range");
  if (claim.count !== countSeen(column.present, steps)) {
    return fail(`the bitmap does not mark ${claim.count} of ${steps} steps`);
  }
  const agrees =
    kind === null
      ? isTrue(claim, column.values, "gauge") || isTrue(claim, column.values, "counter")
      : isTrue(claim, column.values, kind);
  return agrees ? ok(toSummary(claim)) : fail("the values are not what the summary says");
}

/** The summary's wire form. `values` are the column's own, for sums beyond 2^53. */
export function encodeSummary(summary: Summary, values: Uint8Array): Uint8Array {
  const end = writeSummary(scratch, 0, summary, values);
  return scratch.slice(0, end);
}

/** Writes the summary's wire form and gives the place after it; at most `summaryBytesMax` bytes. */
export function writeSummary(
  bytes: Uint8Array,
  start: number,
  summary: Summary,
  values: Uint8Array,
): number {
  const { count, min, max, last } = summary;
  let at = writeVarint(bytes, start, count);
  at = writeZigZag(bytes, at, min);
  at = writeVarint(bytes, at, max - min);
  at = writeVarint(bytes, at, last - min);
  return writeZigZag(bytes, at, findSumAboveMin(summary, values));
}

/** Five numbers of up to eight bytes. */
export const summaryBytesMax = 40;
const scratch = new Uint8Array(summaryBytesMax);

/** What the summary bytes say. The sum is kept relative to the minimum, where it is exact. */
interface Claim {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly last: number;
  readonly sumAboveMin: number;
}

function readSummary(bytes: Uint8Array): Claim | null {
  const cursor: ByteCursor = { bytes, at: 0 };
  const count = readVarint(cursor);
  const min = readZigZag(cursor);
  const max = min + readVarint(cursor);
  const last = min + readVarint(cursor);
  const sumAboveMin = readZigZag(cursor);
  // NaN from any of them fails a comparison here.
  const isWhole =
    count >= 1 &&
    min <= last &&
    last <= max &&
    max <= wireIntegerMax &&
    sumAboveMin >= 0 &&
    cursor.at === bytes.length;
  return isWhole ? { count, min, max, last, sumAboveMin } : null;
}

function toSummary(claim: Claim): Summary {
  const { count, min, max, last, sumAboveMin } = claim;
  return { count, min, max, last, sum: min * count + sumAboveMin };
}

function isTrue(claim: Claim, values: Uint8Array, kind: MetricKind): boolean {
  const { count, min, max } = claim;
  const end = values.length;
  const carry = kind === "gauge" ? 1 : 0;
  const cursor: ByteCursor = { bytes: values, at: 0 };
  let at = 0;
  let seen = 0;
  let value = 0;
  let smallest = max;
  let largest = min;
  let sumAboveMin = 0;
  while (at < end) {
    const byte = values[at] ?? 0;
    let difference: number;
    if (byte < 128) {
      difference = (byte >>> 1) ^ -(byte & 1);
      at += 1;
    } else {
      cursor.at = at;
      difference = readZigZag(cursor);
      at = cursor.at;
    }
    value = value * carry + difference;
    // Written so that NaN leaves the loop too.
    if (!(value >= min && value <= max)) return false;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
    sumAboveMin += value - min;
    seen += 1;
  }
  return (
    seen === count &&
    smallest === min &&
    largest === max &&
    value === claim.last &&
    sumAboveMin === claim.sumAboveMin
  );
}

/**
 * A sum beyond 2^53 was rounded, and so was what is above the minimum: then the values themselves
 * are added up again, in the reading whose bounds are the summary's.
 */
function findSumAboveMin(summary: Summary, values: Uint8Array): number {
  const { count, min, sum } = summary;
  const floor = min * count;
  if (Number.isSafeInteger(floor) && Number.isSafeInteger(sum)) return sum - floor;
  const asGauge = addUp(summary, values, "gauge");
  return asGauge >= 0 ? asGauge : Math.max(0, addUp(summary, values, "counter"));
}

/** Sum of (value − min); −1 when the values, read as this kind, are not those of the summary. */
function addUp(summary: Summary, values: Uint8Array, kind: MetricKind): number {
  const cursor: ByteCursor = { bytes: values, at: 0 };
  let value = 0;
  let sumAboveMin = 0;
  while (cursor.at < values.length) {
    const number = readZigZag(cursor);
    value = kind === "gauge" ? value + number : number;
    if (!(value >= summary.min && value <= summary.max)) return -1;
    sumAboveMin += value - summary.min;
  }
  return value === summary.last ? sumAboveMin : -1;
}
