import { fc } from "#test/support/properties.ts";
import { packColumn } from "#proto/codec/columns.ts";
import { dictionaryDigest } from "#proto/codec/dictionary-digest.ts";
import type { Column, Gap, Report } from "#proto/messages/report.ts";
import type { Dictionary, Series } from "#proto/messages/series.ts";
import type { DictionaryDigest } from "#proto/vocabulary/ids.ts";
import type { MetricKind } from "#proto/vocabulary/metric-definition.ts";
import { type MetricName, metrics } from "#proto/vocabulary/metrics.ts";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";
import { attributes, timeOfDay, uint32, wholeNumber } from "./arbitrary-facts.ts";

/** Arbitrary dictionaries and reports, as a well-behaved agent sends them. */
const metricName = fc.constantFrom(...(Object.keys(metrics) as MetricName[]));

const series: fc.Arbitrary<Series> = fc.record({
  metric: metricName,
  attributes,
  exponent: fc.integer({ min: -24, max: 24 }),
  quantum: uint32.filter((quantum) => quantum > 0),
  cadenceMs: uint32.filter((cadence) => cadence > 0),
});

export const dictionary: fc.Arbitrary<Dictionary> = fc
  .uniqueArray(series, { selector: (entry) => JSON.stringify([entry.metric, entry.attributes]) })
  .map((list) => ({ digest: dictionaryDigest(list), series: list }));

const digest = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString("hex") as DictionaryDigest);

/** Values as hardware gives them, mostly small, now and then as large as the wire can say. */
export const columnValue = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -40, max: 200 }) },
  { weight: 3, arbitrary: fc.integer({ min: -(2 ** 31), max: 2 ** 33 }) },
  { weight: 1, arbitrary: fc.integer({ min: -(2 ** 45), max: 2 ** 45 }) },
);

/** One list of values and what of it was seen; at least one step is. */
export const columnPoints = (steps: number) =>
  fc.record({
    values: fc.array(columnValue, { minLength: steps, maxLength: steps }),
    seen: fc.oneof(
      fc.constant(Array.from({ length: steps }, () => true)),
      fc
        .array(fc.boolean(), { minLength: steps, maxLength: steps })
        .filter((list) => list.includes(true)),
    ),
    kind: fc.constantFrom<MetricKind>("counter", "gauge"),
  });

/** Bits of a bitmap, lowest first. */
export function bitmap(seen: readonly boolean[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(seen.length / 8));
  seen.forEach((isSeen, step) => {
    if (isSeen) bytes[step >> 3] = (bytes[step >> 3] ?? 0) | (1 << (step & 7));
  });
  return bytes;
}

const column = (steps: number): fc.Arbitrary<Omit<Column, "series">> =>
  columnPoints(steps).map(({ values, seen, kind }) => {
    const packed = packColumn({ values, present: bitmap(seen), kind });
    if (!packed.ok) throw new Error(`the points do not pack: ${packed.problem.kind}`);
    return packed.value;
  });

export const seqRange = fc
  .tuple(wholeNumber, wholeNumber)
  .map(([one, other]) => ({ first: Math.min(one, other) || 1, last: Math.max(one, other) || 1 }));

const gap: fc.Arbitrary<Gap> = fc
  .record({
    from: timeOfDay,
    length: fc.nat(1_000_000),
    reason: fc.constantFrom<Gap["reason"]>(
      "unspecified",
      "ring-full",
      "agent-restarted",
      "host-slept",
      "too-large",
    ),
    seqs: fc.option(seqRange, { nil: null }),
  })
  .map(({ from, length, reason, seqs }) => {
    const fromMs = unixMs(Math.min(from, 8_640_000_000_000_000 - length));
    return { fromMs, toMs: unixMs(fromMs + length), reason, seqs };
  });

export const report: fc.Arbitrary<Report> = fc.integer({ min: 1, max: 70 }).chain((steps) =>
  fc.record({
    seq: wholeNumber.map((seq) => seq || 1),
    dictionary: digest,
    startMs: timeOfDay.map((start) => unixMs(Math.min(start, 8_000_000_000_000_000))),
    startMonotonicMs: wholeNumber.map(monotonicMs),
    stepMs: fc.integer({ min: 1, max: 60_000 }),
    steps: fc.constant(steps),
    columns: fc
      .uniqueArray(fc.tuple(fc.nat(8_191), column(steps)), {
        selector: ([index]) => index,
        maxLength: 12,
      })
      .map((list) => list.map(([index, packed]) => ({ series: index, ...packed }))),
    gaps: fc.array(gap, { maxLength: 3 }),
  }),
);
